package clew.model;

import static clew.model.HookPoint.Kind.HEADS;
import static clew.model.HookPoint.Kind.HIDDEN;
import static clew.model.HookPoint.Kind.KEY_HEADS;
import static clew.model.HookPoint.Kind.LOGITS;
import static clew.model.HookPoint.Kind.PATTERN;
import static clew.model.HookPoint.Kind.RESIDUAL;
import static clew.model.HookPoint.Kind.SCORES;

import clew.engine.kernel.Activation;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Llama (Touvron et al. 2023): rotary positions, RMSNorm before each half of a block, shared key heads, a gated MLP.
///
/// `x ← x + attn(n1 x)`, `x ← x + W_down(silu(W_gate n2 x) ⊙ W_up n2 x)`, logits `= W_U n_f x`.
public record Llama(Spec spec, Tensor tokens, List<Block> blocks, Tensor last, Dense head, Activation activation,
                    double eps) implements Family {
    /// One block, its parameters in the order they are used; `ln1`, `ln2` `[D]`.
    public record Block(Tensor ln1, Dense q, Dense k, Dense v, Dense o, Tensor ln2, Dense gate, Dense up, Dense down) {}

    @Override
    public Value forward(Forward f) {
        var x = f.embed(tokens);                                                                // [R, D]
        for (int l = 0; l < blocks.size(); l++) x = block(f.block(l), blocks.get(l), x);
        return f.logits(f.rmsNorm(f.asked(x), last, eps), head);                                // [J, V]
    }

    private Value block(Forward f, Block b, Value input) {
        var x = f.hook("hook_resid_pre", input);                                                // [R, D]
        var h = f.rmsNorm(x, b.ln1, eps);
        var q = f.hook("attn.hook_q", f.linear(h, b.q));                                        // [R, H·d]
        var k = f.hook("attn.hook_k", f.linear(h, b.k));                                        // [R, K·d]
        var v = f.hook("attn.hook_v", f.linear(h, b.v));
        var z = f.attend(f.hook("attn.hook_rot_q", f.rotate(q)), f.hook("attn.hook_rot_k", f.rotate(k)), v,
                         Attending.full(1 / Math.sqrt(spec.headWidth())));
        x = f.hook("hook_resid_mid", f.add(x, f.hook("hook_attn_out", f.linear(z, b.o))));
        h = f.rmsNorm(x, b.ln2, eps);
        var gate = f.activate(activation, f.hook("mlp.hook_pre", f.linear(h, b.gate)));         // [R, F]
        var post = f.hook("mlp.hook_post", f.gated(gate, f.hook("mlp.hook_pre_linear", f.linear(h, b.up))));
        return f.hook("hook_resid_post", f.add(x, f.hook("hook_mlp_out", f.linear(post, b.down))));
    }

    @Override
    public List<HookPoint> hooks() {
        var hooks = new ArrayList<HookPoint>();
        hooks.add(new HookPoint("hook_embed", RESIDUAL));
        for (int l = 0; l < blocks.size(); l++) {
            var at = "blocks." + l + ".";
            hooks.add(new HookPoint(at + "hook_resid_pre", RESIDUAL));
            hooks.add(new HookPoint(at + "attn.hook_q", HEADS));
            hooks.add(new HookPoint(at + "attn.hook_k", KEY_HEADS));
            hooks.add(new HookPoint(at + "attn.hook_v", KEY_HEADS));
            hooks.add(new HookPoint(at + "attn.hook_rot_q", HEADS));
            hooks.add(new HookPoint(at + "attn.hook_rot_k", KEY_HEADS));
            hooks.add(new HookPoint(at + "attn.hook_attn_scores", SCORES));
            hooks.add(new HookPoint(at + "attn.hook_pattern", PATTERN));
            hooks.add(new HookPoint(at + "attn.hook_z", HEADS));
            hooks.add(new HookPoint(at + "hook_attn_out", RESIDUAL));
            hooks.add(new HookPoint(at + "hook_resid_mid", RESIDUAL));
            hooks.add(new HookPoint(at + "mlp.hook_pre", HIDDEN));
            hooks.add(new HookPoint(at + "mlp.hook_pre_linear", HIDDEN));
            hooks.add(new HookPoint(at + "mlp.hook_post", HIDDEN));
            hooks.add(new HookPoint(at + "hook_mlp_out", RESIDUAL));
            hooks.add(new HookPoint(at + "hook_resid_post", RESIDUAL));
        }
        hooks.add(new HookPoint("logits", LOGITS));
        return hooks;
    }
}
