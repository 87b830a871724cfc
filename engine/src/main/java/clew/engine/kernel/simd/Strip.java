package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// `out[r, x] += Σ_t p[r,t] · v[t, x]`: the inner product of attention, for one output row or four, over any strides.
///
/// Four rows by two vectors is eight accumulators: enough to hide the latency of fma, few enough for 16 registers.
final class Strip {
    /// Coefficient (r, t) lies at `at + r·row + t·step`.
    record Coefficients(float[] data, int at, int row, int step) {
        Coefficients from(int r, int t) {
            return new Coefficients(data, at + r * row + t * step, row, step);
        }
    }

    /// Row t begins at `at + t·stride`.
    record Slice(float[] data, int at, int stride) {
        /// Up to this stride 64 rows lie in a first-level cache, gaps and all.
        private static final int NEAR = 128;

        Slice from(int t) {
            return new Slice(data, at + t * stride, stride);
        }

        /// The same rows with `rows` of them, from row t on, side by side: a copy where gaps would fill a cache.
        Slice near(int t, int rows, int cols) {
            if (stride <= NEAR) return this;
            var scratch = new float[rows * cols];
            for (int i = 0; i < rows; i++)
                System.arraycopy(data, at + (t + i) * stride, scratch, i * cols, cols);
            return new Slice(scratch, -t * cols, cols);
        }
    }

    private Strip() {}

    /// Four rows of `cols` columns, `steps` terms each.
    static void four(Coefficients p, Slice v, Slice out, int steps, int cols) {
        int x = 0;
        for (; x <= cols - 2 * L; x += 2 * L) wide(p, v, out, steps, x);      // body: two vectors
        // tail: one masked vector, at most twice
        for (; x < cols; x += L) narrow(p, v, out, steps, x, S.indexInRange(x, cols));
    }

    /// One row of `cols` columns, `steps` terms.
    static void one(Coefficients p, Slice v, Slice out, int steps, int cols) {
        int x = 0;
        for (; x <= cols - 4 * L; x += 4 * L) row(p, v, out, steps, x);       // body: four vectors hide fma's latency
        for (; x <= cols - 2 * L; x += 2 * L) pair(p, v, out, steps, x);
        for (; x < cols; x += L) single(p, v, out, steps, x, S.indexInRange(x, cols));
    }

    private static void wide(Coefficients p, Slice v, Slice out, int steps, int x) {
        float[] c = p.data(), b = v.data(), y = out.data();
        int p0 = p.at(), p1 = p0 + p.row(), p2 = p1 + p.row(), p3 = p2 + p.row(), step = p.step();
        int y0 = out.at() + x, y1 = y0 + out.stride(), y2 = y1 + out.stride(), y3 = y2 + out.stride();
        FloatVector a00 = fromArray(S, y, y0), a01 = fromArray(S, y, y0 + L);
        FloatVector a10 = fromArray(S, y, y1), a11 = fromArray(S, y, y1 + L);
        FloatVector a20 = fromArray(S, y, y2), a21 = fromArray(S, y, y2 + L);
        FloatVector a30 = fromArray(S, y, y3), a31 = fromArray(S, y, y3 + L);
        for (int t = 0, q = v.at() + x, s = 0; t < steps; t++, q += v.stride(), s += step) {
            FloatVector u = fromArray(S, b, q), w = fromArray(S, b, q + L);
            var k = broadcast(S, c[p0 + s]);
            a00 = k.fma(u, a00); a01 = k.fma(w, a01);
            k = broadcast(S, c[p1 + s]);
            a10 = k.fma(u, a10); a11 = k.fma(w, a11);
            k = broadcast(S, c[p2 + s]);
            a20 = k.fma(u, a20); a21 = k.fma(w, a21);
            k = broadcast(S, c[p3 + s]);
            a30 = k.fma(u, a30); a31 = k.fma(w, a31);
        }
        a00.intoArray(y, y0); a01.intoArray(y, y0 + L);
        a10.intoArray(y, y1); a11.intoArray(y, y1 + L);
        a20.intoArray(y, y2); a21.intoArray(y, y2 + L);
        a30.intoArray(y, y3); a31.intoArray(y, y3 + L);
    }

    private static void narrow(Coefficients p, Slice v, Slice out, int steps, int x, VectorMask<Float> m) {
        float[] c = p.data(), b = v.data(), y = out.data();
        int p0 = p.at(), p1 = p0 + p.row(), p2 = p1 + p.row(), p3 = p2 + p.row(), step = p.step();
        int y0 = out.at() + x, y1 = y0 + out.stride(), y2 = y1 + out.stride(), y3 = y2 + out.stride();
        FloatVector a0 = fromArray(S, y, y0, m), a1 = fromArray(S, y, y1, m);
        FloatVector a2 = fromArray(S, y, y2, m), a3 = fromArray(S, y, y3, m);
        for (int t = 0, q = v.at() + x, s = 0; t < steps; t++, q += v.stride(), s += step) {
            var u = fromArray(S, b, q, m);
            a0 = broadcast(S, c[p0 + s]).fma(u, a0);
            a1 = broadcast(S, c[p1 + s]).fma(u, a1);
            a2 = broadcast(S, c[p2 + s]).fma(u, a2);
            a3 = broadcast(S, c[p3 + s]).fma(u, a3);
        }
        a0.intoArray(y, y0, m); a1.intoArray(y, y1, m); a2.intoArray(y, y2, m); a3.intoArray(y, y3, m);
    }

    private static void row(Coefficients p, Slice v, Slice out, int steps, int x) {
        float[] c = p.data(), b = v.data(), y = out.data();
        var at = out.at() + x;
        FloatVector a0 = fromArray(S, y, at), a1 = fromArray(S, y, at + L);
        FloatVector a2 = fromArray(S, y, at + 2 * L), a3 = fromArray(S, y, at + 3 * L);
        for (int t = 0, q = v.at() + x, s = p.at(); t < steps; t++, q += v.stride(), s += p.step()) {
            var k = broadcast(S, c[s]);
            a0 = k.fma(fromArray(S, b, q), a0);
            a1 = k.fma(fromArray(S, b, q + L), a1);
            a2 = k.fma(fromArray(S, b, q + 2 * L), a2);
            a3 = k.fma(fromArray(S, b, q + 3 * L), a3);
        }
        a0.intoArray(y, at);
        a1.intoArray(y, at + L);
        a2.intoArray(y, at + 2 * L);
        a3.intoArray(y, at + 3 * L);
    }

    private static void pair(Coefficients p, Slice v, Slice out, int steps, int x) {
        float[] c = p.data(), b = v.data(), y = out.data();
        var at = out.at() + x;
        FloatVector a0 = fromArray(S, y, at), a1 = fromArray(S, y, at + L);
        for (int t = 0, q = v.at() + x, s = p.at(); t < steps; t++, q += v.stride(), s += p.step()) {
            var k = broadcast(S, c[s]);
            a0 = k.fma(fromArray(S, b, q), a0);
            a1 = k.fma(fromArray(S, b, q + L), a1);
        }
        a0.intoArray(y, at);
        a1.intoArray(y, at + L);
    }

    private static void single(Coefficients p, Slice v, Slice out, int steps, int x, VectorMask<Float> m) {
        float[] c = p.data(), b = v.data(), y = out.data();
        var a = fromArray(S, y, out.at() + x, m);
        for (int t = 0, q = v.at() + x, s = p.at(); t < steps; t++, q += v.stride(), s += p.step())
            a = broadcast(S, c[s]).fma(fromArray(S, b, q, m), a);
        a.intoArray(y, out.at() + x, m);
    }
}
