"""Logits and gradients of tiny checkpoints by Hugging Face transformers, in float64: what families.json holds.

    python3 families.py > families.json        (transformers 5.18, torch 2.13)

The weights are a formula of name and index, so that only their shapes are kept. float32 means float64 while the peer's
code runs, RoPE tables included.
"""
import json, sys, tempfile, zlib
import numpy as np
import torch

LONG = [7, 3, 14, 15, 9, 2, 6, 5, 3, 5, 8, 21, 9, 20, 13, 1, 11, 4, 22, 17]
IDS = LONG[:9]

LLAMA = dict(model_type="llama", architectures=["LlamaForCausalLM"], num_hidden_layers=2, hidden_size=12,
             num_attention_heads=4, num_key_value_heads=2, head_dim=8, intermediate_size=20, vocab_size=23,
             max_position_embeddings=16, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False)
PLAIN = {k: v for k, v in LLAMA.items() if k != "head_dim"} | dict(hidden_size=32)          # heads share the width


def like(base, kind, architecture, **more):
    return base | dict(model_type=kind, architectures=[architecture]) | more


def classes(config, architecture, **more):
    return config | dict(architectures=[architecture], id2label={"0": "bad", "1": "so-so", "2": "good"},
                         label2id={"bad": 0, "so-so": 1, "good": 2}) | more


GPT2 = dict(model_type="gpt2", architectures=["GPT2LMHeadModel"], n_layer=2, n_embd=12, n_head=3, n_inner=20,
            vocab_size=23, n_positions=16, activation_function="gelu_new", layer_norm_epsilon=1e-5)
NEOX = dict(model_type="gpt_neox", architectures=["GPTNeoXForCausalLM"], num_hidden_layers=2, hidden_size=24,
            num_attention_heads=3, intermediate_size=20, vocab_size=23, max_position_embeddings=32, rotary_pct=0.25,
            rotary_emb_base=10000, layer_norm_eps=1e-5, use_parallel_residual=True)
MISTRAL = like(LLAMA, "mistral", "MistralForCausalLM", sliding_window=4)
QWEN2 = like(PLAIN, "qwen2", "Qwen2ForCausalLM", use_sliding_window=False, sliding_window=4, max_window_layers=1)
QWEN3 = like(LLAMA, "qwen3", "Qwen3ForCausalLM", attention_bias=False)
PHI3 = like(PLAIN, "phi3", "Phi3ForCausalLM", original_max_position_embeddings=16, pad_token_id=None)
GEMMA2 = like(LLAMA, "gemma2", "Gemma2ForCausalLM", sliding_window=4, attn_logit_softcapping=2.0, pad_token_id=0,
              final_logit_softcapping=3.0, query_pre_attn_scalar=6, tie_word_embeddings=True,
              hidden_activation="gelu_pytorch_tanh")
GEMMA3 = like(LLAMA, "gemma3_text", "Gemma3ForCausalLM", sliding_window=4, query_pre_attn_scalar=6, pad_token_id=0,
              tie_word_embeddings=True, hidden_activation="gelu_pytorch_tanh", sliding_window_pattern=2,
              rope_theta=1000000.0, rope_local_base_freq=10000.0)
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=64)


def unsaid(base, *keys):
    return {k: v for k, v in base.items() if k not in keys}


def scaled(base, **parameters):
    return base | dict(rope_scaling=parameters)


def longrope(**more):
    short = [1.0, 1.1, 1.3]
    return dict(type="longrope", short_factor=short, long_factor=[1.5, 3.0, 9.0]) | more


CASES = {
    "llama": (LLAMA, IDS),
    "llama, biases": (LLAMA | dict(attention_bias=True, mlp_bias=True, tie_word_embeddings=True), IDS),
    "llama, linear": (scaled(LLAMA, type="linear", factor=4.0), LONG),
    "llama, dynamic within": (scaled(LLAMA, type="dynamic", factor=4.0), IDS),
    "llama, dynamic beyond": (scaled(LLAMA, rope_type="dynamic", factor=4.0), LONG),
    "llama, llama3": (scaled(LLAMA | dict(max_position_embeddings=64), rope_type="llama3", factor=8.0,
                             low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16), LONG),
    "llama, yarn": (LLAMA | dict(rope_scaling=YARN, max_position_embeddings=256), LONG),
    "llama, longrope within": (scaled(LLAMA | dict(max_position_embeddings=64), rope_type="longrope", factor=4.0,
                                      short_factor=[1.0, 1.1, 1.2, 1.4], long_factor=[1.5, 2.0, 4.0, 9.0],
                                      original_max_position_embeddings=12), IDS),
    "mistral": (MISTRAL, IDS),
    "mistral, no window": (MISTRAL | dict(sliding_window=None), IDS),
    "qwen2": (QWEN2, IDS),
    "qwen2, windows": (QWEN2 | dict(use_sliding_window=True), IDS),
    "qwen2, layer types": (QWEN2 | dict(use_sliding_window=True,
                                        layer_types=["sliding_attention", "full_attention"]), IDS),
    "qwen2, yarn": (QWEN2 | dict(rope_scaling=YARN | dict(beta_fast=16.0, beta_slow=2.0)), LONG),
    "qwen2, yarn, magnitudes": (QWEN2 | dict(rope_scaling=YARN | dict(mscale=0.7, mscale_all_dim=1.2, truncate=False)),
                                LONG),
    "qwen2, yarn, attention factor": (QWEN2 | dict(rope_scaling=YARN | dict(attention_factor=1.3)), LONG),
    "qwen3": (QWEN3, IDS),
    "qwen3, tied, biases, windows": (QWEN3 | dict(tie_word_embeddings=True, attention_bias=True,
                                                  use_sliding_window=True, sliding_window=3, max_window_layers=1), IDS),
    "phi3": (PHI3, IDS),
    "phi3, window": (PHI3 | dict(sliding_window=4), IDS),
    "phi3, longrope within": (PHI3 | dict(partial_rotary_factor=0.75, max_position_embeddings=64,
                                          rope_scaling=longrope()), IDS),
    "phi3, longrope beyond": (PHI3 | dict(partial_rotary_factor=0.75, max_position_embeddings=64,
                                          rope_scaling=longrope()), LONG),
    "gpt_neox": (NEOX, IDS),
    "gpt_neox, sequential": (NEOX | dict(use_parallel_residual=False, rotary_pct=1.0, tie_word_embeddings=True), IDS),
    "gpt_neox, no attention bias": (NEOX | dict(attention_bias=False, hidden_act="gelu_new"), IDS),
    "gpt_neox, linear": (scaled(NEOX, type="linear", factor=2.0), IDS),
    "gemma2": (GEMMA2, IDS),
    "gemma2, no caps": (GEMMA2 | dict(attn_logit_softcapping=None, final_logit_softcapping=None), IDS),
    "gemma2, layer types": (GEMMA2 | dict(layer_types=["full_attention", "sliding_attention"]), IDS),
    "gemma3": (GEMMA3, IDS),
    "gemma3, linear": (scaled(GEMMA3, rope_type="linear", factor=8.0), IDS),
    "gemma3, new dialect": ({k: v for k, v in GEMMA3.items() if not k.startswith("rope_")} | dict(rope_parameters={
        "full_attention": dict(rope_type="linear", factor=2.0, rope_theta=500000.0),
        "sliding_attention": dict(rope_type="default", rope_theta=5000.0)},
        layer_types=["full_attention", "sliding_attention"]), IDS),
    "gemma2, caps and heads unsaid": (unsaid(GEMMA2, "attn_logit_softcapping", "final_logit_softcapping",
                                             "head_dim", "num_key_value_heads"), IDS),
    "mistral, key heads unsaid": (unsaid(MISTRAL, "num_key_value_heads") | dict(num_attention_heads=8), IDS),
    "qwen2, key heads null": (QWEN2 | dict(num_key_value_heads=None), IDS),
    "qwen3, head width unsaid": (unsaid(QWEN3, "head_dim") | dict(hidden_size=8), IDS),
    "phi3, epsilon unsaid": (unsaid(PHI3, "rms_norm_eps"), IDS),
    "qwen2, yarn, truncate null": (QWEN2 | dict(rope_scaling=YARN | dict(truncate=None)), LONG),
    "llama, llama3, context outside": (scaled(
        LLAMA | dict(max_position_embeddings=64, original_max_position_embeddings=12), rope_type="llama3", factor=8.0,
        low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16), LONG),
    "gemma3, endless window": (GEMMA3 | dict(sliding_window=2147483647), IDS),
    "gpt2": (GPT2, IDS),
    "gpt2, classes": (classes(GPT2, "GPT2ForSequenceClassification"), IDS),
    "llama, classes": (classes(LLAMA, "LlamaForSequenceClassification"), IDS),
    "qwen2, classes": (classes(QWEN2, "Qwen2ForSequenceClassification"), IDS),
    "qwen2, one class": (QWEN2 | dict(architectures=["Qwen2ForSequenceClassification"], id2label={"0": "LABEL_0"},
                                      label2id={"LABEL_0": 0}), IDS),
    "qwen3, classes": (classes(QWEN3, "Qwen3ForSequenceClassification"), IDS),
    "mistral, classes": (classes(MISTRAL, "MistralForSequenceClassification"), IDS),
    "phi3, classes": (classes(PHI3, "Phi3ForSequenceClassification"), IDS),
    "gpt_neox, classes": (classes(NEOX, "GPTNeoXForSequenceClassification"), IDS),
    "gemma2, classes": (classes(GEMMA2, "Gemma2ForSequenceClassification"), IDS),
    "gemma3, classes": (classes(GEMMA3, "Gemma3TextForSequenceClassification"), IDS),
}


def values(name, shape):
    """Element i: the low 32 bits of (crc32(name) + i)·2654435761, xor-folded, as a fraction in ±0.75."""
    x = (np.uint64(zlib.crc32(name.encode())) + np.arange(int(np.prod(shape)), dtype=np.uint64)) * np.uint64(2654435761)
    x &= np.uint64(0xFFFFFFFF)
    x = ((x ^ (x >> np.uint64(15))) * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(13)
    return ((x.astype(np.float64) / 2.0 ** 32 - 0.5) * 1.5).astype(np.float32).astype(np.float64).reshape(shape)


def run(config, ids):
    import transformers
    with tempfile.TemporaryDirectory() as dir:
        open(dir + "/config.json", "w").write(json.dumps(config))
        read = transformers.AutoConfig.from_pretrained(dir)
    read._attn_implementation = "eager"
    model = getattr(transformers, config["architectures"][0])(read).double().eval()
    state = {k: v.shape for k, v in model.state_dict().items() if not k.endswith(("inv_freq", "masked_bias"))}
    if read.tie_word_embeddings: state = {k: v for k, v in state.items() if k not in ("lm_head.weight", "embed_out.weight")}
    tensors = {k: list(v) for k, v in state.items()}
    missing = model.load_state_dict({k: torch.tensor(values(k, v)) for k, v in tensors.items()}, strict=False)
    assert not missing.unexpected_keys and all("head" in k or "embed_out" in k for k in missing.missing_keys), missing
    embeds = model.get_input_embeddings()(torch.tensor([ids])).detach().requires_grad_()
    logits = model(inputs_embeds=embeds).logits[0]
    last = logits if logits.dim() == 1 else logits[-1]
    target = int(last.argmax())
    grad = torch.autograd.grad(last[target], embeds)[0][0]
    assert last.dtype == torch.float64
    return dict(config=config, tensors=tensors, ids=ids, logits=last.tolist(),
                input_x_gradient=(embeds[0] * grad).sum(-1).tolist())


if __name__ == "__main__":
    torch.float32 = torch.float = torch.float64
    torch.Tensor.float = torch.Tensor.double
    torch.set_default_dtype(torch.float64)
    out = {}
    for name, (config, ids) in CASES.items():
        print(name, file=sys.stderr)
        out[name] = run(config, ids)
    print("{" + ",\n".join(json.dumps(k) + ": " + json.dumps(v) for k, v in out.items()) + "}")
