package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Storage;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// SIMD = scalar, for every verb at awkward lengths.
class AgreementTest {
    private static final int[] LENGTHS = {1, 2, 3, 7, 8, 15, 16, 17, 31, 64, 100, 207, 768, 1023};
    private static final int ROWS = 6;

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels SIMD = new SimdKernels(Workers.of(2));

    @Test
    void noVerbIsForgotten() {
        var verbs = Arrays.stream(Kernels.class.getDeclaredMethods()).filter(m -> m.getParameterCount() > 0)
            .map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(verbs, Verbs.TABLE.keySet());
    }

    @TestFactory
    Stream<DynamicNode> simdEqualsScalar() {
        return Verbs.TABLE.keySet().stream().map(verb -> DynamicContainer.dynamicContainer(verb,
            IntStream.of(LENGTHS).mapToObj(n -> DynamicTest.dynamicTest(verb + " at " + n, () -> agree(verb, n)))));
    }

    private void agree(String verb, int n) {
        var seed = 1000L * verb.hashCode() + n;
        for (var c : Verbs.of(verb, new Draw(seed), n, ROWS)) agree(c, verb + " " + c.what() + " seed " + seed);
    }

    private void agree(Case c, String what) {
        var expected = c.call().apply(SCALAR);
        var actual = c.call().apply(SIMD);
        assertEquals(expected.shape(), actual.shape(), what);
        if (!c.verb().startsWith("dot")) assertInstanceOf(Storage.Floats.class, actual.storage(), what);
        double[] e = expected.toDoubles(), a = actual.toDoubles();
        for (int i = 0; i < e.length; i++) {
            var error = Math.abs(e[i] - a[i]);
            var at = i;
            assertTrue(error <= c.tolerance(e[i]), () -> what + ": [" + at + "] " + e[at] + " but " + a[at]);
        }
    }
}
