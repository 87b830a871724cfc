package clew.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// The mean of `(to − from) ⊙ ∂f/∂e` at `from + α (to − from)` over drawn samples, with its standard error.
///
/// @param features `[targets][T·D]`
/// @param tokens   the sums over d, `[targets][T]`
record Samples(double[][] features, Tally tokens) {
    /// One draw.
    record Draw(double[] from, double[] to, double alpha) {
        double[] input() {
            return new Line(from, to).at(alpha);
        }
    }

    /// @param most      draws
    /// @param tolerance stops early once half of no 95 % interval is above this share of the target's largest sum;
    ///     0 never
    /// @param draw      the i-th draw; asked for twice, so it has to answer twice alike
    static Samples of(Inputs inputs, List<Explained> targets, int most, double tolerance, IntFunction<Draw> draw) {
        int N = targets.size(), D = inputs.width(), E = inputs.own().length;
        var sum = new double[N][E];
        var tokens = new Tally(N, E / D);
        var round = tolerance > 0 ? Tally.ROUND : most;
        while (tokens.count() < most && !(tolerance > 0 && tokens.within(tolerance))) {
            var from = tokens.count();
            inputs.each(Math.min(round, most - from), i -> draw.apply(from + i).input(), batch -> {
                var gradients = new ArrayList<double[]>();
                for (var f : targets) gradients.add(batch.gradient(f, batch.run().embeddings()));
                for (int b = 0; b < batch.count(); b++) {
                    var d = draw.apply(from + batch.first() + b);
                    var one = new double[N][];
                    for (int n = 0; n < N; n++) one[n] = add(sum[n], gradients.get(n), b * E, d, D);
                    tokens.add(one);
                }
            });
        }
        for (var features : sum) for (int i = 0; i < E; i++) features[i] /= tokens.count();
        return new Samples(sum, tokens);
    }

    /// Adds a draw's features to their sum, and adds them up by token.
    private static double[] add(double[] sum, double[] gradients, int at, Draw d, int D) {
        var one = new double[sum.length];
        for (int i = 0; i < one.length; i++) {
            one[i] = (d.to[i] - d.from[i]) * gradients[at + i];
            sum[i] += one[i];
        }
        return Aggregate.SUM.of(one, D);
    }

    /// Draws made.
    int count() {
        return tokens.count();
    }
}
