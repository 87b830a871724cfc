"""Training steps of Clew's bundled Llama model beside PyTorch f32, taking turns, so that a busy machine disturbs both.

    ./build package -pl bench -am
    python3 bench/peers/train.py
"""
import argparse
import pathlib
import sys

from gemm import JAVA, MODULES, Peer

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = HERE.parents[1] / "weights/src/main/resources/clew/weights/bundled/demo/config.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", default=JAVA)
    parser.add_argument("--classpath", default=MODULES)
    parser.add_argument("--threads", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--batch", nargs=3, type=int, default=[42, 48, 4], metavar=("B", "T", "N"),
                        help="sequences, tokens of each, and every N-th row counts in the loss")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    args = parser.parse_args()
    batch = list(map(str, args.batch))
    print("| threads | Clew tokens/s | PyTorch f32 tokens/s | Clew ÷ PyTorch |\n|---|---|---|---|")
    for threads in args.threads:
        peers = [Peer([args.java, "--add-modules", "jdk.incubator.vector", "-cp", args.classpath,
                       "clew.bench.TrainServer", str(threads), "demo", *batch]),
                 Peer([sys.executable, str(HERE / "torch_train.py"), str(threads), str(CONFIG), *batch])]
        for peer in peers:
            peer.time(2 * args.seconds)                                         # warm
        best = [max(rates) for rates in zip(*[[p.time(args.seconds) for p in peers] for _ in range(args.rounds)])]
        print(f"| {threads} | {best[0]:.0f} | {best[1]:.0f} | {best[0] / best[1]:.2f} |", flush=True)
        for peer in peers:
            peer.close()


if __name__ == "__main__":
    main()
