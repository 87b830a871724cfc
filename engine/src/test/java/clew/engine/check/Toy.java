package clew.engine.check;

import static clew.engine.tensor.Weight.Layout.IN_OUT;
import static clew.engine.tensor.Weight.Layout.OUT_IN;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Heads;
import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Activate;
import clew.engine.op.Add;
import clew.engine.op.Cases;
import clew.engine.op.CausalSoftmax;
import clew.engine.op.Embed;
import clew.engine.op.Gated;
import clew.engine.op.LayerNorm;
import clew.engine.op.Linear;
import clew.engine.op.Mix;
import clew.engine.op.RmsNorm;
import clew.engine.op.Rotate;
import clew.engine.op.Score;
import clew.engine.op.Select;
import clew.engine.tape.Op;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two blocks of GPT-2 and of Llama at widths a person can print: B = 2 sequences of T = 4, logits at two rows of each.
///
/// Weights are made on the first run, which passes none, and handed back as the inputs of the net.
enum Toy implements Net {
    GPT2, LLAMA;

    private static final int B = 2, T = 4, R = B * T, V = 7, D = 6, F = 5;
    private static final int[] IDS = {3, 1, 4, 1, 5, 6, 2, 6}, ASKED = {1, 3, 5, 7};

    /// Table, positions and every weight.
    List<Tensor> inputs() {
        var made = new ArrayList<Tensor>();
        record(new Layers(new Tape(new ScalarKernels(), Tape.Memory.FORGET), List.<Value>of().iterator(), made));
        return made;
    }

    @Override
    public Value of(Tape tape, List<Value> inputs) {
        return record(new Layers(tape, inputs.iterator(), new ArrayList<>()));
    }

    /// The logits of a fresh tape.
    Value on(Tape tape) {
        return of(tape, inputs().stream().map(tape::leaf).toList());
    }

    private Value record(Layers layers) {
        return switch (this) {
            case GPT2  -> layers.gpt2();
            case LLAMA -> layers.llama();
        };
    }

    private record Layers(Tape tape, Iterator<Value> given, List<Tensor> made) {
        Value gpt2() {
            var heads = Heads.causal(2, 2, 3, T);
            var table = weight(V, D);
            var positions = on(new Embed(weight(T, D), new int[] {0, 1, 2, 3, 0, 1, 2, 3}));
            var x = on(new Add(on(new Embed(table, IDS)), positions));
            for (var block : List.of("blocks.0.", "blocks.1.")) {
                var n = layerNorm(x);
                var qkv = weight(D, 3 * D);                                                           // [in, q|k|v]
                var q = slice(n, qkv, 0, block + "attn.q");                                           // [R, H·d]
                var k = slice(n, qkv, D, block + "attn.k");
                var v = slice(n, qkv, 2 * D, block + "attn.v");
                var o = whole(attention(q, k, v, heads), weight(D, D), IN_OUT, weight(D), block + "attn.o");
                x = on(new Add(x, o));
                var h = whole(layerNorm(x), weight(D, F), IN_OUT, weight(F), block + "mlp.in");
                var a = on(new Activate(Activation.GELU_NEW, h));
                x = on(new Add(x, whole(a, weight(F, D), IN_OUT, weight(D), block + "mlp.out")));
            }
            return whole(layerNorm(on(new Select(x, ASKED, T))), table, OUT_IN, null, "unembed");     // tied
        }

        Value llama() {
            var heads = Heads.causal(4, 2, 2, T);
            var x = on(new Embed(weight(V, D), IDS));
            for (var block : List.of("blocks.0.", "blocks.1.")) {
                var n = rmsNorm(x);
                var q = rotate(whole(n, weight(8, D), OUT_IN, null, block + "attn.q"));               // [R, 4·2]
                var k = rotate(whole(n, weight(4, D), OUT_IN, null, block + "attn.k"));               // [R, 2·2]
                var v = whole(n, weight(4, D), OUT_IN, null, block + "attn.v");
                var o = whole(attention(q, k, v, heads), weight(D, 8), OUT_IN, null, block + "attn.o");
                x = on(new Add(x, o));
                var m = rmsNorm(x);
                var gate = on(new Activate(Activation.SILU, whole(m, weight(F, D), OUT_IN, null, block + "mlp.gate")));
                var up = whole(m, weight(F, D), OUT_IN, null, block + "mlp.up");
                var down = whole(on(new Gated(gate, up)), weight(D, F), OUT_IN, null, block + "mlp.out");
                x = on(new Add(x, down));
            }
            return whole(rmsNorm(on(new Select(x, ASKED, T))), weight(V, D), OUT_IN, null, "unembed");
        }

        private Value attention(Value q, Value k, Value v, Heads heads) {
            var s = on(new Score(q, k, heads, 1 / Math.sqrt(heads.width())));
            return on(new Mix(on(new CausalSoftmax(s, heads)), v, heads));
        }

        private Value slice(Value x, Value w, int from, String site) {
            return on(new Linear(x, w, new Weight(w.tensor(), IN_OUT, from, D), weight(D), site));
        }

        private Value whole(Value x, Value w, Weight.Layout layout, @Nullable Value b, String site) {
            return on(new Linear(x, w, Weight.whole(w.tensor(), layout), b, site));
        }

        private Value layerNorm(Value x) {
            return on(new LayerNorm(x, weight(D), weight(D), 1e-5));
        }

        private Value rmsNorm(Value x) {
            return on(new RmsNorm(x, weight(D), 1e-6));
        }

        private Value rotate(Value x) {
            double[] cos = new double[R], sin = new double[R], minus = new double[R];
            for (int r = 0; r < R; r++) {
                cos[r] = Math.cos(r % T);
                sin[r] = Math.sin(r % T);
                minus[r] = -sin[r];
            }
            var angles = new Rotate.Angles(Tensor.of(cos, R, 1), Tensor.of(sin, R, 1), Tensor.of(minus, R, 1));
            return on(new Rotate(x, angles, 2));
        }

        private Value on(Op op) {
            return tape.record(op);
        }

        /// The next input, or a new one that is remembered.
        private Value weight(int... dims) {
            if (given.hasNext()) return given.next();
            made.add(Cases.normal("weight " + made.size(), dims));
            return tape.leaf(made.getLast());
        }
    }
}
