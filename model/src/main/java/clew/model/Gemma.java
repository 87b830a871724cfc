package clew.model;

import static clew.model.HookPoint.Kind.HIDDEN;
import static clew.model.HookPoint.Kind.LOGITS;
import static clew.model.HookPoint.Kind.RESIDUAL;

import clew.engine.tape.Value;
import java.util.List;
import java.util.Optional;

/// Gemma 2 and 3 (Gemma Team 2024, 2025): scaled embeddings, a norm before and behind each half of a block, layers that
/// see a window in turn with layers that see everything.
///
/// `x ← x + n1'(attn(n1 x))`, `x ← x + n2'(mlp(n2 x))`, logits `= κ tanh(W_E n_f x / κ)`. Gemma 2 caps scores and
/// logits, Gemma 3 normalises the heads of q and k instead.
///
/// @param cap κ of the logits' soft cap; infinite for none
public record Gemma(Spec spec, Embedding tokens, List<Block> blocks, Gain last, Dense head, double cap)
        implements Family {
    /// One block, its parameters in the order they are used.
    public record Block(Gain ln1, Attention attention, Gain ln1Post, Gain ln2, GatedMlp mlp, Gain ln2Post) {}

    @Override
    public Value forward(Forward f) {
        var x = f.embed(tokens);                                                                // [R, D]
        for (int l = 0; l < blocks.size(); l++) x = block(f.block(l), blocks.get(l), x);
        return f.hook("logits", f.softCap(f.linear(f.rmsNorm(f.asked(x), last), head), cap));   // [J, V]
    }

    private static Value block(Forward f, Block b, Value input) {
        var x = f.hook("hook_resid_pre", input);                                                // [R, D]
        var attn = f.hook("attn.hook_out", b.attention.of(f, f.rmsNorm(x, b.ln1)));
        x = f.hook("hook_resid_mid", f.add(x, f.hook("hook_attn_out", f.rmsNorm(attn, b.ln1Post))));
        var mlp = f.hook("mlp.hook_out", b.mlp.of(f, f.rmsNorm(x, b.ln2)));
        return f.hook("hook_resid_post", f.add(x, f.hook("hook_mlp_out", f.rmsNorm(mlp, b.ln2Post))));
    }

    @Override
    public Dense attentionOutput(int layer) {
        return blocks.get(layer).attention.output();
    }

    @Override
    public Optional<Gain> attentionNorm(int layer) {
        return Optional.of(blocks.get(layer).ln1Post);
    }

    @Override
    public List<HookPoint> hooks() {
        var hooks = new HookList().add(RESIDUAL, "hook_embed");
        for (int l = 0; l < blocks.size(); l++) {
            hooks.block(l).add(RESIDUAL, "hook_resid_pre").rotary(blocks.get(l).attention);
            hooks.add(RESIDUAL, "attn.hook_out", "hook_attn_out", "hook_resid_mid");
            hooks.add(HIDDEN, "mlp.hook_pre", "mlp.hook_pre_linear", "mlp.hook_post");
            hooks.add(RESIDUAL, "mlp.hook_out", "hook_mlp_out", "hook_resid_post");
        }
        return hooks.behind().add(LOGITS, "logits").list();
    }
}
