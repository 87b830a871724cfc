"""Times one product per line of standard input with PyTorch; see GemmServer for the lines."""
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)


def task(layout, dtype, m, k, n):
    kind = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}[dtype]
    x = torch.randn(m, k).to(kind)
    w = (torch.randn(n, k) if layout == "NK" else torch.randn(k, n)).mul_(0.02).to(kind)
    out = torch.empty(m, n, dtype=kind)
    right = w.t() if layout == "NK" else w
    return lambda: torch.mm(x, right, out=out)


def best(run, seconds):
    least, begin, runs = float("inf"), time.perf_counter(), 0
    while runs < 5 or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        run()
        least = min(least, time.perf_counter() - start)
        runs += 1
    return least


with torch.no_grad():
    for line in sys.stdin:
        layout, dtype, m, k, n, seconds = line.split()
        print(best(task(layout, dtype, int(m), int(k), int(n)), float(seconds)), flush=True)
