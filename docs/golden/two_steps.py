"""Two training steps by PyTorch, as goldens for clew.training.

Writes training/src/test/resources/clew/training/two-steps-{llama,gpt2}.safetensors: the weights before (`before.NAME`)
and after two steps of AdamW (`after.NAME`), the ids of each step's batch (`ids.0`, `ids.1`, [B, T]) and its loss
(`losses`, [2]). Weights are drawn in float32 and trained in float64, so that PyTorch's own rounding does not count.

    python3 docs/golden/two_steps.py          (torch, transformers, safetensors; any recent versions)
"""
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

OUT = Path(__file__).resolve().parents[2] / "training/src/test/resources/clew/training"
V, B, T = 29, 3, 7
LLAMA = LlamaConfig(vocab_size=V, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
                    intermediate_size=24, max_position_embeddings=32, rms_norm_eps=1e-6, tie_word_embeddings=True,
                    attn_implementation="eager")
GPT2 = GPT2Config(vocab_size=V, n_embd=16, n_layer=2, n_head=4, n_positions=32, attn_pdrop=0.0, embd_pdrop=0.0,
                  resid_pdrop=0.0, attn_implementation="eager")
RATES, CLIP = (3e-3, 2e-3), 0.5


def golden(model, name):
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=generator) * 0.2 + (0 if p.dim() > 1 else 1))
    model = model.double().train()
    weights = dict(model.named_parameters())                       # the tied head comes once
    tensors = {f"before.{k}": w.detach().float().clone() for k, w in weights.items()}
    matrices = [w for w in weights.values() if w.dim() > 1]
    vectors = [w for w in weights.values() if w.dim() == 1]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0}],
                                  betas=(0.9, 0.95), eps=1e-3)      # rate/eps bounds what rounding does
    losses = []
    for step, rate in enumerate(RATES):
        ids = torch.randint(V, (B, T + 1), generator=generator)
        for group in optimiser.param_groups:
            group["lr"] = rate
        logits = model(ids[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, V), ids[:, 1:].reshape(-1))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimiser.step()
        losses.append(loss.item())
        tensors[f"ids.{step}"] = ids
    tensors |= {f"after.{k}": w.detach().float().clone() for k, w in weights.items()}
    tensors["losses"] = torch.tensor(losses, dtype=torch.float64)
    save_file(tensors, OUT / f"two-steps-{name}.safetensors", {"torch": torch.__version__})
    print(name, losses)


OUT.mkdir(parents=True, exist_ok=True)
golden(LlamaForCausalLM(LLAMA), "llama")
golden(GPT2LMHeadModel(GPT2), "gpt2")
