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

/// f16 → f32, exactly: exponent and fraction moved up 13 bits, then times 2¹¹² to mend the exponent's bias.
///
/// The product is exact and normalises subnormals. Infinities and NaNs come out of it too small, so they get the
/// float's
/// own all-ones exponent instead.
final class WidenF16 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final VectorSpecies<Integer> I = S.withLanes(int.class);
    private static final VectorSpecies<Short> H = VectorSpecies.of(short.class,
            VectorShape.forBitSize(S.vectorBitSize() / 2));
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final float REBIAS = 0x1p112f;

    private WidenF16() {}

    static void run(MemorySegment from, long at, float[] to, int o, int count) {
        int i = 0;
        for (; i + S.length() <= count; i += S.length()) widen(from, at + 2L * i).intoArray(to, o + i);
        for (; i < count; i++) to[o + i] = Float.float16ToFloat(from.get(I16, at + 2L * i));
    }

    private static FloatVector widen(MemorySegment from, long at) {
        var half = (IntVector) ShortVector.fromMemorySegment(H, from, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
        var magnitude = half.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
        var finite = magnitude.reinterpretAsFloats().mul(REBIAS).reinterpretAsInts();
        var special = magnitude.compare(VectorOperators.GE, 0x7c00 << 13);
        var sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
        return finite.blend(magnitude.or(0x7f800000), special).or(sign).reinterpretAsFloats();
    }
}
