"""Answers for SafeTensorsFuzzTest with Hugging Face's own library: a file in base64 a line in, one JSON value a line out.

[[NAME, DTYPE, SHAPE, HEXADECIMAL BYTES]…] sorted by name, or {"error": WHY} for a file that the library refuses.
"""
import base64
import json
import sys

import safetensors


def answer(file):
    tensors = safetensors.deserialize(file)
    return sorted([name, t["dtype"], list(t["shape"]), bytes(t["data"]).hex()] for name, t in tensors)


print("ready", flush=True)
for line in sys.stdin:
    try:
        result = answer(base64.b64decode(line))
    except safetensors.SafetensorError as e:
        result = {"error": str(e)[:200]}
    print(json.dumps(result), flush=True)
