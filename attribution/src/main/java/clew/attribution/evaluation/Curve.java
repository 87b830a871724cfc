package clew.attribution.evaluation;

import java.util.stream.IntStream;

/// What the model says while tokens are replaced one after another, from none to all.
///
/// @param shares        of the tokens that may be replaced, how many are: from 0 to 1
/// @param values        f, the explained scalar
/// @param probabilities p of the explained token
public record Curve(double[] shares, double[] values, double[] probabilities) {
    /// Most points behind the first.
    private static final int STEPS = 16;

    /// Which tokens go first.
    public enum First {
        /// MoRF: those of the largest score.
        MOST_RELEVANT,
        /// LeRF: those of the smallest.
        LEAST_RELEVANT
    }

    /// The curve of an explanation, at every token or, of a long prompt, at 16 even steps.
    public static Curve of(Judged judged, First first) {
        var order = judged.order();
        var n = order.length;
        var going = first == First.MOST_RELEVANT ? order
            : IntStream.range(0, n).map(i -> order[n - 1 - i]).toArray();
        var steps = Math.min(STEPS, n);
        var counts = IntStream.rangeClosed(0, steps).map(i -> steps == 0 ? 0 : Math.round((float) i * n / steps));
        var sets = counts.mapToObj(k -> Judged.first(going, k)).toList();
        var outcomes = judged.trial().outcomes(sets);
        return new Curve(sets.stream().mapToDouble(s -> n == 0 ? 0 : (double) s.cardinality() / n).toArray(),
            outcomes.stream().mapToDouble(Trial.Outcome::value).toArray(),
            outcomes.stream().mapToDouble(Trial.Outcome::probability).toArray());
    }

    /// `∫₀¹ y`, by trapezoids: the mean height; y itself where there is nothing to replace.
    public double area(double[] y) {
        if (shares.length == 1) return y[0];
        var area = 0.0;
        for (int i = 1; i < shares.length; i++) area += (shares[i] - shares[i - 1]) * (y[i] + y[i - 1]) / 2;
        return area;
    }
}
