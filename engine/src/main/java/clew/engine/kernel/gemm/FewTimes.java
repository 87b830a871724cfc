package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// `Y = X · W` for the few rows of X of a decoding step: weighted rows of W, four at a time, at the memory's speed.
final class FewTimes {
    /// More rows than this and panels in the cache are the faster way.
    static final int MOST = 4;

    private static final int ROWS = 4;

    private final Workers workers;
    private final Workspace.Pool pool;

    FewTimes(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, Part part, float[] y, int yo, int ys, Accumulate how) {
        // columns of a chunk: their sums stay in the cache
        var width = Tiles.roundUp(Math.clamp(w.cols() / 8, 192, 2048));
        workers.forEach((w.cols() + width - 1) / width, i -> {
            var from = i * width;
            var columns = w.cols(from, Math.min(width, w.cols() - from));
            if (how == Accumulate.SET)
                for (int r = 0; r < m; r++) Arrays.fill(y, yo + r * ys + from, yo + r * ys + from + columns.cols(), 0f);
            try (var space = pool.lend()) {
                for (int k = 0; k < w.rows(); k += ROWS)
                    rows(x, xo + k, xs, m, columns, k, part, y, yo + from, ys, space);
            }
        });
    }

    private static void rows(float[] x, int xo, int xs, int m, WeightView w, int k, Part part,
                             float[] y, int yo, int ys, Workspace space) {
        var n = w.cols();
        var rows = Math.min(ROWS, w.rows() - k);
        if (rows == ROWS && part == Part.ALL && w.storage() instanceof Storage.Mapped(var a, var type)
                && isDirect(type)) {
            long at = type.bytes() * w.index(k, 0), step = (long) type.bytes() * w.stride();
            for (int r = 0; r < m; r++) four(x, xo + r * xs, type, a, at, step, y, yo + r * ys, n);
            return;
        }
        var widened = space.weights(ROWS * n);
        Widen.block(w, part, k, rows, 0, n, widened, 0, n);
        for (int r = 0; r < m; r++) {
            if (rows == ROWS) Axpy.four(x, xo + r * xs, widened, 0, n, y, yo + r * ys, n);
            else for (int i = 0; i < rows; i++) Axpy.one(x[xo + r * xs + i], widened, i * n, y, yo + r * ys, n);
        }
    }

    /// Whether there is a kernel that reads weights of this type where they lie.
    private static boolean isDirect(DType type) {
        return type == DType.F32 || type == DType.BF16 || type == DType.F16;
    }

    private static void four(float[] x, int xo, DType type, MemorySegment w, long at, long step,
                             float[] y, int yo, int n) {
        switch (type) {
            case F32  -> AxpyF32.four(x, xo, w, at, step, y, yo, n);
            case BF16 -> AxpyBf16.four(x, xo, w, at, step, y, yo, n);
            case F16  -> AxpyF16.four(x, xo, w, at, step, y, yo, n);
            case F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> throw new AssertionError("read by no kernel");
        }
    }
}
