"""The rows of the speed table: Clew beside PyTorch and transformers on the same synthetic checkpoint, one row a run.

Each peer is one process that stays; tasks are timed in turn, so that a busy machine disturbs all alike, several rounds,
and the best time of each counts. On a machine with other work at it, --processor-time counts what the processes' threads
worked. Ratios are Clew's time (or memory) divided by the peer's. The checkpoints are written by Clew when they are first
needed and stay in bench/target/checkpoints. Peak memory is the system's own count (VmHWM).

    ./build package -pl bench -am
    python3 bench/peers/rows.py lrp-gpt2                     every row: python3 bench/peers/rows.py --list
"""
import argparse
import dataclasses
import os
import subprocess
import sys
import time

from gemm import HERE, JAVA, MODULES, Peer

ROOT = HERE.parent.parent
CHECKPOINTS = ROOT / "bench" / "target" / "checkpoints"
OPTIONS = ROOT / "build-tools" / "java.options"     # as the launcher has them

# How a PyTorch process works: number format, attention. The last is what LXT and Captum need.
F32, BF16, STACK = ("f32", "sdpa"), ("bf16", "sdpa"), ("f32", "eager")
OWN = "clew"                # the other task is one of the same process
NAMES = {F32: "PyTorch f32", BF16: "PyTorch bf16", STACK: "usual stack, f32 eager", OWN: "Clew"}


@dataclasses.dataclass(frozen=True)
class Test:
    """A task of Clew, a peer's task beside it, and the ratio to reach, if there is one."""
    clew: str
    peer: tuple
    task: str
    target: float = None


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    model: str
    rounds: int
    tests: list
    threads: tuple = (1, 2)


def both(task, f32=None, bf16=None):
    return [Test(task, F32, task, f32), Test(task, BF16, task, bf16)]


ROWS = {
    "lrp-gpt2": Row("GPT-2 small, one LRP explanation, T=64", "gpt2-small", 12, both("lrp 64", 0.40, 1.0)),
    "lrp-llama": Row("Llama-3.2-1B shape, one LRP explanation, T=64", "llama-1b-bf16", 3, both("lrp 64", 0.36, 1.07)),
    "ig": Row("integrated gradients, 50 steps, GPT-2 small, T=64", "gpt2-small", 2,
              [Test("ig 64 50", F32, "ig 64 50 50", 0.33)]),
    "sequence": Row("sequence of 32 tokens behind 64, token matrix, GPT-2 small", "gpt2-small", 2,
                    [Test("targets 64 32", F32, "one-by-one 64 32", 0.05), Test("targets 64 32", F32, "targets 64 32"),
                     Test("targets 64 32", STACK, "batched 64 32"), Test("sum 64 32", F32, "sum 64 32")]),
    "ablation": Row("removal of every token beside T full passes, GPT-2 small, T=256", "gpt2-small", 1,
                    [Test("ablation 256", OWN, "forwards 256", 0.4)]),
    "occlusion": Row("occlusion, a window of 3 at every place, GPT-2 small, T=64", "gpt2-small", 3,
                     [Test("occlusion 64", F32, "occlusion 64 16")]),
    "shapley": Row("Shapley values by 200 orders, GPT-2 small, T=12", "gpt2-small", 1,
                   [Test("shapley 12 200", F32, "shapley 12 200 64")]),
    "generate-gpt2": Row("prefill 64 and decode, GPT-2 small, weights in bf16", "gpt2-small-bf16", 8,
                         both("prefill 64") + both("decode 64 32", None, 0.5)),
    "generate-llama": Row("prefill 64 and decode, Llama-3.2-1B shape, weights in bf16", "llama-1b-bf16", 2,
                          both("prefill 64") + both("decode 64 8", None, 0.5)),
    "stack": Row("against the usual stack, GPT-2 small, T=64", "gpt2-small", 3,
                 [Test("lrp 64", STACK, "lrp 64", 0.2), Test("ig 64 50", STACK, "ig 64 50 8", 0.2),
                  Test("ablation 64", STACK, "ablation 64", 0.1), Test("targets 64 32", STACK, "targets 64 32", 0.1),
                  Test("peak", STACK, "peak", 0.5)], (2,)),
}


def clew(args, main, *more):
    return [args.java, f"@{OPTIONS}", "--add-modules", "jdk.incubator.vector", *args.jvm, "-cp", args.classpath, main,
            *map(str, more)]


def checkpoint(args, name):
    place = CHECKPOINTS / name
    if not place.exists():
        shape, dtype = (name.removesuffix("-bf16"), "bf16") if name.endswith("-bf16") else (name, "f32")
        part = place.with_name(name + ".part")
        subprocess.run(clew(args, "clew.bench.SyntheticModel", shape, dtype, part), check=True)
        part.rename(place)
    return str(place)


def torch(model, threads, dtype, attention):
    return [sys.executable, str(HERE / "torch_explain.py"), model, str(threads), dtype, attention]


def verdict(value, target):
    return ("–", "–") if target is None else (f"≤ {target:g}", "met" if value <= target else "missed")


def shown(task, value):
    if task == "peak":
        return f"{value * 1e-6:.0f} MB"
    if task.startswith(("prefill", "decode")):
        return f"{int(task.split()[1]) / value if task.startswith('prefill') else 1 / value:.1f} tokens/s"
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


def measure(args, row, threads):
    model = checkpoint(args, row.model)
    peers = {OWN: Peer(clew(args, "clew.bench.ModelServer", model, threads))}
    for kind in dict.fromkeys(test.peer for test in row.tests if test.peer != OWN):
        peers[kind] = Peer(torch(model, threads, *kind))
    turns = list(dict.fromkeys([turn for test in row.tests for turn in ((OWN, test.clew), (test.peer, test.task))]))
    best = {}
    for _ in range(args.rounds or row.rounds):
        for peer, task in turns:
            least = max if task == "peak" else min
            worked = args.processor_time and not task.startswith(("peak", "decode"))
            value = peers[peer].processor_time(task) if worked else peers[peer].time(task)
            best[peer, task] = least(best.get((peer, task), value), value)
    for peer in peers.values():
        peer.close()
    for test in row.tests:
        ours, theirs = best[OWN, test.clew], best[test.peer, test.task]
        target, met = verdict(ours / theirs, test.target)
        other = NAMES[test.peer] + ("" if test.task == test.clew else ", " + test.task)
        print(f"| T{threads} {test.clew} | {shown(test.clew, ours)} | {other}: {shown(test.task, theirs)} | {ours / theirs:.2f} | "
              f"{target} | {met} |", flush=True)


def spent(command, text="", until_line=False):
    """Seconds from the call of a command to its end, or to its first line."""
    begin = time.perf_counter()
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, text=True) as process:
        process.stdin.write(text)
        process.stdin.close()
        first = process.stdout.readline()
        line = time.perf_counter() - begin
        process.stdout.read()
    if process.returncode or not first:
        raise RuntimeError(f"{command} failed")
    return line if until_line else time.perf_counter() - begin


def start(args):
    """The command line, from its call, with the files in the system's cache."""
    model, launcher = checkpoint(args, "gpt2-small"), str(ROOT / "clew")
    ids = ",".join(map(str, range(1, 65)))
    runs = {
        "bundled": lambda: spent([launcher, "explain", "The capital of France is"], until_line=True),
        "clew": lambda: spent([launcher, "explain", "--model", model, "--ids", ids]),
        "stack": lambda: spent(torch(model, os.cpu_count(), *STACK), "lrp 64\n"),
    }
    times = {name: [] for name in runs}
    for _ in range(args.rounds or 5):
        for name, run in runs.items():
            times[name].append(run())
    median = {name: sorted(all)[len(all) // 2] for name, all in times.items()}
    ratio = median["clew"] / median["stack"]
    print(f"| clew explain, bundled model, first line | {median['bundled']:.2f} s ({min(times['bundled']):.2f} … "
          f"{max(times['bundled']):.2f}) | – | – | ≤ 1 s | {verdict(median['bundled'], 1)[1]} |")
    print(f"| GPT-2 small, 64 tokens, first result | {median['clew']:.2f} s | import and explain: {median['stack']:.2f} s | "
          f"{ratio:.2f} | ≤ 0.2 | {verdict(ratio, 0.2)[1]} |")


def memory(args):
    """A process that does nothing but one LRP explanation of 256 tokens, beside its weights file."""
    model = checkpoint(args, "llama-1b-bf16")
    peer = Peer(clew(args, "clew.bench.ModelServer", model, os.cpu_count()))
    peer.time("lrp 256")
    peak, file = peer.time("peak"), (CHECKPOINTS / "llama-1b-bf16" / "model.safetensors").stat().st_size
    peer.close()
    limit = 1.25 * file + 300e6
    print(f"| Llama-3.2-1B shape, LRP, T=256, peak | {peak * 1e-6:.0f} MB | file: {file * 1e-6:.0f} MB | {peak / file:.2f} | "
          f"≤ {limit * 1e-6:.0f} MB | {'met' if peak <= limit else 'missed'} |")


SPECIAL = {"start": ("start: time to the first output", start), "memory": ("peak memory", memory)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("row", nargs="?", choices=[*ROWS, *SPECIAL])
    parser.add_argument("--list", action="store_true", help="the rows")
    parser.add_argument("--java", default=JAVA)
    parser.add_argument("--classpath", default=MODULES)
    parser.add_argument("--jvm", action="append", default=[])
    parser.add_argument("--threads", nargs="*", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--processor-time", action="store_true",
                        help="count what all threads worked, not the clock's time: for a machine that is not idle")
    args = parser.parse_args()
    if args.list or not args.row:
        for name, text in {**{n: r.name for n, r in ROWS.items()}, **{n: s[0] for n, s in SPECIAL.items()}}.items():
            print(f"{name:16} {text}")
        return
    title = ROWS[args.row].name if args.row in ROWS else SPECIAL[args.row][0]
    print(f"\n| {title} | Clew | peer | ratio | target | |\n|---|---|---|---|---|---|", flush=True)
    if args.row in SPECIAL:
        SPECIAL[args.row][1](args)
    else:
        for threads in args.threads or ROWS[args.row].threads:
            measure(args, ROWS[args.row], threads)


if __name__ == "__main__":
    main()
