package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static clew.engine.kernel.simd.Lanes.bound;
import static jdk.incubator.vector.FloatVector.fromArray;

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
            FloatVector a = fromArray(S, g, at + i), b = fromArray(S, g, at + half + i);
            FloatVector u = fromArray(S, cos, angle + i), v = fromArray(S, sin, angle + i);
            b.neg().fma(v, a.mul(u)).intoArray(out, at + i);
            a.fma(v, b.mul(u)).intoArray(out, at + half + i);
        }
        if (i < half) {
            var m = S.indexInRange(i, half);
            FloatVector a = fromArray(S, g, at + i, m), b = fromArray(S, g, at + half + i, m);
            FloatVector u = fromArray(S, cos, angle + i, m), v = fromArray(S, sin, angle + i, m);
            b.neg().fma(v, a.mul(u)).intoArray(out, at + i, m);
            a.fma(v, b.mul(u)).intoArray(out, at + half + i, m);
        }
    }
}
