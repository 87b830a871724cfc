package clew.training;

/// Learning rate by step: linear warm-up to the peak, then a cosine down to the floor.
///
/// @param peak   the highest rate
/// @param floor  the rate of the last step
/// @param warmup steps of warm-up
/// @param total  steps in all
public record Schedule(double peak, double floor, int warmup, int total) {
    /// The rate of step `t`, counted from 0.
    public double rate(int t) {
        if (t < warmup) return peak * (t + 1) / warmup;
        var done = Math.min(1, (double) (t - warmup) / Math.max(1, total - 1 - warmup));
        return floor + 0.5 * (peak - floor) * (1 + Math.cos(Math.PI * done));
    }
}
