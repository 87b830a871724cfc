package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.bound;
import static clew.engine.kernel.simd.Lanes.load;
import static clew.engine.kernel.simd.Lanes.tail;

import jdk.incubator.vector.FloatVector;

/// Turns the first `2·half` of every `width` columns: `(a, b) → (a·cos − b·sin, b·cos + a·sin)`, columns i, i + half.
///
/// @param cos  `[R, half]`
/// @param sin  `[R, half]`
/// @param half pairs that turn in one head
public record RotateLoop(float[] cos, float[] sin, int half, int width) {
    /// The row of C columns at `at`, by the angles of row `face`.
    public void row(float[] g, float[] out, int at, int face, int C) {
        for (int head = at; head < at + C; head += width) {
            head(g, out, head, face * half);
            System.arraycopy(g, head + 2 * half, out, head + 2 * half, width - 2 * half);
        }
    }

    private void head(float[] g, float[] out, int at, int angle) {
        int i = 0;
        for (int end = bound(0, half); i < end; i += L) {
            FloatVector a = load(g, at + i), b = load(g, at + half + i);
            FloatVector u = load(cos, angle + i), v = load(sin, angle + i);
            b.neg().fma(v, a.mul(u)).intoArray(out, at + i);
            a.fma(v, b.mul(u)).intoArray(out, at + half + i);
        }
        if (i < half) {
            var m = tail(i, half);
            FloatVector a = load(g, at + i, m), b = load(g, at + half + i, m);
            FloatVector u = load(cos, angle + i, m), v = load(sin, angle + i, m);
            b.neg().fma(v, a.mul(u)).intoArray(out, at + i, m);
            a.fma(v, b.mul(u)).intoArray(out, at + half + i, m);
        }
    }
}
