package clew.model;

import clew.engine.tape.Value;

/// Attention with rotary positions, from the normalised stream to what is added to it.        h: `[R, D]`
public sealed interface Attention {
    /// How queries and keys are turned.
    Rope rope();

    /// How they then meet.
    Attending attending();

    /// The matrix behind the heads.
    Dense output();

    Value of(Forward f, Value h);

    /// q, k and v as three matrices — Llama and most since.
    record Rotary(Dense q, Dense k, Dense v, Dense o, Rope rope, Attending attending) implements Attention {
        @Override
        public Dense output() {
            return o;
        }

        @Override
        public Value of(Forward f, Value h) {
            var q = f.hook("attn.hook_q", f.linear(h, this.q));                                 // [R, H·d]
            var k = f.hook("attn.hook_k", f.linear(h, this.k));                                 // [R, K·d]
            var v = f.hook("attn.hook_v", f.linear(h, this.v));
            return f.linear(f.attend(q, k, v, this), o);                                        // [R, D]
        }
    }

    /// The same with every head of q and k normalised before it is turned — Qwen 3, Gemma 3.
    record Normed(Rotary plain, Gain qNorm, Gain kNorm) implements Attention {
        @Override
        public Attending attending() {
            return plain.attending;
        }

        @Override
        public Rope rope() {
            return plain.rope;
        }

        @Override
        public Dense output() {
            return plain.o;
        }

        @Override
        public Value of(Forward f, Value h) {
            var q = f.hook("attn.hook_q", f.linear(h, plain.q));                                // [R, H·d]
            var k = f.hook("attn.hook_k", f.linear(h, plain.k));                                // [R, K·d]
            var v = f.hook("attn.hook_v", f.linear(h, plain.v));
            return f.linear(f.attend(f.headNorm(q, qNorm), f.headNorm(k, kNorm), v, this), plain.o);
        }
    }

    /// q, k and v side by side in each head of one matrix `[H·3·d, D]` — GPT-NeoX.
    record Interleaved(Dense qkv, Dense o, Rope rope, Attending attending) implements Attention {
        @Override
        public Dense output() {
            return o;
        }

        @Override
        public Value of(Forward f, Value h) {
            var all = f.linear(h, qkv);                                                         // [R, H·3·d]
            var q = f.hook("attn.hook_q", f.third(all, 0));                                     // [R, H·d]
            var k = f.hook("attn.hook_k", f.third(all, 1));
            var v = f.hook("attn.hook_v", f.third(all, 2));
            return f.linear(f.attend(q, k, v, this), o);                                        // [R, D]
        }
    }
}
