package clew.engine.op;

import clew.engine.kernel.Heads;
import clew.engine.kernel.ScalarKernels;
import clew.engine.rule.LinearRule;
import clew.engine.rule.Product;
import clew.engine.rule.RuleSet;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// The relevance rules as the papers write them: relevance R explicit, every share `contribution / total · R`.
///
/// Slow, over plain doubles, and independent of kernels: what `x ⊙ g` of the ops must equal. Arrays are row-major.
final class RForm {
    private RForm() {}

    /// One output neuron: what each of its contributions `x_i w_i` gets of its relevance. The bias is the last of them.
    private interface Neuron {
        double[] shares(double[] contributions, double R);
    }

    // ── linear layers ───────────────────────────────────────────────────────────────────────────────────────────────

    /// Relevance of x, and of the bias as one more column: `[rows, in + 1]`.
    static double[] linear(LinearRule rule, double[] x, Weight w, @Nullable Tensor b, double[] R) {
        Neuron neuron = switch (rule) {
            case LinearRule.Zero _              -> (z, r) -> epsilon(z, r, 0);
            case LinearRule.Epsilon(double eps) -> (z, r) -> epsilon(z, r, eps);
            case LinearRule.Gamma gamma         -> (z, r) -> gamma(z, r, gamma);
            case LinearRule.AlphaBeta ab        -> (z, r) -> alphaBeta(z, r, ab);
        };
        int in = w.in(), rows = x.length / in;
        var shares = new double[rows * (in + 1)];
        for (int row = 0; row < rows; row++)
            for (int o = 0; o < w.out(); o++) {
                var z = new double[in + 1];
                for (int i = 0; i < in; i++) z[i] = x[row * in + i] * weight(w, o, i);
                if (b != null) z[in] = b.get(o);
                var got = neuron.shares(z, R[row * w.out() + o]);
                for (int i = 0; i <= in; i++) shares[row * (in + 1) + i] += got[i];
            }
        return shares;
    }

    /// `W[o, i]` by row and column of the matrix as it is stored.
    private static double weight(Weight w, int o, int i) {
        var out = w.from() + o;
        var stride = (long) w.tensor().shape().dim(1);
        return w.tensor().get(w.layout() == Weight.Layout.OUT_IN ? out * stride + i : i * stride + out);
    }

    /// `R_i = z_i / δ(Σ z_i) · R` — Bach et al. 2015, eq. 58.
    private static double[] epsilon(double[] z, double R, double eps) {
        var total = sum(z);
        return split(z, stabilised(total, eps), total == 0 ? 0 : R);
    }

    /// Contributions of the output's own sign count 1 + γ times — the generalised γ rule, as in Zennit.
    private static double[] gamma(double[] z, double R, LinearRule.Gamma rule) {
        var total = sum(z);
        if (total == 0) return new double[z.length];
        var favoured = new double[z.length];
        for (int i = 0; i < z.length; i++) favoured[i] = z[i] * total > 0 ? (1 + rule.gamma()) * z[i] : z[i];
        return split(favoured, stabilised(sum(favoured), rule.eps()), R);
    }

    /// `R_i = (α z_i⁺ / δ(Σ z⁺) − β z_i⁻ / δ(Σ z⁻)) · R` — Bach et al. 2015, eq. 60. An empty side gives nothing.
    private static double[] alphaBeta(double[] z, double R, LinearRule.AlphaBeta rule) {
        double plus = 0, minus = 0;
        for (double c : z) { plus += Math.max(c, 0); minus += Math.min(c, 0); }
        var shares = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            if (z[i] > 0) shares[i] = rule.alpha() * z[i] / stabilised(plus, rule.eps()) * R;
            if (z[i] < 0) shares[i] = -rule.beta() * z[i] / stabilised(minus, rule.eps()) * R;
        }
        return shares;
    }

    private static double sum(double[] z) {
        var sum = 0.0;
        for (double c : z) sum += c;
        return sum;
    }

    private static double stabilised(double z, double eps) {
        return z >= 0 ? z + eps : z - eps;
    }

    private static double[] split(double[] parts, double total, double R) {
        var shares = new double[parts.length];
        if (R != 0) for (int i = 0; i < parts.length; i++) shares[i] = parts[i] / total * R;
        return shares;
    }

    // ── linear without weights: LRP-0 over their own coefficients ───────────────────────────────────────────────────

    static double[][] add(double[][] x, double[] y, double[] R) {
        double[] a = new double[R.length], b = new double[R.length];
        for (int i = 0; i < R.length; i++) {
            a[i] = x[0][i] / y[i] * R[i];
            b[i] = x[1][i] / y[i] * R[i];
        }
        return new double[][] {a, b};
    }

    static double[] edited(double[] x, Tensor keep, double[] y, double[] R) {
        var shares = new double[R.length];
        for (int i = 0; i < R.length; i++) shares[i] = x[i] * keep.get(i) / y[i] * R[i];
        return shares;
    }

    static double[][] select(int[] index, int rows, int cols, double[] R) {
        var shares = new double[rows * cols];
        for (int j = 0; j < index.length; j++)
            for (int c = 0; c < cols; c++) shares[index[j] * cols + c] += R[j * cols + c];
        return new double[][] {shares};
    }

    /// Outputs `a cos − b sin` and `b cos + a sin` each share their relevance between a and b.
    static double[][] rotate(Product rule, double[] x, double[] angle, int half, int width, double[] y, double[] R) {
        var shares = R.clone();
        var rows = angle.length / half;
        var cols = x.length / rows;
        for (int r = 0; r < rows; r++)
            for (int head = 0; head < cols; head += width)
                for (int i = 0; i < half; i++) {
                    int a = r * cols + head + i, b = a + half;
                    double cos = Math.cos(angle[r * half + i]), sin = Math.sin(angle[r * half + i]);
                    shares[a] = x[a] * cos / y[a] * R[a] + x[a] * sin / y[b] * R[b];
                    shares[b] = -x[b] * sin / y[a] * R[a] + x[b] * cos / y[b] * R[b];
                    if (rule == Product.SHARE) {
                        shares[a] /= 2;
                        shares[b] /= 2;
                    }
                }
        return new double[][] {shares};
    }

    /// With the deviation held, `y_j = Σ_i x_i (1[i=j] − 1/D) w_j / σ + b_j` is linear — AttnLRP prop. 3.4.
    static double[] layerNorm(double[] x, Tensor w, double eps, double[] y, double[] R) {
        var D = (int) w.size();
        var shares = new double[x.length];
        for (int r = 0; r < x.length; r += D) {
            double mean = 0, variance = 0;
            for (int i = 0; i < D; i++) mean += x[r + i] / D;
            for (int i = 0; i < D; i++) variance += (x[r + i] - mean) * (x[r + i] - mean) / D;
            for (int j = 0; j < D; j++)
                for (int i = 0; i < D; i++) {
                    var weight = ((i == j ? 1 : 0) - 1.0 / D) * w.get(j) / Math.sqrt(variance + eps);
                    shares[r + i] += x[r + i] * weight / y[r + j] * R[r + j];
                }
        }
        return shares;
    }

    // ── products ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The uniform rule: each factor of `a · b` gets half, AttnLRP eq. 14; or the second gets all.
    static double[][] gated(Product rule, double[] R) {
        double[] gate = new double[R.length], up = new double[R.length];
        for (int i = 0; i < R.length; i++) {
            gate[i] = part(rule) * R[i];
            up[i] = (1 - part(rule)) * R[i];
        }
        return new double[][] {gate, up};
    }

    /// `z[i,h,d] = Σ_j p v`: each summand takes its fraction of the output's relevance and its factors share it.
    static double[][] mix(Product rule, double[] p, double[] v, Heads heads, double[] z, double[] R) {
        double[] toP = new double[p.length], toV = new double[v.length];
        visible(heads, z.length / (heads.heads() * heads.width()), (row, h, j, pair, key) -> {
            for (int d = 0; d < heads.width(); d++) {
                int out = (row * heads.heads() + h) * heads.width() + d, in = key * heads.width() + d;
                var share = z[out] == 0 ? 0 : p[pair] * v[in] / z[out] * R[out];
                toP[pair] += part(rule) * share;
                toV[in] += (1 - part(rule)) * share;
            }
        });
        return new double[][] {toP, toV};
    }

    /// `s[h,i,j] = c Σ_d q k`, likewise.
    static double[][] score(Product rule, double[] q, double[] k, Heads heads, double c, double[] s, double[] R) {
        double[] toQ = new double[q.length], toK = new double[k.length];
        visible(heads, q.length / (heads.heads() * heads.width()), (row, h, j, pair, key) -> {
            for (int d = 0; d < heads.width(); d++) {
                int at = (row * heads.heads() + h) * heads.width() + d, in = key * heads.width() + d;
                var share = c * q[at] * k[in] / s[pair] * R[pair];
                toQ[at] += part(rule) * share;
                toK[in] += (1 - part(rule)) * share;
            }
        });
        return new double[][] {toQ, toK};
    }

    /// Mix, softmax and score in turn.
    static double[][] attend(RuleSet rules, double[] q, double[] k, double[] v, Heads heads, double c, double[] z,
                             double[] R) {
        double[] s = scores(q, k, heads, c).toDoubles(), p = pattern(q, k, heads, c);
        var ofMix = mix(rules.mix(), p, v, heads, z, R);
        var ofScore = score(rules.score(), q, k, heads, c, s, softmax(s, p, heads, ofMix[0]));
        return new double[][] {ofScore[0], ofScore[1], ofMix[1]};
    }

    static double[] pattern(double[] q, double[] k, Heads heads, double c) {
        return new ScalarKernels().softmax(scores(q, k, heads, c), heads, 1).toDoubles();
    }

    private static Tensor scores(double[] q, double[] k, Heads heads, double c) {
        int wide = heads.heads() * heads.width(), narrow = heads.kvHeads() * heads.width(), rows = q.length / wide;
        return new ScalarKernels()
            .score(Tensor.of(q, rows, wide), Tensor.of(k, rows, narrow), heads, c, Rows.all(rows));
    }

    /// What the controlling factor gets.
    private static double part(Product rule) {
        return rule == Product.FREEZE ? 0 : 0.5;
    }

    /// `R_i = x_i (R_pi − p_i Σ_j R_pj)` — AttnLRP eq. 13, the Taylor rule without its bias term.
    static double[] softmax(double[] s, double[] p, Heads heads, double[] R) {
        var shares = new double[s.length];
        var T = heads.keys();
        for (int row = 0; row < s.length; row += T) {
            int i = row / T % T, from = Math.max(0, i - heads.window() + 1);
            var sum = 0.0;
            for (int j = from; j <= i; j++) sum += R[row + j];
            for (int j = from; j <= i; j++) shares[row + j] = s[row + j] * (R[row + j] - p[row + j] * sum);
        }
        return shares;
    }

    /// `Σ_rows Σ_j R_pj − Σ_j log p_j (R_pj − p_j Σ_j R_pj)`: what the softmax keeps, from the pattern alone.
    static double leak(double[] p, Heads heads, double[] R) {
        var T = heads.keys();
        var leak = 0.0;
        for (int row = 0; row < p.length; row += T) {
            var sum = 0.0;
            for (int j = 0; j < T; j++) sum += R[row + j];
            leak += sum;
            for (int j = 0; j < T; j++)
                if (p[row + j] > 0) leak -= Math.log(p[row + j]) * (R[row + j] - p[row + j] * sum);
        }
        return leak;
    }

    /// What a constant summand c of every row of y gets: `Σ c_j / y_j · R_j`.
    static double share(double[] c, double[] y, double[] R) {
        var share = 0.0;
        for (int i = 0; i < y.length; i++) share += c[i % c.length] / y[i] * R[i];
        return share;
    }

    private interface Visible {
        void at(int row, int h, int j, int pair, int key);
    }

    /// All query rows, heads and keys that causality and the window leave: `pair` of `[B,H,T,T]`, `key` of `[B·T,K]`.
    private static void visible(Heads heads, int rows, Visible visit) {
        int T = heads.keys(), H = heads.heads(), K = heads.kvHeads();
        for (int row = 0; row < rows; row++)
            for (int h = 0; h < H; h++)
                for (int i = row % T, j = Math.max(0, i - heads.window() + 1); j <= i; j++)
                    visit.at(row, h, j, ((row / T * H + h) * T + i) * T + j, (row / T * T + j) * K + h * K / H);
    }

    /// Relevance of a stretch goes to the columns it was taken from.
    static double[] stretches(double[] R, int width, int of, int at) {
        var x = new double[of * R.length];
        for (int i = 0; i < R.length; i++) x[(i / width * of + at) * width + i % width] = R[i];
        return x;
    }
}
