package clew.engine.kernel;

import clew.engine.kernel.Activation.Curve;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.Arrays;

/// The definition of every verb: float64 throughout, one thread, one obvious loop each, never optimised.
///
/// Every other device is tested against this one, so a difference of logic and one of rounding can be told apart.
public final class ScalarKernels implements Kernels {
    /// Holds no state.
    public ScalarKernels() {}

    @Override
    public String device() {
        return "scalar";
    }

    @Override
    public Tensor tensor(Shape shape, double[] values) {
        return new Tensor(shape, new Storage.Doubles(values.clone()));
    }

    // ── products with weights ───────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor linear(Tensor x, Weight w, Part part) {
        Shapes.linear(x, w);
        double[] a = wide(x), m = parts(w, part);
        int R = x.rows(), in = w.in(), out = w.out();
        var y = new double[R * out];
        for (int r = 0; r < R; r++)
            for (int o = 0; o < out; o++) {
                var sum = 0.0;
                for (int i = 0; i < in; i++) sum += a[r * in + i] * m[o * in + i];
                y[r * out + o] = sum;
            }
        return new Tensor(x.shape().withCols(out), new Storage.Doubles(y));
    }

    @Override
    public Tensor linearTransposed(Tensor g, Weight w, Part part) {
        Shapes.linearTransposed(g, w);
        double[] a = wide(g), m = parts(w, part);
        int N = g.rows(), in = w.in(), out = w.out();
        var y = new double[N * in];
        for (int n = 0; n < N; n++)
            for (int o = 0; o < out; o++)
                for (int i = 0; i < in; i++) y[n * in + i] += a[n * out + o] * m[o * in + i];
        return new Tensor(g.shape().withCols(in), new Storage.Doubles(y));
    }

    @Override
    public Tensor weightGradient(Tensor g, Tensor x, Rows rows, Weight w) {
        Shapes.faces("weightGradient", g, x, rows);
        double[] a = wide(g), b = wide(x);
        var y = new double[Math.toIntExact(w.tensor().size())];
        var face = rows.faced();
        for (int n = 0; n < face.length; n++)
            for (int o = 0; o < w.out(); o++)
                for (int i = 0; i < w.in(); i++)
                    y[(int) w.index(o, i)] += a[n * w.out() + o] * b[face[n] * w.in() + i];
        return new Tensor(w.tensor().shape(), new Storage.Doubles(y));
    }

    @Override
    public Tensor gather(Tensor table, int[] ids) {
        var D = table.cols();
        var y = new double[ids.length * D];
        for (int r = 0; r < ids.length; r++) System.arraycopy(table.toDoubles((long) ids[r] * D, D), 0, y, r * D, D);
        return Tensor.of(y, ids.length, D);
    }

    @Override
    public Tensor scatter(Tensor g, int[] ids, Rows rows, Shape table) {
        var a = wide(g);
        var D = table.cols();
        var y = new double[Math.toIntExact(table.size())];
        var face = rows.faced();
        for (int n = 0; n < face.length; n++)
            for (int c = 0; c < D; c++) y[ids[face[n]] * D + c] += a[n * D + c];
        return new Tensor(table, new Storage.Doubles(y));
    }

    // ── element-wise ────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor add(Tensor x, Tensor y) {
        Shapes.equal("add", x, y);
        double[] a = wide(x), b = wide(y), out = new double[a.length];
        for (int i = 0; i < out.length; i++) out[i] = a[i] + b[i];
        return like(x, out);
    }

    @Override
    public Tensor scale(Tensor x, double c) {
        double[] a = wide(x), out = new double[a.length];
        for (int i = 0; i < out.length; i++) out[i] = c * a[i];
        return like(x, out);
    }

    @Override
    public Tensor mul(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("mul", g, x, rows);
        return byElement(g, rows, (a, i, j) -> a * x.get(j));
    }

    @Override
    public Tensor curve(Activation f, Curve curve, Tensor x) {
        double[] a = wide(x), out = new double[a.length];
        for (int i = 0; i < out.length; i++) out[i] = Curves.at(f, curve, a[i]);
        return like(x, out);
    }

    @Override
    public Tensor part(Tensor x, Part part) {
        double[] a = wide(x), out = new double[a.length];
        for (int i = 0; i < out.length; i++) out[i] = part(a[i], part);
        return like(x, out);
    }

    @Override
    public Tensor ratio(Tensor g, Tensor z, Tensor u, double eps, Rows rows) {
        Shapes.faces("ratio", g, z, rows);
        Shapes.faces("ratio", g, u, rows);
        return byElement(g, rows, (a, i, j) -> {
            var stable = u.get(j) < 0 ? u.get(j) - eps : u.get(j) + eps;
            return z.get(j) == 0 ? 0 : a * z.get(j) / stable;
        });
    }

    @Override
    public Tensor where(Tensor g, Tensor z, Part part, Rows rows) {
        Shapes.faces("where", g, z, rows);
        return byElement(g, rows, (a, i, j) -> part == Part.ALL || part(z.get(j), part) != 0 ? a : 0);
    }

    @Override
    public Tensor choose(Tensor x, Tensor a, Tensor b, Rows rows) {
        Shapes.equal("choose", a, b);
        Shapes.faces("choose", a, x, rows);
        return byElement(a, rows, (v, i, j) -> x.get(j) >= 0 ? v : b.get(i));
    }

    // ── rows and columns ────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor addToRows(Tensor x, Tensor b) {
        Shapes.columns("addToRows", x, b);
        double[] a = wide(x), v = wide(b), out = new double[a.length];
        for (int i = 0; i < out.length; i++) out[i] = a[i] + v[i % v.length];
        return like(x, out);
    }

    @Override
    public Tensor scaleCols(Tensor x, Tensor w) {
        Shapes.columns("scaleCols", x, w);
        double[] a = wide(x), v = wide(w), out = new double[a.length];
        for (int i = 0; i < out.length; i++) out[i] = a[i] * v[i % v.length];
        return like(x, out);
    }

    @Override
    public Tensor scaleRows(Tensor g, Tensor s, Rows rows) {
        double[] a = wide(g), v = wide(s), out = new double[a.length];
        var face = rows.faced();
        var C = g.cols();
        for (int i = 0; i < out.length; i++) out[i] = a[i] * v[face[i / C]];
        return like(g, out);
    }

    @Override
    public Tensor centreRows(Tensor x) {
        double[] a = wide(x), out = new double[a.length];
        var C = x.cols();
        for (int r = 0; r < x.rows(); r++) {
            var sum = 0.0;
            for (int c = 0; c < C; c++) sum += a[r * C + c];
            for (int c = 0; c < C; c++) out[r * C + c] = a[r * C + c] - sum / C;
        }
        return like(x, out);
    }

    @Override
    public Tensor rmsScale(Tensor x, double eps) {
        var a = wide(x);
        var C = x.cols();
        var s = new double[x.rows()];
        for (int r = 0; r < s.length; r++) {
            var sum = 0.0;
            for (int c = 0; c < C; c++) sum += a[r * C + c] * a[r * C + c];
            s[r] = 1 / Math.sqrt(sum / C + eps);
        }
        return Tensor.of(s, s.length);
    }

    @Override
    public Tensor rowProjection(Tensor g, Tensor x, Tensor s, Rows rows) {
        Shapes.faces("rowProjection", g, x, rows);
        double[] a = wide(g), b = wide(x), v = wide(s), out = new double[a.length];
        var C = g.cols();
        var face = rows.faced();
        for (int n = 0; n < face.length; n++) {
            int p = n * C, q = face[n] * C;
            var sum = 0.0;
            for (int c = 0; c < C; c++) sum += a[p + c] * b[q + c];
            var share = v[face[n]] * v[face[n]] * sum / C;
            for (int c = 0; c < C; c++) out[p + c] = a[p + c] - b[q + c] * share;
        }
        return like(g, out);
    }

    @Override
    public Tensor sumRows(Tensor g) {
        var a = wide(g);
        var out = new double[g.cols()];
        for (int i = 0; i < a.length; i++) out[i % out.length] += a[i];
        return Tensor.of(out, out.length);
    }

    @Override
    public Tensor selectRows(Tensor x, int[] index) {
        return gather(x, index);
    }

    @Override
    public Tensor placeRows(Tensor g, int[] index, int count) {
        return scatter(g, index, Rows.all(index.length), Shape.of(count, g.cols()));
    }

    @Override
    public void overwriteRows(Tensor held, int at, Tensor x) {
        Shapes.within("overwriteRows", held, at, x);
        var b = wide(x);
        System.arraycopy(b, 0, wide(held), at * x.cols(), b.length);
    }

    @Override
    public Tensor rotate(Tensor g, Tensor cos, Tensor sin, int width, Rows rows) {
        double[] a = wide(g), u = wide(cos), v = wide(sin), out = a.clone();
        int C = g.cols(), half = cos.cols();
        var face = rows.faced();
        for (int n = 0; n < face.length; n++)
            for (int head = 0; head < C; head += width)
                for (int i = 0; i < half; i++) {
                    int p = n * C + head + i, t = face[n] * half + i;
                    out[p]        = a[p] * u[t] - a[p + half] * v[t];
                    out[p + half] = a[p + half] * u[t] + a[p] * v[t];
                }
        return like(g, out);
    }

    @Override
    public double[] dot(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("dot", g, x, rows);
        double[] a = wide(g), b = wide(x), sums = new double[rows.seeds()];
        var C = g.cols();
        for (var run : rows.runs())
            for (int i = 0; i < run.length() * C; i++) sums[run.seed()] += a[run.at() * C + i] * b[run.first() * C + i];
        return sums;
    }

    @Override
    public double[] dotRow(Tensor g, Tensor b, Rows rows) {
        Shapes.columns("dotRow", g, b);
        double[] a = wide(g), v = wide(b), sums = new double[rows.seeds()];
        var C = g.cols();
        for (var run : rows.runs())
            for (int i = 0; i < run.length() * C; i++) sums[run.seed()] += a[run.at() * C + i] * v[i % C];
        return sums;
    }

    // ── attention ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor score(Tensor a, Tensor b, Heads heads, double c, Rows rows) {
        return ScalarAttention.score(a, b, heads, c, rows);
    }

    @Override
    public Tensor mix(Tensor p, Tensor b, Heads heads, double c, Rows rows) {
        return ScalarAttention.mix(p, b, heads, c, rows);
    }

    @Override
    public Tensor mixTransposed(Tensor p, Tensor a, Heads heads, double c, Carrier carrier, Rows rows) {
        return ScalarAttention.mixTransposed(p, a, heads, c, carrier, rows);
    }

    @Override
    public Tensor softmax(Tensor s, Heads heads, double temperature) {
        double[] a = wide(s), out = new double[a.length];
        for (int r = 0; r < s.rows(); r++) {
            int i = r % heads.queries(), from = heads.firstKey(i), to = heads.lastKey(i), p = r * heads.keys();
            double max = Double.NEGATIVE_INFINITY, sum = 0;
            for (int j = from; j <= to; j++) max = Math.max(max, a[p + j]);
            for (int j = from; j <= to; j++) sum += out[p + j] = Math.exp((a[p + j] - max) / temperature);
            for (int j = from; j <= to; j++) out[p + j] /= sum;
        }
        return like(s, out);
    }

    @Override
    public Tensor softmaxBackward(Tensor g, Tensor p, Rows rows) {
        Shapes.faces("softmaxBackward", g, p, rows);
        double[] a = wide(g), w = wide(p), out = new double[a.length];
        var C = g.cols();
        var face = rows.faced();
        for (int n = 0; n < face.length; n++) {
            var sum = 0.0;
            for (int j = 0; j < C; j++) sum += w[face[n] * C + j] * a[n * C + j];
            for (int j = 0; j < C; j++) out[n * C + j] = w[face[n] * C + j] * (a[n * C + j] - sum);
        }
        return like(g, out);
    }

    @Override
    public Tensor attend(Fused.Inputs x) {
        return ScalarFused.attend(x);
    }

    @Override
    public Fused.Shares attendBackward(Tensor g, Fused.Inputs x, Fused.Reading how, Rows rows) {
        return ScalarFused.backward(g, x, how, rows);
    }

    private interface ByElement {
        double of(double g, int i, int faced);
    }

    private static Tensor byElement(Tensor g, Rows rows, ByElement f) {
        double[] a = wide(g), out = new double[a.length];
        var C = g.cols();
        var face = rows.faced();
        for (int i = 0; i < out.length; i++) out[i] = f.of(a[i], i, face[i / C] * C + i % C);
        return like(g, out);
    }

    private static double part(double v, Part part) {
        return switch (part) {
            case ALL      -> v;
            case POSITIVE -> Math.max(v, 0);
            case NEGATIVE -> Math.min(v, 0);
        };
    }

    /// The part of a weight view as a dense `[out, in]` matrix.
    private static double[] parts(Weight w, Part part) {
        var out = new double[w.out() * w.in()];
        var all = wide(w.tensor());
        for (int o = 0; o < w.out(); o++)
            for (int i = 0; i < w.in(); i++) out[o * w.in() + i] = part(all[(int) w.index(o, i)], part);
        return out;
    }

    static double[] wide(Tensor x) {
        return x.storage() instanceof Storage.Doubles(var data) ? data : x.toDoubles();
    }

    private static Tensor like(Tensor x, double[] data) {
        return new Tensor(x.shape(), new Storage.Doubles(data));
    }
}
