"""One task per line of standard input on one model directory, timed: what clew.bench.ModelServer does, by Hugging Face
transformers, gradients to the embeddings as LXT and Captum take them.
usage: torch_explain.py DIR THREADS f32|bf16 eager|sdpa
"""
import resource
import sys
import time

import torch
from transformers import AutoModelForCausalLM
from transformers.utils import logging

logging.disable_progress_bar()
torch.set_num_threads(int(sys.argv[2]))
DTYPE = {"f32": torch.float32, "bf16": torch.bfloat16}[sys.argv[3]]
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], attn_implementation=sys.argv[4], dtype=DTYPE).eval()
for parameter in model.parameters():
    parameter.requires_grad = False
embedding = model.get_input_embeddings()
vocabulary = model.config.vocab_size


def ids(count):
    return torch.randint(0, vocabulary, (1, count), generator=torch.Generator().manual_seed(count))


def forward(e, rows=1):
    return model(inputs_embeds=e, use_cache=False, logits_to_keep=rows).logits


def lrp(tokens):
    e = embedding(ids(tokens)).detach().requires_grad_(True)
    forward(e)[0, -1].max().backward()
    return (e.grad * e).sum(-1)


def targets(tokens, count):
    """As the LXT notebook does: one forward pass, teacher-forced, and a backward pass for every token."""
    i = ids(tokens + count)
    e = embedding(i[:, :-1]).detach().requires_grad_(True)
    logits = forward(e, count)
    for k in range(count):
        e.grad = None
        logits[0, k, i[0, tokens + k]].backward(retain_graph=k + 1 < count)
        (e.grad * e).sum(-1)


def batched(tokens, count):
    """The same work as Clew's: one forward pass, and the backward passes of all tokens as one batch."""
    i = ids(tokens + count)
    e = embedding(i[:, :-1]).detach().requires_grad_(True)
    chosen = forward(e, count)[0].gather(1, i[0, tokens:, None])[:, 0]
    g, = torch.autograd.grad(chosen, e, torch.eye(count, dtype=DTYPE), is_grads_batched=True)
    (g * e).sum(-1)


def summed(tokens, count):
    """The sum alone: one forward pass and one backward pass."""
    i = ids(tokens + count)
    e = embedding(i[:, :-1]).detach().requires_grad_(True)
    forward(e, count)[0].gather(1, i[0, tokens:, None]).sum().backward()
    (e.grad * e).sum(-1)


def one_by_one(tokens, count):
    """As Captum's LLMGradientAttribution does: a whole run for every token."""
    i = ids(tokens + count)
    for k in range(count):
        e = embedding(i[:, :tokens + k]).detach().requires_grad_(True)
        forward(e)[0, -1, i[0, tokens + k]].backward()
        (e.grad * e).sum(-1)


def integrated(tokens, steps, batch):
    x = embedding(ids(tokens)).detach()
    alphas = (torch.arange(steps) + 0.5) / steps
    total = torch.zeros_like(x)
    for start in range(0, steps, batch):
        e = (x * alphas[start:start + batch, None, None]).requires_grad_(True)
        forward(e)[:, -1, 5].sum().backward()
        total += e.grad.sum(0, keepdim=True)
    return (total * x / steps).sum(-1)


def ablation(tokens):
    """As Captum's FeatureAblation does: a whole prompt for every token, one after another."""
    with torch.no_grad():
        for t in range(tokens):
            i = ids(tokens)
            i[0, t] = 0
            forward(embedding(i))


def removed(x, present, batch):
    """The last row's largest logit of the prompt x [1, T] with id 0 where `present` [N, T] is not."""
    target = forward(embedding(x))[0, -1].argmax()
    return torch.cat([forward(embedding(torch.where(some, x, 0)))[:, -1, target] for some in present.split(batch)])


def occlusion(tokens, batch):
    """As Captum's Occlusion does with a window of 3: a whole prompt for every window, `batch` of them at a time."""
    x, windows = ids(tokens), tokens - 2
    place = torch.arange(tokens)
    gone = (place >= torch.arange(windows)[:, None]) & (place < torch.arange(windows)[:, None] + 3)
    with torch.no_grad():
        whole = removed(x, torch.ones(1, tokens, dtype=torch.bool), 1)
        drop = whole - removed(x, ~gone, batch)
    return (gone * drop[:, None]).sum(0) / gone.sum(0)


def shapley(tokens, orders, batch):
    """As Captum's ShapleyValueSampling does: a whole prompt for every step of every order, `batch` of them at a time."""
    x, generator = ids(tokens), torch.Generator().manual_seed(0)
    perms = torch.stack([torch.randperm(tokens, generator=generator) for _ in range(orders)])
    rank = perms.argsort(1)
    present = (rank[:, None, :] < torch.arange(tokens + 1)[None, :, None]).view(-1, tokens)
    with torch.no_grad():
        v = removed(x, present, batch).view(orders, tokens + 1)
    return v.diff(dim=1).gather(1, rank).mean(0)


def prefill(tokens):
    with torch.no_grad():
        forward(embedding(ids(tokens)))


def decode(tokens, count):
    with torch.no_grad():
        out = model(ids(tokens), use_cache=True, logits_to_keep=1)
        times = [time.perf_counter()]
        for _ in range(count - 1):
            out = model(out.logits[:, -1:].argmax(-1), past_key_values=out.past_key_values, use_cache=True)
            times.append(time.perf_counter())
    return (times[-1] - times[0]) / (count - 1)


TIMED = {"lrp": lrp, "targets": targets, "batched": batched, "sum": summed, "one-by-one": one_by_one,
         "ig": integrated, "ablation": ablation, "occlusion": occlusion, "shapley": shapley, "prefill": prefill}


def answer(task, *numbers):
    if task == "peak":
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if task == "decode":
        return decode(*numbers)
    start = time.perf_counter()
    TIMED[task](*numbers)
    return time.perf_counter() - start


for line in sys.stdin:
    words = line.split()
    print(answer(words[0], *map(int, words[1:])), flush=True)
