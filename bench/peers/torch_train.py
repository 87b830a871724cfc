"""Times training steps of Clew's bundled Llama model in PyTorch f32; the counterpart of clew.bench.TrainServer.

Arguments: THREADS CONFIG.json B T n. Each line of standard input is a number of seconds; the answer is the tokens per
second of the best step in that time. The model is written out here, with fused attention and logits at the rows that
count only, so that PyTorch has no more to do than Clew.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
c = json.load(open(sys.argv[2]))
B, T, n = map(int, sys.argv[3:6])
D, L, H, K, d = (c[k] for k in ("hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
                                "head_dim"))
V, HIDDEN, EPS = c["vocab_size"], c["intermediate_size"], c["rms_norm_eps"]
torch.manual_seed(0)


def weight(*shape):
    return (torch.randn(*shape) * 0.02).requires_grad_() if len(shape) > 1 else torch.ones(*shape, requires_grad=True)


embed, last = weight(V, D), weight(D)
blocks = [dict(n1=weight(D), q=weight(H * d, D), k=weight(K * d, D), v=weight(K * d, D), o=weight(D, H * d),
               n2=weight(D), gate=weight(HIDDEN, D), up=weight(HIDDEN, D), down=weight(D, HIDDEN)) for _ in range(L)]
weights = [embed, last] + [w for b in blocks for w in b.values()]
angles = torch.outer(torch.arange(T), c["rope_theta"] ** (-torch.arange(0, d, 2) / d)).repeat(1, 2)
cos, sin = angles.cos(), angles.sin()


def rotate(x):
    return x * cos + torch.cat([-x[..., d // 2:], x[..., :d // 2]], -1) * sin


def heads(x, count):
    return x.view(B, T, count, d).transpose(1, 2)


def logits(ids, rows):
    x = F.embedding(ids, embed)
    for b in blocks:
        h = F.rms_norm(x, (D,), b["n1"], EPS)
        q, k, v = heads(h @ b["q"].T, H), heads(h @ b["k"].T, K), heads(h @ b["v"].T, K)
        z = F.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True, enable_gqa=H != K)
        x = x + z.transpose(1, 2).reshape(B, T, H * d) @ b["o"].T
        h = F.rms_norm(x, (D,), b["n2"], EPS)
        x = x + (F.silu(h @ b["gate"].T) * (h @ b["up"].T)) @ b["down"].T
    return F.rms_norm(x.view(B * T, D)[rows], (D,), last, EPS) @ embed.T


optimiser = torch.optim.AdamW(weights, lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1)
ids = torch.randint(V, (B, T))
rows = torch.arange(n - 1, B * T, n)
labels = torch.randint(V, (len(rows),))


def step():
    F.cross_entropy(logits(ids, rows), labels).backward()
    torch.nn.utils.clip_grad_norm_(weights, 1.0)
    optimiser.step()
    optimiser.zero_grad()


for line in sys.stdin:
    begin, best, i = time.perf_counter(), float("inf"), 0
    while i < 3 or time.perf_counter() - begin < float(line):
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
        i += 1
    print(B * T / best, flush=True)
