package clew.attribution.evaluation;

import java.util.List;
import java.util.stream.IntStream;

/// The curves of random orders of a prompt, which a method's lie beside: at every share of replaced tokens the mean of
/// f and the middle 95 % of the draws. Which end of such an order goes first makes no difference.
///
/// @param draws  how many orders
/// @param shares as of [Curve]
public record Band(int draws, double[] shares, double[] mean, double[] low, double[] high) {
    /// Of orders that the scorer draws one after another.
    public static Band of(Trial trial, Scorer chance, int draws) {
        return of(IntStream.range(0, draws)
            .mapToObj(_ -> Curve.of(Judged.of(trial, chance), Curve.First.MOST_RELEVANT)).toList());
    }

    /// @param curves of one prompt, at the same shares
    static Band of(List<Curve> curves) {
        var shares = curves.getFirst().shares();
        double[] mean = new double[shares.length], low = mean.clone(), high = mean.clone();
        for (int i = 0; i < shares.length; i++) {
            var at = i;
            var values = curves.stream().mapToDouble(c -> c.values()[at]).toArray();
            var range = Summary.Range.of(values);
            mean[i] = Mean.of(values).value();
            low[i]  = range.low();
            high[i] = range.high();
        }
        return new Band(curves.size(), shares, mean, low, high);
    }
}
