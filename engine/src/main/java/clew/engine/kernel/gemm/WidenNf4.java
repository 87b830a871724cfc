package clew.engine.kernel.gemm;

import clew.engine.tensor.NormalFloat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// NF4 → f32 within one block: `level(code) · scale`. The sixteen levels lie in one register or two; vectors of four
/// floats would need four, and go one by one.
final class WidenNf4 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final VectorSpecies<Integer> I = S.withLanes(int.class);
    private static final int L = S.length();
    private static final int HALF = 32;
    private static final float[] LEVELS = NormalFloat.levels();

    private WidenNf4() {}

    /// Elements `e … e+count−1` of the block at byte o.
    static void run(MemorySegment from, long o, int e, float scale, float[] to, int at, int count) {
        int i = 0;
        if (L >= 8) {
            IntVector low = low(), high = high();
            for (; i < count && (e + i) % L != 0; i++) to[at + i] = one(from, o, e + i) * scale;
            for (; i + L <= count; i += L) {
                var p = e + i;
                var codes = codes(from, o + p % HALF).lanewise(VectorOperators.LSHR, p / HALF * 4);
                level(codes, low, high).mul(scale).intoArray(to, at + i);
            }
        }
        for (; i < count; i++) to[at + i] = one(from, o, e + i) * scale;
    }

    private static float one(MemorySegment from, long o, int e) {
        return LEVELS[from.get(ValueLayout.JAVA_BYTE, o + e % HALF) >> e / HALF * 4 & 15];
    }

    /// A vector of bytes from byte `at` on: two codes in each lane.
    static IntVector codes(MemorySegment from, long at) {
        return (IntVector) ByteVector.fromMemorySegment(WidenInt8.B, from, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
    }

    /// The bits of the levels: all of them, or the first eight.
    static IntVector low() {
        return FloatVector.fromArray(S, LEVELS, 0).reinterpretAsInts();
    }

    /// The levels that are not in [#low].
    static IntVector high() {
        return FloatVector.fromArray(S, LEVELS, L < 16 ? 8 : 0).reinterpretAsInts();
    }

    /// The levels of the codes in the low four bits of every lane. What stands above them is left there: an index is
    /// taken modulo the length of the table anyway, and a mask before it made [Dot4Nf4] 2.7 times slower (2026-11-26).
    static FloatVector level(IntVector codes, IntVector low, IntVector high) {
        if (L >= 16) return codes.selectFrom(low).reinterpretAsFloats();
        var above = codes.and(8).compare(VectorOperators.NE, 0);
        return codes.selectFrom(low).blend(codes.selectFrom(high), above).reinterpretAsFloats();
    }
}
