"""One task per line of standard input on one GGUF file, timed: `prefill T` and `decode T N` of clew.bench.ModelServer,
by llama.cpp's library. `greedy N IDS…` answers with N token ids instead.

Structures that pass by value are taken with their defaults and never looked into, so that they only have to be large
enough, whatever the version.
usage: llama_cpp.py LIBLLAMA FILE THREADS
"""
import ctypes
import pathlib
import random
import sys
import time

import numpy

P, INT = ctypes.c_void_p, ctypes.c_int32


class Parameters(ctypes.Structure):
    _fields_ = [("room", ctypes.c_byte * 1024)]


class Batch(ctypes.Structure):
    _fields_ = [("n_tokens", INT)] + [(name, P) for name in ("token", "embd", "pos", "n_seq_id", "seq_id", "logits")]


def library(path):
    """The library with its neighbours, and the fastest of the processor's kernels that lie beside it."""
    folder = pathlib.Path(path).resolve().parent
    for name in ("libggml-base", "libggml"):
        for file in sorted(folder.glob(name + ".*so*"))[:1]:
            ggml = ctypes.CDLL(str(file), ctypes.RTLD_GLOBAL)
    llama = ctypes.CDLL(str(path), ctypes.RTLD_GLOBAL)
    if list(folder.glob("libggml-cpu-*")):
        ggml.ggml_backend_load_all_from_path(str(folder).encode())
    return llama


def declare(llama):
    for name, result, *arguments in (
            ("model_default_params", Parameters), ("context_default_params", Parameters),
            ("model_load_from_file", P, ctypes.c_char_p, Parameters), ("init_from_model", P, P, Parameters),
            ("set_n_threads", None, P, INT, INT), ("get_memory", P, P), ("memory_clear", None, P, ctypes.c_bool),
            ("batch_get_one", Batch, P, INT), ("decode", INT, P, Batch),
            ("get_logits_ith", ctypes.POINTER(ctypes.c_float), P, INT),
            ("model_get_vocab", P, P), ("vocab_n_tokens", INT, P)):
        function = getattr(llama, "llama_" + name)
        function.restype, function.argtypes = result, arguments
    return llama


llama = declare(library(sys.argv[1]))
model = llama.llama_model_load_from_file(sys.argv[2].encode(), llama.llama_model_default_params())
vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
context = llama.llama_init_from_model(model, llama.llama_context_default_params())
llama.llama_set_n_threads(context, int(sys.argv[3]), int(sys.argv[3]))


def next_of(ids):
    """Reads tokens behind those read before; the likeliest next one."""
    tokens = numpy.array(ids, numpy.int32)
    if llama.llama_decode(context, llama.llama_batch_get_one(tokens.ctypes.data, len(tokens))):
        raise RuntimeError("llama_decode")
    return int(numpy.ctypeslib.as_array(llama.llama_get_logits_ith(context, -1), (vocabulary,)).argmax())


def forget():
    llama.llama_memory_clear(llama.llama_get_memory(context), True)


def drawn(count):
    return random.Random(count).choices(range(vocabulary), k=count)


def prefill(tokens):
    ids, start = drawn(tokens), time.perf_counter()
    next_of(ids)
    return time.perf_counter() - start


def decode(tokens, count):
    id_ = next_of(drawn(tokens))
    start = time.perf_counter()
    for _ in range(count - 1):
        id_ = next_of([id_])
    return (time.perf_counter() - start) / (count - 1)


def greedy(count, *ids):
    said = [next_of(ids)]
    while len(said) < count:
        said.append(next_of(said[-1:]))
    return " ".join(map(str, said))


for line in sys.stdin:
    task, *numbers = line.split()
    forget()
    print({"prefill": prefill, "decode": decode, "greedy": greedy}[task](*map(int, numbers)), flush=True)
