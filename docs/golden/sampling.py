"""Filtered distributions of Hugging Face's logits processors on random logits: the fixture of SamplerTest.

    python3 docs/golden/sampling.py > model/src/test/resources/clew/model/sampling.json

Needs torch and transformers (5.18.0 made the file that is there). Logits are float64 and the processors are applied in the
order of transformers' own generate: repetition penalty, what may not come, temperature, top-k, top-p, min-p, typical-p. A
token that is out is null.
"""
import json
import math

import torch
import transformers
from transformers import (MinLengthLogitsProcessor, MinPLogitsWarper, NoBadWordsLogitsProcessor,
                          NoRepeatNGramLogitsProcessor, RepetitionPenaltyLogitsProcessor,
                          SuppressTokensAtBeginLogitsProcessor, SuppressTokensLogitsProcessor, TemperatureLogitsWarper,
                          TopKLogitsWarper, TopPLogitsWarper, TypicalLogitsWarper)

SETTINGS = [
    {}, {"repetitionPenalty": 1.3}, {"repetitionPenalty": 0.7}, {"temperature": 0.6}, {"temperature": 2.5},
    {"topK": 1}, {"topK": 7}, {"topK": 1000}, {"topP": 0.9}, {"topP": 0.5}, {"topP": 0.0}, {"topP": 0.999},
    {"minP": 0.1}, {"minP": 0.0}, {"minP": 1.0}, {"temperature": 0.8, "topK": 20, "topP": 0.95},
    {"repetitionPenalty": 1.1, "temperature": 1.4, "topK": 30, "topP": 0.8, "minP": 0.05},
    {"repetitionPenalty": 2.0, "temperature": 0.3, "minP": 0.2}, {"topK": 5, "topP": 0.6},
    {"typicalP": 0.9}, {"typicalP": 0.2}, {"typicalP": 0.999}, {"topK": 20, "typicalP": 0.5}, {"minP": 0.1, "typicalP": 0.7},
    {"noRepeat": 1}, {"noRepeat": 2}, {"noRepeat": 3}, {"noRepeat": 30}, {"words": [[3], [5, 6], [7, 8, 9]]},
    {"suppress": [0, 1, 39]}, {"suppressAtBegin": [2, 3]}, {"minLength": 13}, {"minLength": 12},
    {"repetitionPenalty": 1.2, "noRepeat": 2, "words": [[1]], "minLength": 40, "suppress": [4], "temperature": 0.7, "topK": 9},
]
EOS = [2, 11]


def processors(s, length):
    made = []
    if "repetitionPenalty" in s: made.append(RepetitionPenaltyLogitsProcessor(s["repetitionPenalty"]))
    if "noRepeat" in s: made.append(NoRepeatNGramLogitsProcessor(s["noRepeat"]))
    if "words" in s: made.append(NoBadWordsLogitsProcessor(s["words"], EOS))
    if "minLength" in s: made.append(MinLengthLogitsProcessor(s["minLength"], EOS))
    if "suppress" in s: made.append(SuppressTokensLogitsProcessor(s["suppress"]))
    if "suppressAtBegin" in s: made.append(SuppressTokensAtBeginLogitsProcessor(s["suppressAtBegin"], length))
    if "temperature" in s: made.append(TemperatureLogitsWarper(s["temperature"]))
    if "topK" in s: made.append(TopKLogitsWarper(s["topK"]))
    if "topP" in s: made.append(TopPLogitsWarper(s["topP"]))
    if "minP" in s: made.append(MinPLogitsWarper(s["minP"]))
    if "typicalP" in s: made.append(TypicalLogitsWarper(s["typicalP"]))
    return made


def rows():
    torch.manual_seed(7)
    for vocabulary, scale in ((40, 3.0), (97, 0.5), (211, 6.0)):
        yield torch.randn(vocabulary, dtype=torch.float64) * scale, torch.randint(0, vocabulary, (12,))
    tied = torch.randn(40, dtype=torch.float64).mul(2).round()          # many ties
    yield tied, torch.randint(0, 40, (5,))
    yield torch.randn(40, dtype=torch.float64), torch.tensor([5, 6, 7, 8, 9, 5, 6, 3, 8, 4, 7, 8])      # repetitions


cases = []
for logits, seen in rows():
    for s in SETTINGS:
        if ("topP" in s or "typicalP" in s) and len(set(logits.tolist())) < len(logits): continue  # torch.sort leaves ties open
        left = logits[None]
        for p in processors(s, len(seen)): left = p(seen[None], left)
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
