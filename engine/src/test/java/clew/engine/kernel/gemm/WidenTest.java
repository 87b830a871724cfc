package clew.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.kernel.Part;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidenTest {
    /// Vector and scalar code agree with the language on each of the 65,536 values.
    @ParameterizedTest
    @CsvSource({"F16, 65536", "F16, 1", "BF16, 65536", "BF16, 1"})
    void everyHalfIsWidenedExactly(DType dtype, int run) {
        var count = 1 << 16;
        var segment = Arena.ofAuto().allocate(2L * count);
        var layout = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) segment.setAtIndex(layout, i, (short) i);
        var w = new WeightView(new Storage.Mapped(segment, dtype), dtype, 0, 1, count, count);
        var wide = new float[count];
        for (int i = 0; i < count; i += run) Widen.block(w, Part.ALL, 0, 1, i, run, wide, i, 0);
        for (int i = 0; i < count; i++) {
            var expected = dtype == DType.F16 ? Float.float16ToFloat((short) i) : Float.intBitsToFloat(i << 16);
            if (Float.isNaN(expected)) assertEquals(expected, wide[i]);
            else assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(wide[i]), "half " + i);
        }
    }
}
