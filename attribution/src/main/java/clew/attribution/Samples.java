package clew.attribution;

import java.util.List;
import java.util.function.IntFunction;

/// The mean of `(to − from) ⊙ ∂f/∂e` at `from + α (to − from)` over drawn samples, with its standard error.
///
/// @param features       `[targets][T·D]`
/// @param standardErrors `[targets][T]`, of the sums over d: `√(Σ (s_i − s̄)² / (n (n − 1)))`
record Samples(double[][] features, double[][] standardErrors) {
    /// One draw.
    record Draw(double[] from, double[] to, double alpha) {
        double[] input() {
            return new Line(from, to).at(alpha);
        }
    }

    /// @param draw the i-th draw; asked for twice, so it has to answer twice alike
    static Samples of(Inputs inputs, List<Explained> targets, int count, IntFunction<Draw> draw) {
        int N = targets.size(), D = inputs.width(), E = inputs.own().length;
        double[][] sum = new double[N][E], tokens = new double[N][E / D], squares = new double[N][E / D];
        inputs.each(count, i -> draw.apply(i).input(), batch -> {
            for (int n = 0; n < N; n++) {
                var g = batch.gradient(targets.get(n), batch.run().embeddings());
                for (int b = 0; b < batch.count(); b++) {
                    var d = draw.apply(batch.first() + b);
                    var one = new double[E];
                    for (int i = 0; i < E; i++) one[i] = (d.to[i] - d.from[i]) * g[b * E + i];
                    for (int i = 0; i < E; i++) sum[n][i] += one[i] / count;
                    var s = Aggregate.SUM.of(one, D);
                    for (int t = 0; t < s.length; t++) {
                        tokens[n][t] += s[t] / count;
                        squares[n][t] += s[t] * s[t] / count;
                    }
                }
            }
        });
        for (int n = 0; n < N; n++)
            for (int t = 0; t < tokens[n].length; t++)
                squares[n][t] = count == 1 ? Double.NaN
                    : Math.sqrt(Math.max(0, squares[n][t] - tokens[n][t] * tokens[n][t]) / (count - 1));
        return new Samples(sum, squares);
    }
}
