package clew.weights;

import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.DynamicFloat;
import clew.engine.tensor.NormalFloat;
import clew.engine.tensor.Scales;
import clew.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;

/// Matrices to codes: in every block the levels nearest to the elements, divided by the block's scale.
///
/// As bitsandbytes does it, with two differences that change no result but in ties: the element is divided by the
/// scale rather than multiplied with its inverse, and the mean of the scales is summed in double. Doubly quantised
/// scales are not used to choose the codes, there as here.
record Quantiser(Quantisation to) {
    /// Blocks that a thread takes at a time.
    private static final int CHUNK = 1024;

    /// The stretch of bytes that [Quantisation#tensor] reads, outside the heap; the collector frees it.
    ///
    /// @throws WeightsException if an element is NaN or infinite: it would spoil its whole block
    Tensor quantise(String name, Tensor matrix) {
        Tensors.firstNonFinite(matrix).ifPresent(bad -> {
            throw new WeightsException("tensor " + Quote.name(name) + " has " + bad + ", which " + to.label()
                    + " cannot hold; download the weights again");
        });
        var bytes = Math.toIntExact(to.bytes(matrix.size()));
        var out = Arena.ofAuto().allocate(bytes, 8);
        var blocks = Coding.blocks(matrix.size());
        var scales = new float[Math.toIntExact(blocks)];
        LongStream.rangeClosed(0, (blocks - 1) / CHUNK).parallel().forEach(chunk -> {
            var end = Math.min(blocks, (chunk + 1) * CHUNK);
            for (long b = chunk * CHUNK; b < end; b++) scales[(int) b] = block(matrix, b, out);
        });
        var rest = out.asSlice(blocks * to.coding().bytes());
        switch (to.step()) {
            case ONCE  -> MemorySegment.copy(scales, 0, rest, Scales.F32, 0, scales.length);
            case TWICE -> twice(scales, rest);
        }
        return Tensor.mapped(out, DType.U8, bytes);
    }

    /// Writes the codes of block b; returns its scale.
    private float block(Tensor matrix, long b, MemorySegment out) {
        var from = b * Coding.BLOCK;
        var w = matrix.toDoubles(from, (int) Math.min(Coding.BLOCK, matrix.size() - from));
        var largest = 0f;
        for (var v : w) largest = Math.max(largest, Math.abs((float) v));
        var scale = to.coding() == Coding.INT8 ? largest / 127 : largest;
        for (int e = 0; e < Coding.BLOCK; e++) {
            var x = e < w.length && scale > 0 ? (float) w[e] / scale : 0;
            switch (to.coding()) {
                case INT8 -> out.set(ValueLayout.JAVA_BYTE, from + e, (byte) Math.clamp(Math.rint(x), -127, 127));
                case NF4  -> nibble(out, b * Coding.NF4.bytes() + e % 32, NormalFloat.nearest(x) << e / 32 * 4);
            }
        }
        return scale;
    }

    private static void nibble(MemorySegment out, long at, int bits) {
        out.set(ValueLayout.JAVA_BYTE, at, (byte) (out.get(ValueLayout.JAVA_BYTE, at) | bits));
    }

    /// `scale − mean`, in groups, to the nearest levels of [DynamicFloat]: codes, the groups' largest, the mean.
    private static void twice(float[] scales, MemorySegment out) {
        var sum = 0.0;
        for (var s : scales) sum += s;
        var mean = scales.length == 0 ? 0 : (float) (sum / scales.length);
        int n = scales.length, groups = (int) Quantisation.groups(n);
        for (int g = 0; g < groups; g++) {
            int from = g * Scales.Doubled.GROUP, end = Math.min(n, from + Scales.Doubled.GROUP);
            var largest = 0f;
            for (int i = from; i < end; i++) largest = Math.max(largest, Math.abs(scales[i] - mean));
            for (int i = from; i < end; i++) {
                var code = DynamicFloat.nearest(largest > 0 ? (scales[i] - mean) / largest : 0);
                out.set(ValueLayout.JAVA_BYTE, i, (byte) code);
            }
            out.set(Scales.F32, n + 4L * g, largest);
        }
        out.set(Scales.F32, n + 4L * groups, mean);
    }
}
