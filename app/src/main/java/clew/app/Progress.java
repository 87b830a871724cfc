package clew.app;

import clew.model.LanguageModel;
import java.util.concurrent.TimeUnit;

/// `clew: 35 %, about 12 s left`: for a person who has waited for a second, on standard error.
final class Progress implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final int LINE = 40;

    private final Io io;
    private final long pause;
    private final long start = System.nanoTime();
    private long shown, marked = start;
    private double before;
    private boolean dirty;

    private Progress(Io io, long pause) {
        this.io = io;
        this.pause = pause;
    }

    /// One line that changes on a terminal, a line now and then elsewhere.
    static Progress to(Io io) {
        return new Progress(io, TimeUnit.MILLISECONDS.toNanos(io.terminals().contains(Io.Stream.ERR) ? 200 : 10_000));
    }

    static Progress silent(Io io) {
        return new Progress(io, Long.MAX_VALUE);
    }

    /// The model, which tells of every sequence that it has run, out of so many.
    LanguageModel counting(LanguageModel model, long sequences) {
        var done = new long[1];
        return model.watched(pass -> at((double) (done[0] += pass.sequences()) / sequences));
    }

    /// So much of the work is done, from 0 to 1.
    ///
    /// The estimate is from the work since the last report: the first took longer, while the compiler was at work.
    void at(double fraction) {
        var now = System.nanoTime();
        var waited = now - start;
        if (waited < PATIENCE || waited < 5 * PATIENCE && fraction < 0.05) {
            mark(now, fraction);
            return;
        }
        if (pause == Long.MAX_VALUE || shown != 0 && now - shown < pause || fraction >= 1 || fraction <= before) return;
        var left = (now - marked) / 1e9 * (1 - fraction) / (fraction - before);
        mark(now, fraction);
        shown = now;
        show("clew: " + (int) (100 * fraction) + " %, about " + duration(left) + " left");
    }

    private void mark(long now, double fraction) {
        marked = now;
        before = fraction;
    }

    private void show(String text) {
        if (!io.terminals().contains(Io.Stream.ERR)) io.err().println(text);
        else {
            dirty = true;
            io.err().print("\r" + text + " ".repeat(Math.max(0, LINE - text.length())));
            io.err().flush();
        }
    }

    private static String duration(double seconds) {
        if (seconds < 90) return Math.max(1, Math.round(seconds)) + " s";
        return seconds < 5400 ? Math.round(seconds / 60) + " min" : Math.round(seconds / 3600) + " h";
    }

    @Override
    public void close() {
        end();
    }

    /// Leaves a clean line behind; what is said next stands there.
    void end() {
        if (dirty) io.err().print("\r" + " ".repeat(LINE) + "\r");
        dirty = false;
    }
}
