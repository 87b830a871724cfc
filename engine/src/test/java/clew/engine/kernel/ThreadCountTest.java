package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Results are bit-identical for any number of threads, at sizes that are shared among them.
class ThreadCountTest {
    static Stream<String> verbs() {
        return Verbs.TABLE.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void theNumberOfThreadsNeverChangesABit(String verb) {
        var seed = verb.hashCode();
        for (var c : Verbs.of(verb, new Draw(seed), 515, 150)) {
            var alone = c.call().apply(new SimdKernels(Workers.of(1))).toDoubles();
            for (int threads : new int[] {2, 3, 5}) {
                var shared = c.call().apply(new SimdKernels(Workers.of(threads))).toDoubles();
                var what = verb + " " + c.what() + ", " + threads + " threads, seed " + seed;
                assertArrayEquals(alone, shared, 0.0, what);
            }
        }
    }
}
