package clew.training;

/// Learning rate by step: linear warm-up to the peak, a stretch at the peak, then a cosine down to the floor.
///
/// @param peak   the highest rate
/// @param floor  the rate of the last step
/// @param warmup steps of warm-up
/// @param hold   steps at the peak behind it; 0 for the plain cosine schedule
/// @param total  steps in all
public record Schedule(double peak, double floor, int warmup, int hold, int total) {
    /// The rate of step `t`, counted from 0.
    public double rate(int t) {
        if (t < warmup) return peak * (t + 1) / warmup;
        var top = warmup + hold;
        var done = Math.clamp((double) (t - top) / Math.max(1, total - 1 - top), 0, 1);
        return floor + 0.5 * (peak - floor) * (1 + Math.cos(Math.PI * done));
    }
}
