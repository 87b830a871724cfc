package clew.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// One line that says where a run stands: its name, step, loss (mean of the last hundred), tokens per second, time
/// left.
public final class ProgressLine {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final PrintStream out;
    private final String name;
    private final int total;
    private final long start = System.nanoTime();
    private long last = start;
    private long tokens;
    private double mean = Double.NaN;
    private int steps;

    /// @param name  of what is trained
    /// @param total steps of the whole run
    public ProgressLine(PrintStream out, String name, int total) {
        this.out = out;
        this.name = name;
        this.total = total;
    }

    /// To be told of every step; prints now and then.
    public void step(int t, double loss, int stepTokens) {
        tokens += stepTokens;
        steps++;
        mean = Double.isNaN(mean) ? loss : mean + (loss - mean) / Math.min(steps, 100);
        var now = System.nanoTime();
        if (now - last < EVERY.toNanos() && t + 1 < total) return;
        last = now;
        var seconds = (now - start) / 1e9;
        var left = Duration.ofSeconds((long) (seconds / steps * (total - t - 1)));
        out.printf(Locale.ROOT, "%s: step %d of %d  loss %.3f  %.0f tokens/s  %d:%02d left%n", name, t + 1, total, mean,
            tokens / seconds, left.toMinutes(), left.toSecondsPart());
    }
}
