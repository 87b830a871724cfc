"""Clew beside Hugging Face transformers on the same synthetic checkpoint, taking turns, so that a busy machine disturbs
both alike. Each peer is one process that stays; every task is timed in turn, several rounds, and the best time of each
counts. Ratios below 1 mean that Clew takes less. Peak memory is the system's own count, after all tasks. The start is a
command of its own: from its call to its end, one LRP explanation of five tokens.

    ./build package -pl bench -am
    python3 bench/peers/explain.py --java JAVA --classpath "bench/target/modules/*" [--shape llama-1b --dtype bf16]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from gemm import HERE, Peer

TASKS = [("lrp", 64), ("ig", 64, 50), ("targets", 64, 32), ("prefill", 64), ("decode", 64, 32), ("lrp", 256)]
SLOW = {"ig", "targets"}                                          # measured in fewer rounds


def clew_command(args, main, *more):
    return [args.java, "--add-modules", "jdk.incubator.vector", "-XX:MaxRAMPercentage=70", *args.jvm, "-cp", args.classpath,
            main, *map(str, more)]


def start(command, text):
    begin = time.perf_counter()
    subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def line(name, ours, theirs, unit, scale):
    print(f"| {name} | {ours * scale:.4g} {unit} | {theirs * scale:.4g} {unit} | {ours / theirs:.2f} |", flush=True)


def measure(args, model, threads):
    torch = [sys.executable, str(HERE / "torch_explain.py"), model, str(threads)]
    peers = {"clew": Peer(clew_command(args, "clew.bench.ModelServer", model, threads)), "torch": Peer(torch)}
    print(f"\n| {args.shape} {args.dtype} T{threads} | Clew | transformers f32 | ratio |\n|---|---|---|---|")
    for task in TASKS:
        if task[0] in args.skip:
            continue
        best = {peer: float("inf") for peer in peers}
        for _ in range(min(2, args.rounds) if task[0] in SLOW else args.rounds):
            for peer in peers:
                best[peer] = min(best[peer], peers[peer].time(*task))
        line(" ".join(map(str, task)), best["clew"], best["torch"], "ms", 1e3)
    peaks = {peer: peers[peer].time("peak") for peer in peers}
    line("peak memory", peaks["clew"], peaks["torch"], "MB", 1e-6)
    for peer in peers.values():
        peer.close()
    if args.launcher:
        explain = [args.launcher, "explain", "--model", model, "--threads", str(threads), "--ids", "1,2,3,4,5"]
        ours = min(start(explain, "") for _ in range(args.rounds))
        theirs = min(start(torch, "lrp 5\n") for _ in range(min(2, args.rounds)))
        line("start", ours, theirs, "s", 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", default="java")
    parser.add_argument("--classpath", required=True)
    parser.add_argument("--jvm", nargs="*", default=[])
    parser.add_argument("--launcher", default=str(HERE.parent.parent / "clew"), help="'' leaves the start out")
    parser.add_argument("--shape", choices=["gpt2-small", "llama-1b"], default="gpt2-small")
    parser.add_argument("--dtype", choices=["f32", "bf16", "f16"], default="f32", help="of the checkpoint")
    parser.add_argument("--model", help="a model directory to use, or to write the checkpoint to; kept")
    parser.add_argument("--threads", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--skip", nargs="*", default=[], help="tasks to leave out")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = args.model or os.path.join(folder, "model")
        if not pathlib.Path(model, "config.json").exists():
            subprocess.run(clew_command(args, "clew.bench.SyntheticModel", args.shape, args.dtype, model), check=True)
        for threads in args.threads:
            measure(args, model, threads)


if __name__ == "__main__":
    main()
