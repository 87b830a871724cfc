package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// bf16 → f32: the sixteen bits become the upper half of the float.
final class WidenBf16 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final VectorSpecies<Integer> I = S.withLanes(int.class);
    private static final VectorSpecies<Short> H = VectorSpecies.of(short.class,
            VectorShape.forBitSize(S.vectorBitSize() / 2));
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private WidenBf16() {}

    static void run(MemorySegment from, long at, float[] to, int o, int count) {
        int i = 0;
        for (; i + S.length() <= count; i += S.length()) widen(from, at + 2L * i).intoArray(to, o + i);
        for (; i < count; i++) to[o + i] = one(from, at + 2L * i);
    }

    /// The element at byte `at`.
    static float one(MemorySegment from, long at) {
        return Float.intBitsToFloat(from.get(I16, at) << 16);
    }

    /// A vector of elements from byte `at` on.
    static FloatVector widen(MemorySegment from, long at) {
        var bits = (IntVector) ShortVector.fromMemorySegment(H, from, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
        return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }
}
