package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.tensor.Storage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Weights W [k, n] brought into scratch some rows at a time, in panels as wide as a tile, the last rounded up to whole
/// vectors; what lies beyond the matrix is zero. Panel p of d rows lies at `p · d · WIDTH` as `[d][width]`.
///
/// Four rows are brought in at a time: four streams that the processor fetches ahead, and 512 bytes in one place. Row
/// by row it took twice as long, from the cache as from memory (15 and 29 GB/s, 2026-11-25).
record Panels(WeightView w, Part part) {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int L = Tiles.LANES;
    private static final int W = Tiles.WIDTH;
    private static final int ROWS = 4;

    int steps() {
        return w.rows();
    }

    int cols() {
        return w.cols();
    }

    Panels cols(int from, int count) {
        return new Panels(w.cols(from, count), part);
    }

    int count() {
        return (cols() + Tiles.WIDTH - 1) / Tiles.WIDTH;
    }

    int width(int panel) {
        return Math.min(Tiles.WIDTH, Tiles.roundUp(cols() - panel * Tiles.WIDTH));
    }

    /// Columns of the matrix in a panel.
    int valid(int panel) {
        return Math.min(Tiles.WIDTH, cols() - panel * Tiles.WIDTH);
    }

    /// Floats of all panels of so many rows.
    int size(int rows) {
        return rows * Tiles.roundUp(cols());
    }

    /// Rows `k … k+d−1`.
    void fill(int k, int d, float[] to, Workspace space) {
        int i = 0;
        for (; i + ROWS <= d; i += ROWS) four(k + i, to, i * W, d * W, space);
        for (int p = 0; p < w.cols() / W && i < d; p++)
            Widen.block(w, part, k + i, d - i, p * W, W, to, p * d * W + i * W, W);
        if (w.cols() % W != 0) last(k, d, to);
    }

    private void four(int k, float[] to, int at, int panel, Workspace space) {
        int whole = w.cols() / W * W, stride = w.stride();
        if (w.mappedFloats(part) instanceof MemorySegment data)
            four(data, 4 * w.index(k, 0), 4L * stride, whole, to, at, panel);
        else if (part == Part.ALL && w.storage() instanceof Storage.Floats(var data))
            four(data, (int) w.index(k, 0), stride, whole, to, at, panel);
        else {
            var rows = space.rows(ROWS * whole);
            Widen.block(w, part, k, ROWS, 0, whole, rows, 0, whole);
            four(rows, 0, whole, whole, to, at, panel);
        }
    }

    private static void four(float[] from, int o, int stride, int cols, float[] to, int at, int panel) {
        for (int p = 0; p < cols; p += W, at += panel) {
            int o1 = o + p, o2 = o1 + stride, o3 = o2 + stride, o4 = o3 + stride;
            FloatVector.fromArray(S, from, o1).intoArray(to, at);
            FloatVector.fromArray(S, from, o1 + L).intoArray(to, at + L);
            FloatVector.fromArray(S, from, o2).intoArray(to, at + W);
            FloatVector.fromArray(S, from, o2 + L).intoArray(to, at + W + L);
            FloatVector.fromArray(S, from, o3).intoArray(to, at + 2 * W);
            FloatVector.fromArray(S, from, o3 + L).intoArray(to, at + 2 * W + L);
            FloatVector.fromArray(S, from, o4).intoArray(to, at + 3 * W);
            FloatVector.fromArray(S, from, o4 + L).intoArray(to, at + 3 * W + L);
        }
    }

    private static void four(MemorySegment from, long o, long stride, int cols, float[] to, int at, int panel) {
        for (int p = 0; p < cols; p += W, at += panel) {
            long o1 = o + 4L * p, o2 = o1 + stride, o3 = o2 + stride, o4 = o3 + stride;
            FloatVector.fromMemorySegment(S, from, o1, LE).intoArray(to, at);
            FloatVector.fromMemorySegment(S, from, o1 + 4 * L, LE).intoArray(to, at + L);
            FloatVector.fromMemorySegment(S, from, o2, LE).intoArray(to, at + W);
            FloatVector.fromMemorySegment(S, from, o2 + 4 * L, LE).intoArray(to, at + W + L);
            FloatVector.fromMemorySegment(S, from, o3, LE).intoArray(to, at + 2 * W);
            FloatVector.fromMemorySegment(S, from, o3 + 4 * L, LE).intoArray(to, at + 2 * W + L);
            FloatVector.fromMemorySegment(S, from, o4, LE).intoArray(to, at + 3 * W);
            FloatVector.fromMemorySegment(S, from, o4 + 4 * L, LE).intoArray(to, at + 3 * W + L);
        }
    }

    /// The panel that is not full.
    private void last(int k, int d, float[] to) {
        int p = count() - 1, at = p * d * W, width = width(p), valid = valid(p);
        Widen.block(w, part, k, d, p * W, valid, to, at, width);
        for (int i = 0; i < d && valid < width; i++) Arrays.fill(to, at + i * width + valid, at + (i + 1) * width, 0f);
    }
}
