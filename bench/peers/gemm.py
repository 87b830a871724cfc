"""Clew beside PyTorch on the matrix products of GPT-2 and Llama, taking turns, so that a busy machine disturbs all alike.

Each peer is one process that stays; for every product they are timed in turn, several rounds, and the best time of each
counts. Before that each runs a product of either layout for a while, so that what a process does once, compiling above
all, is over. Ratios above 1 mean that Clew is faster. "forced" is PyTorch with MKL made to take its AVX-512 kernels; the peak is
what fused multiply-adds of registers reach, which nothing but arithmetic holds up.

    ./build package -pl bench -am
    python3 bench/peers/gemm.py
"""
import argparse
import math
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
MODULES = str(HERE.parent / "target" / "modules" / "*")
SHAPES = {  # K, N of x[M, K] · W
    "gpt2 qkv": (768, 2304),
    "gpt2 up": (768, 3072),
    "gpt2 down": (3072, 768),
    "llama qo": (2048, 2048),
    "llama up": (2048, 8192),
    "llama down": (8192, 2048),
}


class Peer:
    def __init__(self, command, preload=None):
        env = dict(os.environ)
        if preload:
            env["LD_PRELOAD"] = preload
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def time(self, *task):
        self.process.stdin.write(" ".join(map(str, task)) + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def processor_time(self, *task):
        """Seconds that all threads of the process worked (Linux), whatever else the machine does meanwhile."""
        before = self.worked()
        self.time(*task)
        return self.worked() - before

    def worked(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def preload(folder):
    library = os.path.join(folder, "mkl_avx512.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, str(HERE / "mkl_avx512.c")], check=True)
    return library


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def measure(args, threads, folder):
    torch = [sys.executable, str(HERE / "torch_gemm.py"), str(threads)]
    clew = [args.java, "--add-modules", "jdk.incubator.vector", *args.jvm, "-cp", args.classpath, "clew.bench.GemmServer",
            str(threads)]
    peers = {"clew": Peer(clew), "torch": Peer(torch), "forced": Peer(torch, preload(folder))}
    ratios, ofpeak = {}, []
    for peer in peers.values():
        for layout in args.layout:
            peer.time(layout, args.dtype, args.m[0], *SHAPES["gpt2 up"], args.warm_up)
    peak = max(peers["clew"].time("peak", args.seconds) for _ in range(5))
    print(f"\n| T{threads} {args.dtype} | M | layout | Clew GFLOP/s | PyTorch | forced | ÷ PyTorch | ÷ forced |")
    print("|---|---|---|---|---|---|---|---|")
    for name, (k, n) in SHAPES.items():
        for m in args.m:
            for layout in args.layout:
                task = (layout, args.dtype, m, k, n, args.seconds)
                best = {peer: float("inf") for peer in peers}
                for _ in range(args.rounds):
                    for peer in peers:
                        best[peer] = min(best[peer], peers[peer].time(*task))
                rate = {peer: 2e-9 * m * n * k / best[peer] for peer in peers}
                ratio = [rate["clew"] / rate["torch"], rate["clew"] / rate["forced"]]
                ratios[name, m, layout] = ratio
                ofpeak.append(rate["clew"] / peak)
                shown = "W[N,K]" if layout == "NK" else "W[K,N]"
                print(f"| {name} {k}→{n} | {m} | {shown} | {rate['clew']:.0f} | {rate['torch']:.0f} | {rate['forced']:.0f}"
                      f" | {ratio[0]:.2f} | {ratio[1]:.2f} |", flush=True)
    for peer in peers.values():
        peer.close()
    for layout in args.layout:
        chosen = [r for (_, _, l), r in ratios.items() if l == layout]
        print(f"| **T{threads} W[{layout[0]},{layout[1]}]** geometric mean, least | | | | | | "
              f"{mean([r[0] for r in chosen]):.2f}, {min(r[0] for r in chosen):.2f} | "
              f"{mean([r[1] for r in chosen]):.2f}, {min(r[1] for r in chosen):.2f} |", flush=True)
    print(f"| **T{threads}**, peak {peak:.0f} GFLOP/s, Clew ÷ peak: geometric mean, least | | | {mean(ofpeak):.2f}, {min(ofpeak):.2f}"
          " | | | | |", flush=True)
    both = list(ratios.values())
    print(f"| **T{threads}, both layouts** | | | | | | {mean([r[0] for r in both]):.2f}, {min(r[0] for r in both):.2f} | "
          f"{mean([r[1] for r in both]):.2f}, {min(r[1] for r in both):.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", default=JAVA)
    parser.add_argument("--classpath", default=MODULES)
    parser.add_argument("--jvm", action="append", default=[])
    parser.add_argument("--threads", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--m", nargs="*", type=int, default=[64, 128, 512])
    parser.add_argument("--layout", nargs="*", choices=["NK", "KN"], default=["NK", "KN"])
    parser.add_argument("--dtype", choices=["f32", "bf16", "f16"], default="f32")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--warm-up", type=float, default=1.5, metavar="SECONDS")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for threads in args.threads:
            measure(args, threads, folder)


if __name__ == "__main__":
    main()
