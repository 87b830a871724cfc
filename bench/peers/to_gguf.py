"""Writes a synthetic checkpoint of GPT-2's or Llama's shape as GGUF, for llama.cpp and llama3.java.

Matrices take the format asked for, the embedding too, which is also the head; norms, biases and GPT-2's positions stay
f32. Of a tokenizer these checkpoints have none, so that the file says one of bytes and of names nobody writes, of the
right size: enough to load, with Llama 3's special tokens where they lie. Needs the package `gguf`.

usage: to_gguf.py DIR f32|bf16|q8_0|q4_0 FILE
"""
import dataclasses
import json
import pathlib
import sys

import gguf
import numpy

FORMATS = {name: gguf.GGMLQuantizationType[name.upper()] for name in ("f32", "bf16", "q8_0", "q4_0")}
SPECIAL = {0: "<|begin_of_text|>", 1: "<|end_of_text|>", 6: "<|start_header_id|>", 7: "<|end_header_id|>",
           9: "<|eot_id|>"}
FIRST_SPECIAL = 128000


@dataclasses.dataclass(frozen=True)
class Tensor:
    """How GGUF names a tensor of safetensors, and how its values lie there."""
    name: str
    laid: callable = lambda w: w


def halves_to_pairs(heads):
    """Rotary positions turn neighbours in GGUF, halves of a head in safetensors: rows change places."""
    return lambda w: w.reshape(heads, 2, -1, w.shape[-1]).swapaxes(1, 2).reshape(w.shape)


def gpt2(config):
    yield "wte.weight", Tensor("token_embd.weight")
    yield "wpe.weight", Tensor("position_embd.weight")
    for part in ("weight", "bias"):
        yield f"ln_f.{part}", Tensor(f"output_norm.{part}")
    for layer in range(config["n_layer"]):
        names = {"ln_1": "attn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "ln_2": "ffn_norm",
                 "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down"}
        for theirs, ours in names.items():
            for part in ("weight", "bias"):
                yield f"h.{layer}.{theirs}.{part}", Tensor(f"blk.{layer}.{ours}.{part}", numpy.transpose)


def llama(config):
    yield "model.embed_tokens.weight", Tensor("token_embd.weight")
    yield "model.norm.weight", Tensor("output_norm.weight")
    names = {"input_layernorm": "attn_norm", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
             "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
             "mlp.down_proj": "ffn_down"}
    for layer in range(config["num_hidden_layers"]):
        for theirs, ours in names.items():
            yield f"model.layers.{layer}.{theirs}.weight", Tensor(f"blk.{layer}.{ours}.weight")
        for of, heads in (("q", config["num_attention_heads"]), ("k", config["num_key_value_heads"])):
            yield (f"model.layers.{layer}.self_attn.{of}_proj.weight",
                   Tensor(f"blk.{layer}.attn_{of}.weight", halves_to_pairs(heads)))


def read(file):
    """The tensors of a safetensors file by name, in f32, each when it is asked for."""
    bytes_ = numpy.memmap(file, mode="r")
    start = 8 + int(bytes_[:8].view("<u8")[0])
    header = json.loads(bytes(bytes_[8:start]))

    def tensor(name):
        entry = header[name]
        begin, end = (start + at for at in entry["data_offsets"])
        raw = bytes_[begin:end]
        values = raw.view("<f4") if entry["dtype"] == "F32" else (raw.view("<u2").astype("<u4") << 16).view("<f4")
        return values.reshape(entry["shape"])

    return tensor


def describe(writer, config):
    if config["model_type"] == "gpt2":
        writer.add_context_length(config["n_positions"])
        writer.add_embedding_length(config["n_embd"])
        writer.add_feed_forward_length(config["n_inner"])
        writer.add_block_count(config["n_layer"])
        writer.add_head_count(config["n_head"])
        writer.add_layer_norm_eps(config["layer_norm_epsilon"])
    else:
        heads = config["num_attention_heads"]
        writer.add_context_length(config["max_position_embeddings"])
        writer.add_embedding_length(config["hidden_size"])
        writer.add_feed_forward_length(config["intermediate_size"])
        writer.add_block_count(config["num_hidden_layers"])
        writer.add_head_count(heads)
        writer.add_head_count_kv(config["num_key_value_heads"])
        writer.add_rope_dimension_count(config["hidden_size"] // heads)
        writer.add_rope_freq_base(config["rope_theta"])
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
        writer.add_vocab_size(config["vocab_size"])


def add_tokenizer(writer, config):
    tokens = byte_tokens() + ["ab"]
    tokens += [f"<{i}>" for i in range(len(tokens), config["vocab_size"])]
    for place, name in SPECIAL.items():
        if FIRST_SPECIAL + place < len(tokens):
            tokens[FIRST_SPECIAL + place] = name
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2" if config["model_type"] == "gpt2" else "llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if i >= FIRST_SPECIAL else gguf.TokenType.NORMAL
                            for i in range(len(tokens))])
    writer.add_token_merges(["a b"])
    begin = FIRST_SPECIAL if FIRST_SPECIAL < len(tokens) else len(tokens) - 1
    writer.add_bos_token_id(begin)
    writer.add_eos_token_id(min(begin + 1, len(tokens) - 1))


def byte_tokens():
    """GPT-2's letters for the 256 bytes: those that print stand for themselves, the others follow behind 255."""
    prints = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [chr(b) for b in prints] + [chr(256 + i) for i in range(256 - len(prints))]


def main():
    source, kind, target = pathlib.Path(sys.argv[1]), FORMATS[sys.argv[2]], sys.argv[3]
    config = json.loads((source / "config.json").read_text())
    family = {"gpt2": gpt2, "llama": llama}[config["model_type"]]
    writer = gguf.GGUFWriter(target, config["model_type"])
    describe(writer, config)
    add_tokenizer(writer, config)
    tensor = read(source / "model.safetensors")
    for name, to in family(config):
        values = numpy.ascontiguousarray(to.laid(tensor(name)))
        as_f32 = values.ndim == 1 or to.name.startswith("position")
        of = FORMATS["f32"] if as_f32 else kind
        writer.add_tensor(to.name, values if of == FORMATS["f32"] else gguf.quants.quantize(values, of), raw_dtype=of)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
