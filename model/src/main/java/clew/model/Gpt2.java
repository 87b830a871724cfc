package clew.model;

import static clew.model.HookPoint.Kind.FINAL;
import static clew.model.HookPoint.Kind.HEADS;
import static clew.model.HookPoint.Kind.HIDDEN;
import static clew.model.HookPoint.Kind.LOGITS;
import static clew.model.HookPoint.Kind.PATTERN;
import static clew.model.HookPoint.Kind.RESIDUAL;
import static clew.model.HookPoint.Kind.SCORES;

import clew.engine.kernel.Activation;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// GPT-2 (Radford et al. 2019): learned positions, LayerNorm before each half of a block, GELU.
///
/// `x ← x + attn(ln1 x)`, `x ← x + mlp(ln2 x)`, logits `= W_E ln_f x`.
///
/// @param scaling c of the attention scores of each layer, `1/√d` as published
public record Gpt2(Spec spec, Tensor tokens, Tensor positions, List<Block> blocks, Norm last, Dense head,
                   Activation activation, double eps, List<Double> scaling) implements Family {
    /// Scale and offset of a LayerNorm, each `[D]`.
    public record Norm(Tensor weight, Tensor bias) {}

    /// One block, its parameters in the order they are used.
    public record Block(Norm ln1, Dense q, Dense k, Dense v, Dense o, Norm ln2, Dense in, Dense out) {}

    @Override
    public Value forward(Forward f) {
        var x = f.add(f.embed(tokens), f.positions(positions));                                 // [R, D]
        for (int l = 0; l < blocks.size(); l++) x = block(f.block(l), blocks.get(l), x, scaling.get(l));
        x = f.hook("ln_final.hook_normalized", f.layerNorm(f.asked(x), last.weight, last.bias, eps));   // [J, D]
        return f.logits(x, head);                                                               // [J, V]
    }

    private Value block(Forward f, Block b, Value input, double c) {
        var x = f.hook("hook_resid_pre", input);                                                // [R, D]
        var h = f.hook("ln1.hook_normalized", f.layerNorm(x, b.ln1.weight, b.ln1.bias, eps));
        var q = f.hook("attn.hook_q", f.linear(h, b.q));                                        // [R, H·d]
        var k = f.hook("attn.hook_k", f.linear(h, b.k));
        var v = f.hook("attn.hook_v", f.linear(h, b.v));
        var z = f.attend(q, k, v, Attending.full(c));
        x = f.hook("hook_resid_mid", f.add(x, f.hook("hook_attn_out", f.linear(z, b.o))));
        h = f.hook("ln2.hook_normalized", f.layerNorm(x, b.ln2.weight, b.ln2.bias, eps));
        var pre = f.hook("mlp.hook_pre", f.linear(h, b.in));                                    // [R, F]
        var post = f.hook("mlp.hook_post", f.activate(activation, pre));
        return f.hook("hook_resid_post", f.add(x, f.hook("hook_mlp_out", f.linear(post, b.out))));
    }

    @Override
    public List<HookPoint> hooks() {
        var hooks = new ArrayList<HookPoint>();
        hooks.add(new HookPoint("hook_embed", RESIDUAL));
        hooks.add(new HookPoint("hook_pos_embed", RESIDUAL));
        for (int l = 0; l < blocks.size(); l++) {
            var at = "blocks." + l + ".";
            hooks.add(new HookPoint(at + "hook_resid_pre", RESIDUAL));
            hooks.add(new HookPoint(at + "ln1.hook_normalized", RESIDUAL));
            for (var name : List.of("hook_q", "hook_k", "hook_v")) hooks.add(new HookPoint(at + "attn." + name, HEADS));
            hooks.add(new HookPoint(at + "attn.hook_attn_scores", SCORES));
            hooks.add(new HookPoint(at + "attn.hook_pattern", PATTERN));
            hooks.add(new HookPoint(at + "attn.hook_z", HEADS));
            hooks.add(new HookPoint(at + "hook_attn_out", RESIDUAL));
            hooks.add(new HookPoint(at + "hook_resid_mid", RESIDUAL));
            hooks.add(new HookPoint(at + "ln2.hook_normalized", RESIDUAL));
            hooks.add(new HookPoint(at + "mlp.hook_pre", HIDDEN));
            hooks.add(new HookPoint(at + "mlp.hook_post", HIDDEN));
            hooks.add(new HookPoint(at + "hook_mlp_out", RESIDUAL));
            hooks.add(new HookPoint(at + "hook_resid_post", RESIDUAL));
        }
        hooks.add(new HookPoint("ln_final.hook_normalized", FINAL));
        hooks.add(new HookPoint("logits", LOGITS));
        return hooks;
    }
}
