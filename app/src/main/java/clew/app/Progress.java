package clew.app;

import clew.model.LanguageModel;
import clew.model.Run;
import clew.model.Watcher;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// `clew: about 2.1 GB and 40 s ` once, then `clew: 35 %, about 12 s left`: for a person who has waited for a
/// second, on standard error.
///
/// How long it takes is the work to come by the speed of late. What came before says little: until the
/// compiler has done its part, work is many times slower.
final class Progress implements AutoCloseable {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /// Before that nothing is said; of work that ends before long there is no estimate.
    private static final long PATIENCE = SECOND, LONG = 5 * SECOND;
    /// Between two looks at how far the work is.
    private static final long LOOK = SECOND / 20;
    /// What counts is the last quarter of the time until now, within these bounds: a machine that is busy with other
    /// work warms up as much later.
    private static final long SHORTEST = SECOND, LONGEST = 30 * SECOND;
    private static final double RECENT = 0.25;
    /// The speed has settled if both halves of that time had about the same, and the compiler was at work for no more
    /// than this share of it. After so much of the work there is an estimate even if it has not.
    private static final double ALIKE = 1.25, COMPILING = 0.3, LATEST = 0.15;
    private static final int LINE = 40;

    private final Io io;
    private final long pause;
    private final Clock clock;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private final long start;
    private long shown;
    private boolean estimated, dirty;

    /// How far the work was at a time, in steps or as a share of all, and the compiler's time until then.
    private record Mark(long time, long compiled, double done) {}

    private Progress(Io io, long pause, Clock clock) {
        this.io = io;
        this.pause = pause;
        this.clock = clock;
        this.start = clock.now();
        marks.add(new Mark(start, 0, 0));
    }

    /// One line that changes on a terminal, a line now and then elsewhere.
    static Progress to(Io io) {
        return to(io, Clock.system());
    }

    static Progress to(Io io, Clock clock) {
        return new Progress(io, io.terminals().contains(Io.Stream.ERR) ? SECOND / 5 : 10 * SECOND, clock);
    }

    static Progress silent(Io io) {
        return new Progress(io, Long.MAX_VALUE, Clock.system());
    }

    private boolean isSilent() {
        return pause == Long.MAX_VALUE;
    }

    /// What the person who waits should know before the work begins.
    void say(String sentence) {
        if (!isSilent()) io.err().println("clew: " + sentence);
    }

    /// The model, which tells of every sequence that it has run, out of so many.
    LanguageModel counting(LanguageModel model, long sequences) {
        var done = new long[1];
        return model.watched(run -> at((double) (done[0] += run.pass().sequences()) / sequences));
    }

    /// Hears of every step of work. What share it is of all a second thread finds out, which goes through the same work
    /// on a device that only counts.
    ///
    /// @param reached as [Forecast] takes it
    Watcher following(LanguageModel model, Consumer<LanguageModel> work, ToDoubleFunction<Forecast> reached) {
        return isSilent() ? _ -> {} : new Steps(model, work, reached);
    }

    private final class Steps implements Watcher {
        private final LanguageModel model;
        private final Consumer<LanguageModel> work;
        private final ToDoubleFunction<Forecast> reached;
        private final HeapGuard heap = new HeapGuard();
        private volatile @Nullable Forecast forecast;
        private boolean begun;
        private long steps;

        Steps(LanguageModel model, Consumer<LanguageModel> work, ToDoubleFunction<Forecast> reached) {
            this.model = model;
            this.work = work;
            this.reached = reached;
        }

        @Override
        public void ran(Run run) {}

        /// Perhaps by several threads, each at work on a part of its own: then shares are about right.
        @Override
        public synchronized void step() {
            steps++;
            var now = clock.now();
            if (now - marks.getLast().time < LOOK) return;
            if (!begun && now - start > PATIENCE / 2) begin(now);
            var known = forecast;
            if (known != null) heap.keepNear(known.numbers(), now);
            look(now, steps, known == null ? null : known::share, known == null ? 0 : known.bytes());
        }

        /// The count ends after a while: it takes a processor from the work.
        private void begin(long now) {
            begun = true;
            Thread.ofPlatform().daemon().name("clew-forecast").start(() ->
                forecast = Forecast.of(model, work, reached, () -> clock.now() - now > 2 * SECOND));
        }
    }

    /// So much of the work is done, from 0 to 1.
    void at(double share) {
        look(clock.now(), share, DoubleUnaryOperator.identity(), 0);
    }

    /// @param share of all work, of so much done; null while it is not known
    /// @param bytes that the work needs; 0 where it is not known
    private void look(long now, double done, @Nullable DoubleUnaryOperator share, long bytes) {
        if (isSilent()) return;
        marks.add(new Mark(now, now - start < PATIENCE / 2 ? 0 : clock.compiled().getAsLong(), done));
        var recent = Math.clamp((long) (RECENT * (now - start)), SHORTEST, LONGEST);
        while (marks.size() > 2 && second().time <= now - recent) marks.removeFirst();
        if (share == null || now - start < PATIENCE) return;
        Mark first = marks.getFirst(), middle = first, last = marks.getLast();
        for (var mark : marks) if (mark.time <= now - recent / 2) middle = mark;
        var at = share.applyAsDouble(done);
        double before = speed(first, middle, share), lately = speed(middle, last, share);
        var settled = before > 0 && lately < ALIKE * before && before < ALIKE * lately
            && last.compiled - first.compiled <= COMPILING * (now - first.time);
        if (at >= 1 || !estimated && !settled && at < LATEST) return;
        var left = (1 - at) / speed(first, last, share);
        if (!estimated) estimate(now - start + left, bytes);
        else if (now - shown >= pause) {
            shown = now;
            show("clew: " + (int) (100 * at) + " %, about " + duration(left) + " left");
        }
    }

    private Mark second() {
        var marked = marks.iterator();
        marked.next();
        return marked.next();
    }

    private static double speed(Mark from, Mark to, DoubleUnaryOperator share) {
        return to.time == from.time ? 0
            : (share.applyAsDouble(to.done) - share.applyAsDouble(from.done)) / (to.time - from.time);
    }

    private void estimate(double all, long bytes) {
        estimated = true;
        if (all >= LONG) io.err().println("clew: about " + (bytes == 0 ? "" : size(bytes) + " and ") + duration(all));
    }

    private void show(String text) {
        if (!io.terminals().contains(Io.Stream.ERR)) io.err().println(text);
        else {
            dirty = true;
            io.err().print("\r" + text + " ".repeat(Math.max(0, LINE - text.length())));
            io.err().flush();
        }
    }

    private static String size(long bytes) {
        return bytes < 1e9 ? Math.round(bytes / 1e7) * 10 + " MB" : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    private static String duration(double nanos) {
        var seconds = nanos / SECOND;
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
