package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// f32 from a mapped file into an array: a copy, inlined because the runs are short.
final class WidenF32 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private WidenF32() {}

    static void run(MemorySegment from, long at, float[] to, int o, int count) {
        MemorySegment.copy(from, F32, at, to, o, count);
    }
}
