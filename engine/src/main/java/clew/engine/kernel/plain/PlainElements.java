package clew.engine.kernel.plain;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;

/// Loops in which every output element depends on one element of each operand, and on sums of its row.
public final class PlainElements {
    private PlainElements() {}

    /// `x + y`.
    public static float[] add(float[] x, float[] y) {
        var out = new float[x.length];
        for (int i = 0; i < out.length; i++) out[i] = x[i] + y[i];
        return out;
    }

    /// `c · x`.
    public static float[] scale(float[] x, float c) {
        var out = new float[x.length];
        for (int i = 0; i < out.length; i++) out[i] = x[i] * c;
        return out;
    }

    /// `g[n] ⊙ x[face(n)]`, C columns.
    public static float[] mul(float[] g, float[] x, int C, Rows rows) {
        var out = new float[g.length];
        for (var run : rows.runs())
            for (int i = run.at() * C, j = run.first() * C, end = i + run.length() * C; i < end; i++, j++)
                out[i] = g[i] * x[j];
        return out;
    }

    /// `g[n] · z[face(n)] / δ(u[face(n)])`, 0 where z is 0.
    public static float[] ratio(float[] g, float[] z, float[] u, float eps, int C, Rows rows) {
        var out = new float[g.length];
        for (var run : rows.runs())
            for (int i = run.at() * C, j = run.first() * C, end = i + run.length() * C; i < end; i++, j++)
                out[i] = z[j] == 0 ? 0 : g[i] * (z[j] / (u[j] + (u[j] < 0 ? -eps : eps)));
        return out;
    }

    /// Whether [#curve] knows this one.
    public static boolean takes(Activation f) {
        return f == Activation.SILU || f == Activation.GELU_NEW;
    }

    /// A curve of SILU or of GELU_NEW.
    public static float[] curve(Activation f, Curve curve, float[] x) {
        var out = new float[x.length];
        for (int i = 0; i < out.length; i++)
            out[i] = f == Activation.SILU ? silu(curve, x[i]) : geluNew(curve, x[i]);
        return out;
    }

    private static float silu(Curve curve, float x) {
        var e = PlainExp.exp(-x);
        return switch (curve) {
            case VALUE -> PlainExp.gated(x, e);
            case SLOPE -> PlainExp.siluSlope(x, e);
            case GATE  -> PlainExp.sigmoid(e);
        };
    }

    private static float geluNew(Curve curve, float x) {
        var e = PlainExp.exp(-PlainExp.cubic(x));
        return switch (curve) {
            case VALUE -> PlainExp.gated(x, e);
            case SLOPE -> PlainExp.geluNewSlope(x, e);
            case GATE  -> PlainExp.sigmoid(e);
        };
    }

    // ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// `x[r] + b`.
    public static float[] addToRows(float[] x, float[] b) {
        var out = new float[x.length];
        for (int at = 0; at < out.length; at += b.length)
            for (int i = 0; i < b.length; i++) out[at + i] = x[at + i] + b[i];
        return out;
    }

    /// `x[r] ⊙ w`.
    public static float[] scaleCols(float[] x, float[] w) {
        var out = new float[x.length];
        for (int at = 0; at < out.length; at += w.length)
            for (int i = 0; i < w.length; i++) out[at + i] = x[at + i] * w[i];
        return out;
    }

    /// `g[n] · s[face(n)]`, C columns.
    public static float[] scaleRows(float[] g, float[] s, int C, Rows rows) {
        var out = new float[g.length];
        for (var run : rows.runs())
            for (int n = 0; n < run.length(); n++)
                for (int i = (run.at() + n) * C, end = i + C; i < end; i++) out[i] = g[i] * s[run.first() + n];
        return out;
    }

    /// `x[r] − mean x[r]`.
    public static float[] centreRows(float[] x, int C) {
        var out = new float[x.length];
        for (int at = 0; at < out.length; at += C) {
            var mean = (float) (PlainLanes.sum(x, at, C) / C);
            for (int i = at; i < at + C; i++) out[i] = x[i] - mean;
        }
        return out;
    }

    /// `1 / √(mean x[r]² + ε)`.
    public static float[] rmsScale(float[] x, int C, double eps) {
        var s = new float[x.length / C];
        for (int r = 0; r < s.length; r++)
            s[r] = (float) (1 / Math.sqrt(PlainLanes.dot(x, r * C, x, r * C, C) / C + eps));
        return s;
    }

    /// `g[n] − x[r]·s[r]²·mean(g[n]·x[r])`.
    public static float[] rowProjection(float[] g, float[] x, float[] s, int C, Rows rows) {
        var out = new float[g.length];
        for (var run : rows.runs())
            for (int n = 0; n < run.length(); n++) {
                int at = (run.at() + n) * C, face = (run.first() + n) * C;
                var share = (float) -(PlainLanes.dot(g, at, x, face, C) / C * s[run.first() + n] * s[run.first() + n]);
                for (int i = 0; i < C; i++) out[at + i] = Math.fma(share, x[face + i], g[at + i]);
            }
        return out;
    }

    /// `y[index[n]] += g[n]` into `count` rows of zeros.
    public static float[] placeRows(float[] g, int[] index, int count, int C) {
        var out = new float[Math.multiplyExact(count, C)];
        for (int n = 0; n < index.length; n++)
            for (int i = 0; i < C; i++) out[index[n] * C + i] += g[n * C + i];
        return out;
    }

    /// Columns i and i + half of every `width` turned by the angles of the row that is faced.
    public static float[] rotate(float[] g, float[] cos, float[] sin, int half, int width, int C, Rows rows) {
        var out = g.clone();
        for (var run : rows.runs())
            for (int n = 0; n < run.length(); n++)
                for (int at = (run.at() + n) * C, end = at + C; at < end; at += width)
                    turn(g, cos, sin, (run.first() + n) * half, half, out, at);
        return out;
    }

    private static void turn(float[] g, float[] cos, float[] sin, int angle, int half, float[] out, int at) {
        for (int i = 0; i < half; i++) {
            float a = g[at + i], b = g[at + half + i], u = cos[angle + i], v = sin[angle + i];
            out[at + i] = Math.fma(-b, v, a * u);
            out[at + half + i] = Math.fma(a, v, b * u);
        }
    }

    /// `Σ g[n,c] · x[face(n),c]` over a run.
    public static double dot(float[] g, float[] x, int C, Run run) {
        return PlainLanes.dot(g, run.at() * C, x, run.first() * C, run.length() * C);
    }

    /// `Σ g[n,c] · b[c]` over a run, row by row.
    public static double dotRow(float[] g, float[] b, Run run) {
        var sum = 0.0;
        for (int n = run.at(); n < run.at() + run.length(); n++) sum += PlainLanes.dot(g, n * b.length, b, 0, b.length);
        return sum;
    }
}
