package clew.model;

import static clew.model.HookPoint.Kind.FINAL;
import static clew.model.HookPoint.Kind.HIDDEN;
import static clew.model.HookPoint.Kind.LOGITS;
import static clew.model.HookPoint.Kind.RESIDUAL;

import clew.engine.kernel.Activation;
import clew.engine.tape.Value;
import java.util.List;

/// GPT-NeoX and Pythia (Black et al. 2022, Biderman et al. 2023): LayerNorm, GELU, positions that turn a part of each
/// head, attention and MLP side by side.
///
/// `x ← x + attn(ln1 x) + mlp(ln2 x)`, logits `= W_U ln_f x`; with `use_parallel_residual: false` the MLP reads what
/// attention has added.
public record GptNeoX(Spec spec, Embedding tokens, List<Block> blocks, Affine last, Dense head) implements Family {
    /// One block, its parameters in the order they are used.
    public sealed interface Block {
        Affine ln1();

        Attention.Interleaved attention();

        Affine ln2();

        Mlp mlp();
    }

    /// Both halves read the block's input.
    public record Parallel(Affine ln1, Attention.Interleaved attention, Affine ln2, Mlp mlp) implements Block {}

    /// The second half reads what the first has added.
    public record Sequential(Affine ln1, Attention.Interleaved attention, Affine ln2, Mlp mlp) implements Block {}

    /// `W_out f(W_in h + b) + b`.
    public record Mlp(Dense in, Dense out, Activation activation) {}

    @Override
    public Value forward(Forward f) {
        var x = f.embed(tokens);                                                                // [R, D]
        for (int l = 0; l < blocks.size(); l++) x = block(f.block(l), blocks.get(l), x);
        x = f.hook("ln_final.hook_normalized", f.layerNorm(f.asked(x), last));                  // [J, D]
        return f.logits(x, head);                                                               // [J, V]
    }

    private static Value block(Forward f, Block block, Value input) {
        var x = f.hook("hook_resid_pre", input);                                                // [R, D]
        var h = f.hook("ln1.hook_normalized", f.layerNorm(x, block.ln1()));
        var attn = f.hook("hook_attn_out", block.attention().of(f, h));
        return switch (block) {
            case Parallel b -> {
                x = f.narrowed(x);
                yield f.hook("hook_resid_post", f.add(f.add(x, attn), mlp(f, b, x)));
            }
            case Sequential b -> {
                x = f.hook("hook_resid_mid", f.add(x, attn));
                yield f.hook("hook_resid_post", f.add(x, mlp(f, b, x)));
            }
        };
    }

    private static Value mlp(Forward f, Block b, Value x) {
        var h = f.hook("ln2.hook_normalized", f.layerNorm(x, b.ln2()));
        var post = f.activate(b.mlp().activation, f.hook("mlp.hook_pre", f.linear(h, b.mlp().in)));         // [R, F]
        return f.hook("hook_mlp_out", f.linear(f.hook("mlp.hook_post", post), b.mlp().out));
    }

    @Override
    public Dense attentionOutput(int layer) {
        return blocks.get(layer).attention().o();
    }

    @Override
    public List<HookPoint> hooks() {
        var hooks = new HookList().add(RESIDUAL, "hook_embed");
        for (int l = 0; l < blocks.size(); l++) {
            hooks.block(l).add(RESIDUAL, "hook_resid_pre", "ln1.hook_normalized");
            hooks.rotary(blocks.get(l).attention()).add(RESIDUAL, "hook_attn_out");
            if (blocks.get(l) instanceof Sequential) hooks.add(RESIDUAL, "hook_resid_mid");
            hooks.add(RESIDUAL, "ln2.hook_normalized").add(HIDDEN, "mlp.hook_pre", "mlp.hook_post");
            hooks.add(RESIDUAL, "hook_mlp_out", "hook_resid_post");
        }
        return hooks.behind().add(FINAL, "ln_final.hook_normalized").add(LOGITS, "logits").list();
    }
}
