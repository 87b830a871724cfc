package clew.model;

import static clew.model.HookPoint.Kind.HIDDEN;
import static clew.model.HookPoint.Kind.LOGITS;
import static clew.model.HookPoint.Kind.RESIDUAL;

import clew.engine.tape.Value;
import java.util.List;

/// Llama (Touvron et al. 2023): rotary positions, RMSNorm before each half of a block, shared key heads, a gated MLP.
///
/// `x ← x + attn(n1 x)`, `x ← x + W_down(silu(W_gate n2 x) ⊙ W_up n2 x)`, logits `= W_U n_f x`. Mistral, Qwen 2 and 3,
/// Phi-3, SmolLM and TinyLlama are this with other parts: a window, biases, normalised heads, fused matrices.
public record Llama(Spec spec, Embedding tokens, List<Block> blocks, Gain last, Dense head) implements Family {
    /// One block, its parameters in the order they are used.
    public record Block(Gain ln1, Attention attention, Gain ln2, GatedMlp mlp) {}

    @Override
    public Value forward(Forward f) {
        var x = f.embed(tokens);                                                                // [R, D]
        for (int l = 0; l < blocks.size(); l++) x = block(f.block(l), blocks.get(l), x);
        return f.logits(f.rmsNorm(f.asked(x), last), head);                                     // [J, V]
    }

    private static Value block(Forward f, Block b, Value input) {
        var x = f.hook("hook_resid_pre", input);                                                // [R, D]
        x = f.hook("hook_resid_mid", f.add(x, f.hook("hook_attn_out", b.attention.of(f, f.rmsNorm(x, b.ln1)))));
        return f.hook("hook_resid_post", f.add(x, f.hook("hook_mlp_out", b.mlp.of(f, f.rmsNorm(x, b.ln2)))));
    }

    @Override
    public Dense attentionOutput(int layer) {
        return blocks.get(layer).attention.output();
    }

    @Override
    public List<HookPoint> hooks() {
        var hooks = new HookList().add(RESIDUAL, "hook_embed");
        for (int l = 0; l < blocks.size(); l++) {
            hooks.block(l).add(RESIDUAL, "hook_resid_pre").rotary(blocks.get(l).attention);
            hooks.add(RESIDUAL, "hook_attn_out", "hook_resid_mid");
            hooks.add(HIDDEN, "mlp.hook_pre", "mlp.hook_pre_linear", "mlp.hook_post");
            hooks.add(RESIDUAL, "hook_mlp_out", "hook_resid_post");
        }
        return hooks.behind().add(LOGITS, "logits").list();
    }
}
