package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Work that takes as long as the test says, by a clock that the test turns.
class ProgressTest {
    private static final double SECOND = 1e9;
    private static final Pattern ESTIMATE = Pattern.compile("clew: about (\\d+) (s|min)");

    private long time, compiled;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Io io(Set<Io.Stream> terminals) {
        return new Io(InputStream.nullInputStream(), OutputStream.nullOutputStream(),
            new PrintStream(err, true, StandardCharsets.UTF_8), Map.of(), Path.of("."), terminals);
    }

    /// What is said while the clock goes on to the end, a report every 50 ms: `share` of the work is done by then.
    ///
    /// @param compiling seconds for which the compiler is at work
    private List<String> said(double seconds, double compiling, DoubleUnaryOperator share) {
        time = compiled = 0;
        err.reset();
        try (var progress = Progress.to(io(Set.of()), new Clock(() -> time, () -> compiled))) {
            for (int i = 1; i <= seconds * 20; i++) {
                time = (long) (i * SECOND / 20);
                compiled = (long) (Math.min(time, compiling * SECOND) * 0.9);
                progress.at(share.applyAsDouble(time / SECOND));
            }
        }
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static double estimate(List<String> said) {
        var found = ESTIMATE.matcher(said.getFirst());
        assertTrue(found.matches(), said.getFirst());
        return Double.parseDouble(found.group(1)) * (found.group(2).equals("s") ? 1 : 60);
    }

    @Test
    void evenWorkIsForetoldOnceAndThenFollowed() {
        var said = said(60, 0, t -> t / 60);
        assertEquals(60, estimate(said), 1);
        assertTrue(said.size() >= 4 && said.size() <= 6, "every ten seconds: " + said);
        assertTrue(said.stream().skip(1).allMatch(line -> line.matches("clew: \\d+ %, about \\d+ s left")),
            said::toString);
        assertTrue(said.stream().anyMatch(line -> line.matches("clew: [45]\\d %, about [23]\\d s left")),
            said::toString);
    }

    /// While the compiler is at work everything takes many times as long: nothing is said of it.
    @Test
    void slowBeginningsDoNotCount() {
        for (var cold : new double[] {1, 2, 4, 8})
            for (var slower : new double[] {5, 50, 500}) {
                var all = 40.0;
                var said = said(all, cold, t -> t < cold ? t / slower / (all - cold + cold / slower)
                    : (cold / slower + t - cold) / (all - cold + cold / slower));
                assertEquals(all, estimate(said), 0.1 * all, cold + " s " + slower + " times slower: " + said);
            }
    }

    /// A speed that rises by degrees is not settled, whoever is to blame.
    @Test
    void estimatesWaitForTheSpeed() {
        var all = 30.0;
        var said = said(all, 0, t -> t < 4 ? Math.pow(2, 4 * (t - 4)) * 0.02 : 0.02 + 0.98 * (t - 4) / (all - 4));
        assertEquals(all, estimate(said), 0.34 * all, said::toString);
    }

    /// Work whose speed halves and doubles every third of a second: within a factor 1.5, as all of it is.
    @Test
    void unevenWorkIsForetoldByItsMean() {
        var said = said(60, 0, t -> (t + 0.1 * Math.sin(2 * Math.PI * 3 * t / 2)) / 60);
        assertTrue(estimate(said) > 40 && estimate(said) < 90, said::toString);
    }

    @Test
    void shortWorkHasNoEstimate() {
        assertEquals(List.of(), said(4.5, 0, t -> t / 4.5));
        assertEquals(List.of(), said(0.9, 0, t -> t / 0.9));
    }

    @Test
    void longWorkIsInMinutesAndHours() {
        assertEquals("clew: about 20 min", said(30, 0, t -> t / 1200).getFirst());
        assertEquals("clew: about 10 h", said(30, 0, t -> t / 36_000).getFirst());
    }

    /// An endless first second: the compiler never rests, and at last a guess is better than none.
    @Test
    void afterSomeOfTheWorkThereIsAnEstimateAnyway() {
        var said = said(40, 40, t -> t / 40);
        assertEquals(40, estimate(said), 1);
    }

    @Test
    void silenceIsSilent() {
        try (var progress = Progress.silent(io(Set.of()))) {
            for (int i = 1; i < 100; i++) progress.at(i / 100.0);
        }
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }
}
