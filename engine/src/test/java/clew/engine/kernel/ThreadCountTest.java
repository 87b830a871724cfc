package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
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
        var alone = results(verb, seed, 1);
        for (int threads : new int[] {2, 3, 5, 64}) {
            var shared = results(verb, seed, threads);
            for (int i = 0; i < alone.size(); i++)
                assertArrayEquals(alone.get(i), shared.get(i), 0.0,
                    verb + " case " + i + " on " + threads + " threads, seed " + seed);
        }
    }

    private static List<double[]> results(String verb, int seed, int threads) {
        try (var workers = Workers.of(threads)) {
            var simd = new SimdKernels(workers);
            var cases = Verbs.of(verb, new Draw(seed), 515, 150);
            return cases.stream().map(c -> c.call().apply(simd).toDoubles()).toList();
        }
    }
}
