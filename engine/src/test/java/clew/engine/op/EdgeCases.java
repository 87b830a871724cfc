package clew.engine.op;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Heads;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.List;

/// Where rules divide by zero if they are careless: zero inputs, outputs that cancel, empty sides, constant rows.
final class EdgeCases {
    private EdgeCases() {}

    static void add(List<Case> cases) {
        linears(cases);
        for (var f : Activation.values()) {
            var x = cycle(Cases.R, 5, 0, -0.0, 1e-5, -1e-5, 1e-9, 30, -30, 8, -8, 0.5);
            cases.add(Cases.activate("activate " + f + ", zeros", f, x));
        }
        cases.add(Cases.softCap("soft cap, zeros", cycle(Cases.R, 5, 0, -0.0, 1e-5, -1e-9, 300, -300, 8, 0.5), 4));
        cases.add(Cases.rmsNorm("rms norm, zeros", cycle(Cases.R, 3, 0, 0, 0, 1, -2, 0, 3, 3, 3)));
        cases.add(Cases.layerNorm("layer norm, constant rows", cycle(Cases.R, 3, 0, 0, 0, 2, 2, 2, 1, -2, 0)));
        var heads = Heads.causal(2, 1, 2, Cases.T);
        var patterns = Cases.B * heads.heads() * Cases.T;
        var scores = cycle(patterns, Cases.T, 0, 0, 0, 700, -700, 0, 40, 0, -800);
        cases.add(Cases.softmax("softmax, large scores", scores, heads));
        var sparse = cycle(patterns, Cases.T, 0, 1, 0, 0.5, 0, 0.5, 0, 0, 0);
        cases.add(Cases.mix("mix, zeros", sparse, cycle(Cases.R, 2, 0, 0, 1, -1), heads));
    }

    /// Each output has its own difficulty: any sign, all products ≥ 0, all ≤ 0, cancelling to 0, no weight at all.
    private static void linears(List<Case> cases) {
        var x = Tensor.of(new double[] {
             1,    2,    0,  4,
             0,    0,    0,  0,
            -1,   -2,    3,  0,
             2,    2,    1,  1,
            -3,    0,    0, -1,
             1e-8, -1e-8, 5, 1}, 6, 4);
        var view = Weight.whole(Tensor.of(new double[] {
             1, -2,  3, -1,
             2,  1,  0,  3,
            -1, -2, -1, -1,
             1, -1,  1, -1,
             0,  0,  0,  0}, 5, 4), Layout.OUT_IN);
        cases.add(Cases.linear("linear, zeros", x, view, null));
        cases.add(Cases.linear("linear, zeros, b of either sign", x, view, cycle(1, 5, 1, -2, 0.5, 0, -0.25)));
        cases.add(Cases.linear("linear, zeros, b cancels", x, view, cycle(1, 5, -1, 1, 10, 0, 3)));
    }

    /// `[rows, cols]` filled with the values again and again.
    private static Tensor cycle(int rows, int cols, double... values) {
        var all = new double[rows * cols];
        for (int i = 0; i < all.length; i++) all[i] = values[i % values.length];
        return Tensor.of(all, rows, cols);
    }
}
