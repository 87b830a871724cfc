package clew.attribution;

/// `argmin_{b, c} Σ_i w_i (y_i − b − x_i · c)² / (2 Σ w) + α ‖c‖₁` (Tibshirani 1996), by cyclic coordinate descent
/// from 0 (Friedman et al. 2010).
///
/// It ends as scikit-learn's does: when no coordinate moves by more than 1e-4 of the largest, and the duality
/// gap is at most that share of `Σ w (y − ȳ)²`.
record Lasso(double intercept, double[] coefficients) {
    private static final double TOLERANCE = 1e-4;
    private static final int SWEEPS = 1000;

    /// @param x rows
    static Lasso of(double[][] x, double[] y, double[] weights, double alpha) {
        return new Descent(x, y, weights, alpha).solve();
    }

    /// What it says of a row.
    double at(double[] row) {
        var sum = intercept;
        for (int j = 0; j < row.length; j++) sum += row[j] * coefficients[j];
        return sum;
    }

    /// On centred columns, weights normalised to a mean of 1.
    private static final class Descent {
        private final double[][] columns;
        private final double[] means;
        private final double[] squares;
        private final double[] y;
        private final double[] residual;
        private final double[] c;
        private final double mean;
        private final double penalty;

        Descent(double[][] x, double[] of, double[] weights, double alpha) {
            int m = x.length, n = x[0].length;
            var total = Products.sum(weights);
            columns = new double[n][m];
            means = new double[n];
            squares = new double[n];
            c = new double[n];
            y = new double[m];
            penalty = alpha * m;
            mean = Products.sum(Products.of(weights, of)) / total;
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < m; i++) means[j] += weights[i] * x[i][j] / total;
                for (int i = 0; i < m; i++) {
                    columns[j][i] = Math.sqrt(weights[i] * m / total) * (x[i][j] - means[j]);
                    squares[j] += columns[j][i] * columns[j][i];
                }
            }
            for (int i = 0; i < m; i++) y[i] = Math.sqrt(weights[i] * m / total) * (of[i] - mean);
            residual = y.clone();
        }

        Lasso solve() {
            var square = dot(y, y);
            for (int sweep = 0; sweep < SWEEPS; sweep++) {
                double moved = 0, largest = 0;
                for (int j = 0; j < c.length; j++) {
                    var before = c[j];
                    move(j);
                    moved = Math.max(moved, Math.abs(c[j] - before));
                    largest = Math.max(largest, Math.abs(c[j]));
                }
                if (moved <= TOLERANCE * largest && gap() <= TOLERANCE * square) break;
            }
            return new Lasso(mean - dot(means, c), c);
        }

        private void move(int j) {
            if (squares[j] == 0) return;
            var pull = dot(columns[j], residual) + c[j] * squares[j];
            var next = Math.signum(pull) * Math.max(0, Math.abs(pull) - penalty) / squares[j];
            for (int i = 0; i < residual.length; i++) residual[i] += (c[j] - next) * columns[j][i];
            c[j] = next;
        }

        /// Between the primal value and the dual one at the residual, scaled until it is feasible.
        private double gap() {
            double steepest = 0, size = 0;
            for (int j = 0; j < c.length; j++) {
                steepest = Math.max(steepest, Math.abs(dot(columns[j], residual)));
                size += Math.abs(c[j]);
            }
            var scale = steepest > penalty ? penalty / steepest : 1;
            var square = dot(residual, residual);
            return (1 + scale * scale) / 2 * square + penalty * size - scale * dot(residual, y);
        }

        private static double dot(double[] a, double[] b) {
            var sum = 0.0;
            for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
            return sum;
        }
    }
}
