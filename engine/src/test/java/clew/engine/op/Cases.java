package clew.engine.op;

import static clew.engine.tensor.Weight.Layout.IN_OUT;
import static clew.engine.tensor.Weight.Layout.OUT_IN;

import clew.engine.check.Net;
import clew.engine.kernel.Activation;
import clew.engine.kernel.Heads;
import clew.engine.tape.Op;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Every op of the engine, in every form that its maths distinguishes. All laws of ops run over this table.
///
/// Activations are B = 2 sequences of T = 3 rows.
public final class Cases {
    static final int B = 2, T = 3, R = B * T;
    static final String SITE = "blocks.0.mlp.out";

    private static final List<Rows> PLAIN = List.of(
        Rows.all(R),
        Rows.seeds(3, R),
        new Rows(R, List.of(new Run(0, 0, 0, 2), new Run(0, 2, T, T), new Run(1, 5, T, 1), new Run(2, 6, 0, T))));

    private static final List<Heads> HEADS = List.of(
        Heads.causal(2, 2, 3, T), Heads.causal(4, 2, 2, T), Heads.causal(3, 1, 2, T), new Heads(4, 2, 2, T, T, 2));

    private Cases() {}

    /// Cases at which every op is smooth, so that differences mean something.
    public static List<Case> smooth() {
        var cases = new ArrayList<Case>();
        linears(cases);
        sums(cases);
        products(cases);
        norms(cases);
        attention(cases);
        return cases;
    }

    /// The smooth cases and those with zeros, cancellations, empty sides and constant rows.
    public static List<Case> all() {
        var cases = new ArrayList<>(smooth());
        EdgeCases.add(cases);
        return cases;
    }

    private static void linears(List<Case> cases) {
        for (var layout : Weight.Layout.values())
            for (var bias : new int[] {0, 1})
                for (var slice : new int[] {0, 1}) {
                    int in = 4, outs = slice == 0 ? 5 : 7, from = slice == 0 ? 0 : 2, out = slice == 0 ? 5 : 3;
                    var w = layout == OUT_IN ? normal("w", outs, in) : normal("w", in, outs);
                    var name = "linear " + layout + (slice == 0 ? " whole" : " sliced") + (bias == 0 ? "" : " + b");
                    var view = new Weight(w, layout, from, out);
                    cases.add(linear(name, normal("x", R, in), view, bias == 0 ? null : normal("b", out)));
                }
    }

    static Case linear(String name, Tensor x, Weight view, @Nullable Tensor b) {
        Net net = (tape, in) -> {
            var moved = new Weight(in.get(1).tensor(), view.layout(), view.from(), view.out());
            return tape.record(new Linear(in.get(0), in.get(1), moved, b == null ? null : in.get(2), SITE));
        };
        var inputs = b == null ? List.of(x, view.tensor()) : List.of(x, view.tensor(), b);
        return new Case(name, Linear.class, net, inputs, 1, PLAIN,
            (rules, xs, y, r) -> new double[][] {withoutBias(RForm.linear(rules.linearAt(SITE), xs[0], view, b, r))});
    }

    private static double[] withoutBias(double[] shares) {
        int in = shares.length / R - 1;
        var x = new double[R * in];
        for (int r = 0; r < R; r++) System.arraycopy(shares, r * (in + 1), x, r * in, in);
        return x;
    }

    private static void sums(List<Case> cases) {
        cases.add(plain("add", Add.class, (tape, in) -> tape.record(new Add(in.get(0), in.get(1))),
            List.of(normal("x", R, 4), normal("y", R, 4)), 2, (rules, x, y, r) -> RForm.add(x, y, r)));
        cases.add(plain("add x + x", Add.class, (tape, in) -> tape.record(new Add(in.get(0), in.get(0))),
            List.of(normal("x", R, 4)), 1, (rules, x, y, r) -> new double[][] {r}));
        var ids = new int[] {2, 0, 4, 2, 2, 1};
        cases.add(plain("embed", Embed.class, (tape, in) -> tape.record(new Embed(in.get(0), ids)),
            List.of(normal("table", 5, 4)), 0, null));
        Tensor keep = normal("keep", R, 4), put = normal("put", R, 4);
        cases.add(plain("edited", Edited.class, (tape, in) -> tape.record(new Edited(in.get(0), keep, put)),
            List.of(normal("x", R, 4)), 1, (rules, x, y, r) -> new double[][] {RForm.edited(x[0], keep, y, r)}));
        for (int c : new int[] {1, 2}) cases.add(rotate(c));
        cases.add(plain("scale", Scale.class, (tape, in) -> tape.record(new Scale(in.get(0), -1.5)),
            List.of(normal("x", R, 4)), 1, (rules, x, y, r) -> new double[][] {r}));
        shapes(cases);
        var index = new int[] {1, 2, 4, 4};
        cases.add(new Case("select", Select.class, (tape, in) -> tape.record(new Select(in.get(0), index, T)),
            List.of(normal("x", R, 4)), 1, List.of(Rows.all(4), Rows.seeds(3, 4),
                new Rows(4, List.of(new Run(0, 0, 1, 2), new Run(1, 2, 3, 1),
                                    new Run(2, 3, 0, 1), new Run(2, 4, 2, 2)))),
            (rules, x, y, r) -> RForm.select(index, R, 4, r)));
    }

    private static void shapes(List<Case> cases) {
        cases.add(new Case("reshape to heads", Reshape.class, (tape, in) -> tape.record(new Reshape(in.get(0), 2)),
            List.of(normal("x", R, 6)), 1, PLAIN.stream().map(rows -> rows.split(3)).toList(),
            (rules, x, y, r) -> new double[][] {r}));
        cases.add(plain("reshape to rows", Reshape.class, (tape, in) -> tape.record(new Reshape(in.get(0), 6)),
            List.of(normal("x", 3 * R, 2)), 1, (rules, x, y, r) -> new double[][] {r}));
        for (int at : new int[] {0, 2})
            cases.add(plain("stretches at " + at, Stretches.class,
                (tape, in) -> tape.record(new Stretches(in.get(0), 2, 3, at)), List.of(normal("x", R, 12)), 1,
                (rules, x, y, r) -> new double[][] {RForm.stretches(r, 2, 3, at)}));
    }

    private static Case rotate(int c) {
        var angle = normal("angle", R, c).toDoubles();
        double[] cos = new double[R * c], sin = new double[R * c], minus = new double[R * c];
        for (int i = 0; i < R * c; i++) minus[i] = -(sin[i] = Math.sin(angle[i]));
        for (int i = 0; i < R * c; i++) cos[i] = Math.cos(angle[i]);
        var angles = new Rotate.Angles(Tensor.of(cos, R, c), Tensor.of(sin, R, c), Tensor.of(minus, R, c));
        var name = "rotate " + 2 * c + " of 4";
        return plain(name, Rotate.class, (tape, in) -> tape.record(new Rotate(in.get(0), angles, 4)),
            List.of(normal("x", R, 8)), 1, (rules, x, y, r) -> RForm.rotate(rules.rotation(), x[0], angle, c, 4, y, r));
    }

    private static void products(List<Case> cases) {
        for (var f : Activation.values()) cases.add(activate("activate " + f, f, awayFromZero(normal("x", R, 5))));
        cases.add(softCap("soft cap", normal("x", R, 5), 0.7));
        cases.add(plain("gated", Gated.class, (tape, in) -> tape.record(new Gated(in.get(0), in.get(1))),
            List.of(normal("gate", R, 4), normal("up", R, 4)), 2, (rules, x, y, r) -> RForm.gated(rules.gated(), r)));
    }

    static Case activate(String name, Activation f, Tensor x) {
        return plain(name, Activate.class, (tape, in) -> tape.record(new Activate(f, in.get(0))),
            List.of(x), 1, (rules, xs, y, r) -> new double[][] {r});
    }

    static Case softCap(String name, Tensor x, double cap) {
        return plain(name, SoftCap.class, (tape, in) -> tape.record(new SoftCap(in.get(0), cap)),
            List.of(x), 1, (rules, xs, y, r) -> new double[][] {r});
    }

    private static void norms(List<Case> cases) {
        cases.add(rmsNorm("rms norm", normal("x", R, 5)));
        cases.add(layerNorm("layer norm", normal("x", R, 5)));
    }

    static Case rmsNorm(String name, Tensor x) {
        return plain(name, RmsNorm.class, (tape, in) -> tape.record(new RmsNorm(in.get(0), in.get(1), 1e-5)),
            List.of(x, normal("w", x.cols())), 1, (rules, xs, y, r) -> new double[][] {r});
    }

    static Case layerNorm(String name, Tensor x) {
        Tensor w = normal("w", x.cols()), b = normal("b", x.cols());
        Net net = (tape, in) -> tape.record(new LayerNorm(in.get(0), in.get(1), in.get(2), 1e-5));
        return plain(name, LayerNorm.class, net, List.of(x, w, b), 1,
            (rules, xs, y, r) -> new double[][] {RForm.layerNorm(xs[0], w, 1e-5, y, r)});
    }

    private static void attention(List<Case> cases) {
        for (var heads : HEADS) {
            int H = heads.heads(), K = heads.kvHeads(), d = heads.width();
            var shape = " " + H + "/" + K + (heads.window() < T ? " window " + heads.window() : "");
            cases.add(score("score" + shape, normal("q", R, H * d), normal("k", R, K * d), heads));
            cases.add(softmax("softmax" + shape, normal("s", B * H * T, T), heads));
            cases.add(mix("mix" + shape, normal("p", B * H * T, T), normal("v", R, K * d), heads));
            cases.add(attend("attend" + shape, heads, normal("q", R, H * d), normal("k", R, K * d),
                             normal("v", R, K * d)));
        }
    }

    static Case score(String name, Tensor q, Tensor k, Heads heads) {
        return new Case(name, Score.class, (tape, in) -> tape.record(new Score(in.get(0), in.get(1), heads, 0.7)),
            List.of(q, k), 2, patterns(heads),
            (rules, x, y, r) -> RForm.score(rules.score(), x[0], x[1], heads, 0.7, y, r));
    }

    static Case softmax(String name, Tensor s, Heads heads) {
        return new Case(name, CausalSoftmax.class, (tape, in) -> tape.record(new CausalSoftmax(in.get(0), heads)),
            List.of(s), 1, patterns(heads), (rules, x, y, r) -> new double[][] {RForm.softmax(x[0], y, heads, r)});
    }

    static Case mix(String name, Tensor p, Tensor v, Heads heads) {
        return plain(name, Mix.class, (tape, in) -> tape.record(new Mix(in.get(0), in.get(1), heads)), List.of(p, v), 2,
            (rules, x, y, r) -> RForm.mix(rules.mix(), x[0], x[1], heads, y, r));
    }

    static Case attend(String name, Heads heads, Tensor... qkv) {
        Net net = (tape, in) -> tape.record(new Attend(in.get(0), in.get(1), in.get(2), heads, 0.7));
        return plain(name, Attend.class, net, List.of(qkv), 3,
            (rules, x, y, r) -> RForm.attend(rules, x[0], x[1], x[2], heads, 0.7, y, r));
    }

    private static List<Rows> patterns(Heads heads) {
        return PLAIN.stream().map(rows -> rows.heads(heads.heads(), T)).toList();
    }

    private static Case plain(String name, Class<? extends Op> op, Net net, List<Tensor> inputs,
                              int relevances, Case.@Nullable Reference reference) {
        return new Case(name, op, net, inputs, relevances, PLAIN, reference);
    }

    /// Normal numbers that depend on the name and the shape alone.
    public static Tensor normal(String name, int... dims) {
        var random = new SplittableRandom(name.hashCode());
        var size = 1;
        for (int d : dims) size *= d;
        var values = new double[size];
        for (int i = 0; i < size; i++) values[i] = random.nextGaussian();
        return Tensor.of(values, dims);
    }

    /// Pushed out of the stretch in which a difference would step over ReLU's kink.
    private static Tensor awayFromZero(Tensor x) {
        var values = x.toDoubles();
        for (int i = 0; i < values.length; i++) values[i] += Math.copySign(0.02, values[i]);
        return Tensor.of(values, x.shape().dims());
    }
}
