package clew.model;

import clew.engine.kernel.Activation;
import clew.engine.tape.Value;

/// `W_down(f(W_gate h) ⊙ W_up h)` — Shazeer 2020.        h: `[R, D]`
public record GatedMlp(Dense gate, Dense up, Dense down, Activation activation) {
    Value of(Forward f, Value h) {
        var g = f.activate(activation, f.hook("mlp.hook_pre", f.linear(h, gate)));              // [R, F]
        var post = f.hook("mlp.hook_post", f.gated(g, f.hook("mlp.hook_pre_linear", f.linear(h, up))));
        return f.linear(post, down);                                                            // [R, D]
    }
}
