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
/// Eight rows are brought in at a time: eight streams that the processor fetches ahead, and a kilobyte in one place.
/// Panels of 384 rows × 256 columns on a Zen 4, GB/s from the third-level cache and from memory (2026-11-26): eight
/// rows 38 and 15, four 36 and 14, sixteen 39 and 12, row by row 28 and 10.
record Panels(WeightView w, Part part) {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int L = Tiles.LANES;
    private static final int W = Tiles.WIDTH;
    private static final int ROWS = 8;

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

    /// Rows `from … d−1` of the d rows from k on, to `to[at …]`.
    void fill(int k, int d, int from, float[] to, int at, Workspace space) {
        int i = from;
        for (; i + ROWS <= d; i += ROWS) eight(k + i, to, at + i * W, d * W, space);
        for (int p = 0; p < w.cols() / W && i < d; p++)
            Widen.block(w, part, k + i, d - i, p * W, W, to, at + p * d * W + i * W, W);
        if (w.cols() % W != 0) last(k, d, to, at);
    }

    private void eight(int k, float[] to, int at, int panel, Workspace space) {
        int whole = w.cols() / W * W, stride = w.stride();
        if (w.mappedFloats(part) instanceof MemorySegment data)
            eight(data, 4 * w.index(k, 0), 4L * stride, whole, to, at, panel);
        else if (part == Part.ALL && w.storage() instanceof Storage.Floats(var data))
            eight(data, (int) w.index(k, 0), stride, whole, to, at, panel);
        else {
            var rows = space.rows(ROWS * whole);
            Widen.block(w, part, k, ROWS, 0, whole, rows, 0, whole);
            eight(rows, 0, whole, whole, to, at, panel);
        }
    }

    private static void eight(float[] from, int o, int stride, int cols, float[] to, int at, int panel) {
        for (int p = 0; p < cols; p += W, at += panel) {
            int o0 = o + p, o1 = o0 + stride, o2 = o1 + stride, o3 = o2 + stride;
            int o4 = o3 + stride, o5 = o4 + stride, o6 = o5 + stride, o7 = o6 + stride;
            FloatVector.fromArray(S, from, o0).intoArray(to, at);
            FloatVector.fromArray(S, from, o0 + L).intoArray(to, at + L);
            FloatVector.fromArray(S, from, o1).intoArray(to, at + W);
            FloatVector.fromArray(S, from, o1 + L).intoArray(to, at + W + L);
            FloatVector.fromArray(S, from, o2).intoArray(to, at + 2 * W);
            FloatVector.fromArray(S, from, o2 + L).intoArray(to, at + 2 * W + L);
            FloatVector.fromArray(S, from, o3).intoArray(to, at + 3 * W);
            FloatVector.fromArray(S, from, o3 + L).intoArray(to, at + 3 * W + L);
            FloatVector.fromArray(S, from, o4).intoArray(to, at + 4 * W);
            FloatVector.fromArray(S, from, o4 + L).intoArray(to, at + 4 * W + L);
            FloatVector.fromArray(S, from, o5).intoArray(to, at + 5 * W);
            FloatVector.fromArray(S, from, o5 + L).intoArray(to, at + 5 * W + L);
            FloatVector.fromArray(S, from, o6).intoArray(to, at + 6 * W);
            FloatVector.fromArray(S, from, o6 + L).intoArray(to, at + 6 * W + L);
            FloatVector.fromArray(S, from, o7).intoArray(to, at + 7 * W);
            FloatVector.fromArray(S, from, o7 + L).intoArray(to, at + 7 * W + L);
        }
    }

    private static void eight(MemorySegment from, long o, long stride, int cols, float[] to, int at, int panel) {
        for (int p = 0; p < cols; p += W, at += panel) {
            long o0 = o + 4L * p, o1 = o0 + stride, o2 = o1 + stride, o3 = o2 + stride;
            long o4 = o3 + stride, o5 = o4 + stride, o6 = o5 + stride, o7 = o6 + stride;
            FloatVector.fromMemorySegment(S, from, o0, LE).intoArray(to, at);
            FloatVector.fromMemorySegment(S, from, o0 + 4 * L, LE).intoArray(to, at + L);
            FloatVector.fromMemorySegment(S, from, o1, LE).intoArray(to, at + W);
            FloatVector.fromMemorySegment(S, from, o1 + 4 * L, LE).intoArray(to, at + W + L);
            FloatVector.fromMemorySegment(S, from, o2, LE).intoArray(to, at + 2 * W);
            FloatVector.fromMemorySegment(S, from, o2 + 4 * L, LE).intoArray(to, at + 2 * W + L);
            FloatVector.fromMemorySegment(S, from, o3, LE).intoArray(to, at + 3 * W);
            FloatVector.fromMemorySegment(S, from, o3 + 4 * L, LE).intoArray(to, at + 3 * W + L);
            FloatVector.fromMemorySegment(S, from, o4, LE).intoArray(to, at + 4 * W);
            FloatVector.fromMemorySegment(S, from, o4 + 4 * L, LE).intoArray(to, at + 4 * W + L);
            FloatVector.fromMemorySegment(S, from, o5, LE).intoArray(to, at + 5 * W);
            FloatVector.fromMemorySegment(S, from, o5 + 4 * L, LE).intoArray(to, at + 5 * W + L);
            FloatVector.fromMemorySegment(S, from, o6, LE).intoArray(to, at + 6 * W);
            FloatVector.fromMemorySegment(S, from, o6 + 4 * L, LE).intoArray(to, at + 6 * W + L);
            FloatVector.fromMemorySegment(S, from, o7, LE).intoArray(to, at + 7 * W);
            FloatVector.fromMemorySegment(S, from, o7 + 4 * L, LE).intoArray(to, at + 7 * W + L);
        }
    }

    /// The panel that is not full.
    private void last(int k, int d, float[] to, int start) {
        int p = count() - 1, at = start + p * d * W, width = width(p), valid = valid(p);
        Widen.block(w, part, k, d, p * W, valid, to, at, width);
        for (int i = 0; i < d && valid < width; i++) Arrays.fill(to, at + i * width + valid, at + (i + 1) * width, 0f);
    }
}
