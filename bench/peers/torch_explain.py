"""One task per line of standard input on one model directory, timed: what clew.bench.ModelServer does, by Hugging Face
transformers with eager attention in float32, gradients to the embeddings as LXT and Captum take them.
usage: torch_explain.py DIR THREADS
"""
import resource
import sys
import time

import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(int(sys.argv[2]))
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], attn_implementation="eager", dtype=torch.float32).eval()
for parameter in model.parameters():
    parameter.requires_grad = False
embedding = model.get_input_embeddings()
vocabulary = model.config.vocab_size


def ids(count):
    return torch.randint(0, vocabulary, (1, count), generator=torch.Generator().manual_seed(count))


def forward(e):
    return model(inputs_embeds=e, use_cache=False, logits_to_keep=1).logits[:, -1]


def targets(tokens, k):
    e = embedding(ids(tokens)).detach().requires_grad_(True)
    top = forward(e)[0].topk(k).values
    for i in range(k):
        e.grad = None
        top[i].backward(retain_graph=i + 1 < k)
        (e.grad * e).sum(-1)


def integrated(tokens, steps, batch=8):
    x = embedding(ids(tokens)).detach()
    alphas = (torch.arange(steps) + 0.5) / steps
    total = torch.zeros_like(x)
    for start in range(0, steps, batch):
        e = (x * alphas[start:start + batch, None, None]).requires_grad_(True)
        forward(e)[:, 5].sum().backward()
        total += e.grad.sum(0, keepdim=True)
    return (total * x / steps).sum(-1)


def decode(tokens, count):
    with torch.no_grad():
        out = model(ids(tokens), use_cache=True)
        times = [time.perf_counter()]
        for _ in range(count - 1):
            out = model(out.logits[:, -1:].argmax(-1), past_key_values=out.past_key_values, use_cache=True)
            times.append(time.perf_counter())
    return (times[-1] - times[0]) / (count - 1)


def answer(task, *numbers):
    if task == "peak":
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if task == "decode":
        return decode(*numbers)
    start = time.perf_counter()
    if task == "lrp":
        targets(*numbers, 1)
    elif task == "targets":
        targets(*numbers)
    elif task == "ig":
        integrated(*numbers)
    elif task == "prefill":
        with torch.no_grad():
            forward(embedding(ids(*numbers)))
    else:
        raise ValueError("task " + task)
    return time.perf_counter() - start


for line in sys.stdin:
    words = line.split()
    print(answer(words[0], *map(int, words[1:])), flush=True)
