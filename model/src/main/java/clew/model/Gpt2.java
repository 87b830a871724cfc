package clew.model;

import static clew.model.HookPoint.Kind.FINAL;
import static clew.model.HookPoint.Kind.HEADS;
import static clew.model.HookPoint.Kind.HIDDEN;
import static clew.model.HookPoint.Kind.LOGITS;
import static clew.model.HookPoint.Kind.RESIDUAL;

import clew.engine.kernel.Activation;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// GPT-2 (Radford et al. 2019): learned positions, LayerNorm before each half of a block, GELU.
///
/// `x ← x + attn(ln1 x)`, `x ← x + mlp(ln2 x)`, logits `= W_E ln_f x`.
public record Gpt2(Spec spec, Embedding tokens, Tensor positions, List<Block> blocks, Affine last, Dense head,
                   Activation activation) implements Family {
    /// One block, its parameters in the order they are used.
    public record Block(Affine ln1, Dense q, Dense k, Dense v, Dense o, Attending attending, Affine ln2, Dense in,
                        Dense out) {}

    @Override
    public Value forward(Forward f) {
        var x = f.add(f.embed(tokens), f.positions(positions));                                 // [R, D]
        for (int l = 0; l < blocks.size(); l++) x = block(f.block(l), blocks.get(l), x);
        x = f.hook("ln_final.hook_normalized", f.layerNorm(f.asked(x), last));                  // [J, D]
        return f.logits(x, head);                                                               // [J, V]
    }

    private Value block(Forward f, Block b, Value input) {
        var x = f.hook("hook_resid_pre", input);                                                // [R, D]
        var h = f.hook("ln1.hook_normalized", f.layerNorm(x, b.ln1));
        var q = f.hook("attn.hook_q", f.linear(h, b.q));                                        // [R, H·d]
        var k = f.hook("attn.hook_k", f.linear(h, b.k));
        var v = f.hook("attn.hook_v", f.linear(h, b.v));
        var z = f.attend(q, k, v, b.attending);
        x = f.hook("hook_resid_mid", f.add(x, f.hook("hook_attn_out", f.linear(z, b.o))));
        h = f.hook("ln2.hook_normalized", f.layerNorm(x, b.ln2));
        var pre = f.hook("mlp.hook_pre", f.linear(h, b.in));                                    // [R, F]
        var post = f.hook("mlp.hook_post", f.activate(activation, pre));
        return f.hook("hook_resid_post", f.add(x, f.hook("hook_mlp_out", f.linear(post, b.out))));
    }

    @Override
    public Dense attentionOutput(int layer) {
        return blocks.get(layer).o;
    }

    @Override
    public List<HookPoint> hooks() {
        var hooks = new HookList().add(RESIDUAL, "hook_embed", "hook_pos_embed");
        for (int l = 0; l < blocks.size(); l++) {
            hooks.block(l).add(RESIDUAL, "hook_resid_pre", "ln1.hook_normalized");
            hooks.add(HEADS, "attn.hook_q", "attn.hook_k", "attn.hook_v").patterns(blocks.get(l).attending);
            hooks.add(RESIDUAL, "hook_attn_out", "hook_resid_mid", "ln2.hook_normalized");
            hooks.add(HIDDEN, "mlp.hook_pre", "mlp.hook_post").add(RESIDUAL, "hook_mlp_out", "hook_resid_post");
        }
        return hooks.behind().add(FINAL, "ln_final.hook_normalized").add(LOGITS, "logits").list();
    }
}
