"""Prompts read and tokens generated: Clew beside PyTorch, llama.cpp, llama3.java and Jlama, whichever it finds, on the
same synthetic checkpoint, taking turns, so that a busy machine disturbs all alike; the best time of each counts.

A peer is one process that stays, or one a turn where it cannot (llama-bench, llama3.java). Ratios are Clew's tokens a
second divided by the peer's. llama.cpp is found as `llama-bench` on the PATH or by --llama-bench, or as its library by
--libllama, which then stays; llama3.java by LLAMA3_JAVA or --llama3-java, a jar or source; Jlama by --jlama, a class
path. GGUF files are written beside the checkpoints when they are first needed and want the Python package `gguf`. Clew
quantises the matrices of the blocks, GGUF the embedding too, which is the head.

    ./build package -pl bench -am
    python3 bench/peers/generation.py gpt2-small
    python3 bench/peers/generation.py llama-1b --threads 2 --peers llama.cpp
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from gemm import HERE, JAVA, MODULES, Peer
from rows import CHECKPOINTS, checkpoint, clew, torch

GGUF = ("f32", "bf16", "q8_0", "q4_0")
PROMPT, NEW = 64, {"gpt2-small": 32, "llama-1b": 8}
ROUNDS = {"gpt2-small": 8, "llama-1b": 3}


@dataclasses.dataclass(frozen=True)
class Test:
    """A format of Clew's weights beside a peer's, and the ratios of prefill and decode to reach, if there are any."""
    ours: str
    peer: str
    theirs: str
    prefill: float = None
    decode: float = None


TESTS = {
    "gpt2-small": [
        Test("f32", "PyTorch", "f32"), Test("bf16", "PyTorch", "bf16", decode=2),
        Test("f32", "llama.cpp", "f32", prefill=2.0), Test("bf16", "llama.cpp", "bf16", prefill=1.05, decode=0.95),
        Test("int8", "llama.cpp", "q8_0", decode=1.1), Test("nf4", "llama.cpp", "q4_0", decode=0.8),
        Test("f32", "Jlama", "f32")],
    "llama-1b": [
        Test("bf16", "PyTorch", "bf16", decode=2), Test("bf16", "llama.cpp", "bf16", decode=0.95),
        Test("int8", "llama.cpp", "q8_0", prefill=1.3, decode=1.1), Test("nf4", "llama.cpp", "q4_0", decode=0.8),
        Test("int8", "llama3.java", "q8_0"), Test("nf4", "llama3.java", "q4_0"),
        Test("bf16", "Jlama", "bf16")],
}


class EachTurn:
    """A peer that is started for every task: `run` answers with the seconds of prefill or of one new token."""
    def __init__(self, run):
        self.run = run

    def time(self, task):
        return self.run(*task.split())

    def close(self):
        pass


def text_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stderr[-2000:]}")
    return done.stdout + done.stderr


def quietly(command):
    """A peer that stays and whose chatter nobody reads."""
    return Peer(["sh", "-c", 'exec "$@" 2>/dev/null', "sh", *map(str, command)])


def gguf(args, shape, kind):
    file = CHECKPOINTS / f"{shape}-{kind}.gguf"
    if not file.exists():
        # From the widest checkpoint there is, so that nothing is rounded twice.
        source = checkpoint(args, "gpt2-small" if shape == "gpt2-small" else "llama-1b-bf16")
        part = file.with_suffix(".part")
        subprocess.run([sys.executable, str(HERE / "to_gguf.py"), source, kind, str(part)], check=True)
        part.rename(file)
    return str(file)


def own(args, shape, kind, threads):
    plain = kind in ("f32", "bf16")
    model = checkpoint(args, shape if kind == "f32" else shape + "-bf16")
    return Peer(clew(args, "clew.bench.ModelServer", model, threads, *([] if plain else [kind])))


def pytorch(args, shape, kind, threads):
    model = checkpoint(args, shape if kind == "f32" and shape == "gpt2-small" else shape + "-bf16")
    return Peer(torch(model, threads, kind, "sdpa"))


def llama_cpp(args, shape, kind, threads):
    file = gguf(args, shape, kind)
    if args.libllama:
        return quietly([sys.executable, HERE / "llama_cpp.py", args.libllama, file, threads])

    def run(task, prompt, new="0"):
        how = ["-p", prompt, "-n", "0"] if task == "prefill" else ["-p", "0", "-n", new, "-d", prompt]
        command = [args.llama_bench, "-m", file, "-t", str(threads), "-r", "1", "-o", "json", *how]
        speed = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE,
                                          stderr=subprocess.DEVNULL).stdout)[0]["avg_ts"]
        return (int(prompt) if task == "prefill" else 1) / speed

    return EachTurn(run)


def llama3_java(args, shape, kind, threads):
    """Its command line says the speeds itself; a letter is a token of the file's tokenizer, the chat's frame more."""
    file, place = gguf(args, shape, kind), args.llama3_java
    program = ["-jar", place] if place.endswith(".jar") else [place]
    workers = f"-Djava.util.concurrent.ForkJoinPool.common.parallelism={threads - 1}"

    def run(task, prompt, new="8"):
        said = text_of([args.java, "--add-modules", "jdk.incubator.vector", workers, *program, "--model", file,
                        "--instruct", "--temperature", "0", "--max-tokens", str(int(prompt) + int(new)),
                        "--prompt", "a" * (int(prompt) - 24), "--stream", "false"])
        word = "prompt" if task == "prefill" else "generation"
        # Versions that read a prompt as they generate say one speed for both.
        speed = re.search(word + r": ([\d.]+) tokens/s", said) or re.search(r"([\d.]+) tokens/s", said)
        return (int(prompt) if task == "prefill" else 1) / float(speed[1])

    return EachTurn(run)


def jlama(args, shape, _, threads):
    """Jlama reads the checkpoint itself, beside a tokenizer, which it opens though nothing is tokenised here, and
    computes in f32."""
    model = pathlib.Path(checkpoint(args, shape if shape == "gpt2-small" else shape + "-bf16"))
    place = model.with_name(model.name + "-jlama")
    place.mkdir(exist_ok=True)
    for file in model.glob("*.*"):
        if not (place / file.name).exists():
            (place / file.name).symlink_to(file)
    tokenizer = {"added_tokens": [], "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}
    (place / "tokenizer.json").write_text(json.dumps(tokenizer))
    return quietly([args.java, "--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector",
                    "-XX:MaxRAMPercentage=70", "-cp", args.jlama, HERE / "JlamaServer.java", place, threads])


PEERS = {"PyTorch": pytorch, "llama.cpp": llama_cpp, "llama3.java": llama3_java, "Jlama": jlama}


def missing(args):
    """Why each of the peers that cannot run cannot."""
    why = {}
    if not args.llama_bench and not args.libllama:
        why["llama.cpp"] = "no llama-bench on the PATH, neither --llama-bench nor --libllama"
    if not args.llama3_java:
        why["llama3.java"] = "neither LLAMA3_JAVA nor --llama3-java says where it lies"
    if not args.jlama:
        why["Jlama"] = "no --jlama with its class path"
    return why


def warm(peer, tasks, seconds):
    """What a process does once, compiling above all, is over before it is timed."""
    begin = time.perf_counter()
    while isinstance(peer, Peer) and time.perf_counter() - begin < seconds:
        for task in tasks:
            peer.time(task)


def measure(args, shape, threads, tests):
    tasks = (f"prefill {PROMPT}", f"decode {PROMPT} {NEW[shape]}")
    wanted = dict.fromkeys([turn for test in tests for turn in (("Clew", test.ours), (test.peer, test.theirs))])
    peers = {(name, kind): {"Clew": own, **PEERS}[name](args, shape, kind, threads) for name, kind in wanted}
    for peer in peers.values():
        warm(peer, tasks, args.warm_up)
    best = {}
    for _ in range(args.rounds or ROUNDS[shape]):
        for task in tasks:
            for name, peer in peers.items():
                best[name, task] = min(best.get((name, task), float("inf")), peer.time(task))
    for peer in peers.values():
        peer.close()
    for task, count in zip(tasks, (PROMPT, 1)):
        for test in tests:
            ours, theirs = count / best[("Clew", test.ours), task], count / best[(test.peer, test.theirs), task]
            target = getattr(test, task.split()[0])
            met = "– | –" if target is None else f"≥ {target:g} | " + ("met" if ours / theirs >= target else "missed")
            print(f"| T{threads} {task} | {test.ours}: {ours:.1f} | {test.peer} {test.theirs}: {theirs:.1f} | "
                  f"{ours / theirs:.2f} | {met} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=list(TESTS))
    parser.add_argument("--java", default=JAVA)
    parser.add_argument("--classpath", default=MODULES)
    parser.add_argument("--jvm", action="append", default=[])
    parser.add_argument("--threads", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--warm-up", type=float, default=10, metavar="SECONDS")
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--llama-bench", default=shutil.which("llama-bench"), metavar="PROGRAM")
    parser.add_argument("--libllama", metavar="LIBRARY", help="llama.cpp's library, the others of it beside it")
    parser.add_argument("--llama3-java", default=os.environ.get("LLAMA3_JAVA"), metavar="JAR|SOURCE")
    parser.add_argument("--jlama", metavar="CLASSPATH")
    args = parser.parse_args()
    gone = missing(args)
    for name in args.peers:
        if name in gone:
            print(f"{name} is left out: {gone[name]}.")
    tests = [t for t in TESTS[args.shape] if t.peer in args.peers and t.peer not in gone]
    print(f"\n| {args.shape}, tokens/s | Clew | peer | ratio | target | |\n|---|---|---|---|---|---|", flush=True)
    for threads in args.threads:
        measure(args, args.shape, threads, tests)


if __name__ == "__main__":
    main()
