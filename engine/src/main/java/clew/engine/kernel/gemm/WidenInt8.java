package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// int8 → f32 within one block: `code · scale`. Vectors of four floats have no vector of four bytes and go one by one.
final class WidenInt8 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(Math.max(64, S.vectorBitSize() / 4)));

    private WidenInt8() {}

    static void run(MemorySegment from, long o, float scale, float[] to, int at, int count) {
        int i = 0;
        for (; i + S.length() <= count && S.length() >= 8; i += S.length())
            level(from, o + i).mul(scale).intoArray(to, at + i);
        for (; i < count; i++) to[at + i] = from.get(ValueLayout.JAVA_BYTE, o + i) * scale;
    }

    /// A vector of codes from byte `at` on.
    static FloatVector level(MemorySegment from, long at) {
        return (FloatVector) ByteVector.fromMemorySegment(B, from, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2F, S, 0);
    }
}
