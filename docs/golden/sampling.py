"""Filtered distributions of Hugging Face's logits processors on random logits: the fixture of SamplerTest.

    python3 docs/golden/sampling.py > model/src/test/resources/clew/model/sampling.json

Needs torch and transformers (5.18.0 made the file that is there). Logits are float64 and the processors are applied in the
order of transformers' own generate: repetition penalty, temperature, top-k, top-p, min-p. A token that is out is null.
"""
import json
import math

import torch
import transformers
from transformers import (MinPLogitsWarper, RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper,
                          TopPLogitsWarper)

SETTINGS = [
    {}, {"repetitionPenalty": 1.3}, {"repetitionPenalty": 0.7}, {"temperature": 0.6}, {"temperature": 2.5},
    {"topK": 1}, {"topK": 7}, {"topK": 1000}, {"topP": 0.9}, {"topP": 0.5}, {"topP": 0.0}, {"topP": 0.999},
    {"minP": 0.1}, {"minP": 0.0}, {"minP": 1.0}, {"temperature": 0.8, "topK": 20, "topP": 0.95},
    {"repetitionPenalty": 1.1, "temperature": 1.4, "topK": 30, "topP": 0.8, "minP": 0.05},
    {"repetitionPenalty": 2.0, "temperature": 0.3, "minP": 0.2}, {"topK": 5, "topP": 0.6},
]


def processors(s):
    made = []
    if "repetitionPenalty" in s: made.append(RepetitionPenaltyLogitsProcessor(s["repetitionPenalty"]))
    if "temperature" in s: made.append(TemperatureLogitsWarper(s["temperature"]))
    if "topK" in s: made.append(TopKLogitsWarper(s["topK"]))
    if "topP" in s: made.append(TopPLogitsWarper(s["topP"]))
    if "minP" in s: made.append(MinPLogitsWarper(s["minP"]))
    return made


def rows():
    torch.manual_seed(7)
    for vocabulary, scale in ((40, 3.0), (97, 0.5), (211, 6.0)):
        yield torch.randn(vocabulary, dtype=torch.float64) * scale, torch.randint(0, vocabulary, (12,))
    tied = torch.randn(40, dtype=torch.float64).mul(2).round()          # many ties
    yield tied, torch.randint(0, 40, (5,))


cases = []
for logits, seen in rows():
    for s in SETTINGS:
        if "topP" in s and len(set(logits.tolist())) < len(logits): continue    # torch.sort leaves the order of ties open
        left = logits[None]
        for p in processors(s): left = p(seen[None], left)
        assert torch.isfinite(left).any()
        cases.append({"settings": s, "row": len(cases),
                      "left": [None if math.isinf(v) else v for v in left[0].tolist()],
                      "logits": logits.tolist(), "seen": seen.tolist()})

# each row of logits once, cases refer to it
unique = []
for c in cases:
    key = (c.pop("logits"), c.pop("seen"))
    if key not in unique: unique.append(key)
    c["row"] = unique.index(key)
print(json.dumps({"transformers": transformers.__version__,
                  "rows": [{"logits": l, "seen": s} for l, s in unique], "cases": cases}, separators=(",", ":")))
