package clew.engine.op;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;

/// Finite differences between the halves of a batch: rows x, and as many again x′ that they are compared with.
///
/// Every form here is symmetric in x and x′, so either half faces the other; where the two are equal it is the
/// derivative. Differences are taken in float64, whatever the device.
final class Halves {
    /// Below this difference a slope is the derivative, as Captum has it.
    private static final double STILL = 1e-10;

    private Halves() {}

    /// What the other factor of a product is multiplied by: this one, or under RESCALE `½(x + x′)`.
    static Tensor factor(Kernels k, Product rule, Value x) {
        return factor(k, rule, x.tensor());
    }

    static Tensor factor(Kernels k, Product rule, Tensor x) {
        return rule == Product.RESCALE ? k.scale(k.add(x, facing(k, x)), 0.5) : x;
    }

    /// The halves in each other's place: `x′`.
    static Tensor facing(Kernels k, Tensor x) {
        var swapped = new int[x.rows()];
        for (int r = 0; r < swapped.length; r++) swapped[r] = other(r, swapped.length);
        return k.selectRows(x, swapped);
    }

    /// `(f(x) − f(x′)) / (x − x′)`, element by element; `f′(x)` where they are equal.
    static Tensor slopes(Kernels k, Activation f, Tensor x) {
        int R = x.rows(), C = x.cols();
        double[] at = x.toDoubles(), y = new double[at.length], out = new double[at.length];
        for (int i = 0; i < y.length; i++) y[i] = f.at(Curve.VALUE, at[i]);
        for (int i = 0; i < out.length; i++) {
            var j = other(i / C, R) * C + i % C;
            out[i] = Math.abs(at[i] - at[j]) < STILL ? f.at(Curve.SLOPE, at[i]) : (y[i] - y[j]) / (at[i] - at[j]);
        }
        return k.tensor(x.shape(), out);
    }

    /// The share of x in `⟨h, y − y′⟩`, `y = x/ρ`, `ρ = √(mean(x²) + ε)` of each row.
    ///
    /// `x = y·ρ` differs by `Δx = ρ̄ Δy + ȳ Δρ` (bars are means of the two), and `Δρ = mean(x̄ Δx)/ρ̄`. So
    /// `Δy = (Δx − ȳ mean(x̄ Δx)/ρ̄)/ρ̄`: no quotient vanishes, even at `x′ = 0`.
    static Tensor norm(Kernels k, Tensor h, Tensor x, double eps, Rows rows) {
        int R = x.rows(), D = x.cols();
        double[] at = x.toDoubles(), g = h.toDoubles(), out = new double[g.length], rho = new double[R];
        for (int r = 0; r < R; r++) {
            var squares = 0.0;
            for (int c = 0; c < D; c++) squares += at[r * D + c] * at[r * D + c];
            rho[r] = Math.sqrt(squares / D + eps);
        }
        var face = rows.faced();
        for (int n = 0; n < face.length; n++) {
            int a = face[n], b = other(a, R);
            var mean = (rho[a] + rho[b]) / 2;
            var along = 0.0;                                                                    // mean(h·ȳ)
            for (int c = 0; c < D; c++)
                along += g[n * D + c] * (at[a * D + c] / rho[a] + at[b * D + c] / rho[b]) / 2 / D;
            for (int c = 0; c < D; c++)
                out[n * D + c] = (g[n * D + c] - (at[a * D + c] + at[b * D + c]) / 2 * along / mean) / mean;
        }
        return k.tensor(h.shape(), out);
    }

    /// The share of the scores s in `⟨g, p − p′⟩`, `p = softmax(s)` over the keys that each row sees.
    ///
    /// With the [LogarithmicMean] `λ = Δp/Δlog p`: `Δp = λ Δlog p = λ (Δs − ΔL)`, L the row's log of sums,
    /// and as `Σ Δp = 0`, `ΔL = ⟨λ, Δs⟩/Σλ`. So it is the gradient with λ in the place of p.
    static Tensor softmax(Kernels k, Tensor g, Tensor s, Heads heads, Rows rows) {
        int R = s.rows(), T = s.cols();
        double[] score = s.toDoubles(), v = g.toDoubles(), out = new double[v.length], lambda = new double[T];
        var face = rows.faced();
        for (int n = 0; n < face.length; n++) {
            int a = face[n], b = other(a, R), query = a % heads.queries();
            int first = heads.firstKey(query), end = heads.lastKey(query) + 1;
            double la = logSum(score, a * T + first, a * T + end), lb = logSum(score, b * T + first, b * T + end);
            double sum = 0, along = 0;
            for (int j = first; j < end; j++) {
                lambda[j] = LogarithmicMean.of(score[a * T + j] - la, score[b * T + j] - lb);
                sum += lambda[j];
                along += lambda[j] * v[n * T + j];
            }
            for (int j = first; j < end; j++) out[n * T + j] = lambda[j] * (v[n * T + j] - along / sum);
        }
        return k.tensor(g.shape(), out);
    }

    private static int other(int row, int rows) {
        if (rows % 2 != 0)
            throw new IllegalArgumentException(
                "rescale: " + rows + " rows are not some and as many to compare them with");
        return (row + rows / 2) % rows;
    }

    private static double logSum(double[] s, int from, int to) {
        var max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) max = Math.max(max, s[i]);
        var sum = 0.0;
        for (int i = from; i < to; i++) sum += Math.exp(s[i] - max);
        return max + Math.log(sum);
    }
}
