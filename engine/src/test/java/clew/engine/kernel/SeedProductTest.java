package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import clew.engine.kernel.plain.PlainProducts;
import clew.engine.kernel.simd.Floats;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight.Layout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cotangents that name few of many logits give the bits of the whole product.
class SeedProductTest {
    private static final int OUT = 5000, IN = 37, ROWS = 6;

    /// From none to more than are few.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 17, 300, 2000})
    void theNamedRowsAreTheWholeProduct(int named) {
        var draw = new Draw(named);
        var g = new float[ROWS * OUT];
        for (int i = 0; i < named; i++) g[draw.below(g.length)] = draw.normals(1)[0];
        for (var part : Part.values()) {
            var w = draw.weight(Layout.OUT_IN, OUT, IN);
            var y = new SimdKernels(Workers.of(2)).linearTransposed(Tensor.of(g, ROWS, OUT), w, part);
            assertArrayEquals(PlainProducts.linearTransposed(g, ROWS, w, part), Floats.of(y), named + " " + part);
        }
    }
}
