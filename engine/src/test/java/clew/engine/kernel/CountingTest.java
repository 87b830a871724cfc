package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The device that counts makes zeros of the shapes that the definition makes.
class CountingTest {
    @TestFactory
    Stream<DynamicTest> shapesAreThoseOfTheDefinition() {
        return Verbs.TABLE.keySet().stream().map(verb -> DynamicTest.dynamicTest(verb, () -> {
            for (var c : Verbs.of(verb, new Draw(7), 16, 6)) {
                var counting = new CountingKernels();
                var y = c.call().apply(counting);
                assertEquals(c.call().apply(new ScalarKernels()).shape(), y.shape(), c.what());
                assertArrayEquals(new double[(int) y.size()], y.toDoubles(), c.what());
                assertTrue(counting.work() > 0, c.what());
            }
        }));
    }

    /// Rows at least as many as the weights are worth waiting for.
    @Test
    void workIsThatOfTheProducts() {
        var w = Weight.whole(Tensor.of(new float[3000 * 2000], 3000, 2000), Weight.Layout.OUT_IN);
        var k = new CountingKernels();
        var x = k.tensor(Shape.of(100, 2000), new double[100 * 2000]);
        var before = k.work();
        var y = k.linear(x, w, Part.ALL);
        assertEquals(100.0 * 3000 * 2000, k.work() - before, 0.02 * 100 * 3000 * 2000);
        assertEquals(4L * 100 * (2000 + 3000), k.bytes());
        assertEquals(8L * 100 * 2000, k.widened());
        before = k.work();
        k.linearTransposed(y, w, Part.ALL);
        assertEquals(100.0 * 3000 * 2000, k.work() - before, 0.02 * 100 * 3000 * 2000);
    }

    /// 5 queries behind 3 known keys see 4 … 8 of them.
    @Test
    void workOfAttentionIsThatOfThePairsSeen() {
        var k = new CountingKernels();
        var heads = new Heads(4, 2, 64, 5, 8, Integer.MAX_VALUE);
        var q = k.tensor(Shape.of(5, 256), new double[5 * 256]);
        var kv = k.tensor(Shape.of(8, 128), new double[8 * 128]);
        var before = k.work();
        k.attend(new Fused.Inputs(q, kv, kv, heads, 0.125));
        assertEquals(2.0 * (4 + 5 + 6 + 7 + 8) * 4 * 64, k.work() - before - 20 * 5 * 256, 1e-9);
    }
}
