package clew.attribution;

import clew.model.ModelException;

/// `argmin_c Σ_i w_i (y_i − x_i · c)²` for fixed rows x and weights w, by Householder's QR of `√w x` (Golub & Van Loan,
/// Matrix computations, 5.3).
final class LeastSquares {
    /// A diagonal entry of R below this share of the largest says that a column is made of the others.
    private static final double DEPENDENT = 1e-10;

    private final double[][] rows;
    private final double[] weights;
    private final double[][] qr;                                          // reflections below the diagonal, R above it
    private final double[] diagonal;                                      // of R
    private final int columns;

    /// @param rows at least as many as columns
    /// @throws ModelException if the rows do not tell the columns apart
    LeastSquares(double[][] rows, double[] weights) {
        this.rows = rows;
        this.weights = weights;
        this.columns = rows[0].length;
        this.qr = new double[rows.length][];
        this.diagonal = new double[columns];
        for (int i = 0; i < rows.length; i++) {
            qr[i] = rows[i].clone();
            for (int j = 0; j < columns; j++) qr[i][j] *= Math.sqrt(weights[i]);
        }
        for (int j = 0; j < columns; j++) reflect(j);
        var largest = 0.0;
        for (double d : diagonal) largest = Math.max(largest, Math.abs(d));
        for (double d : diagonal)
            if (!(Math.abs(d) > DEPENDENT * largest))
                throw new ModelException("the drawn coalitions do not tell the features apart;"
                    + " draw more with --samples");
    }

    private void reflect(int j) {
        var square = 0.0;
        for (int i = j; i < qr.length; i++) square += qr[i][j] * qr[i][j];
        var norm = qr[j][j] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
        diagonal[j] = norm;
        if (norm == 0) return;
        qr[j][j] -= norm;                                                 // column j is the reflection's vector now
        for (int k = j + 1; k < columns; k++) {
            var dot = 0.0;
            for (int i = j; i < qr.length; i++) dot += qr[i][j] * qr[i][k];
            var factor = dot / (norm * qr[j][j]);
            for (int i = j; i < qr.length; i++) qr[i][k] += factor * qr[i][j];
        }
    }

    /// c for these y.
    double[] of(double[] y) {
        var b = new double[y.length];
        for (int i = 0; i < b.length; i++) b[i] = Math.sqrt(weights[i]) * y[i];
        for (int j = 0; j < columns; j++) {
            var dot = 0.0;
            for (int i = j; i < b.length; i++) dot += qr[i][j] * b[i];
            var factor = dot / (diagonal[j] * qr[j][j]);
            for (int i = j; i < b.length; i++) b[i] += factor * qr[i][j];
        }
        return upper(b);
    }

    /// `R⁻¹ b`.
    private double[] upper(double[] b) {
        var c = new double[columns];
        for (int j = columns - 1; j >= 0; j--) {
            c[j] = b[j];
            for (int k = j + 1; k < columns; k++) c[j] -= qr[j][k] * c[k];
            c[j] /= diagonal[j];
        }
        return c;
    }

    /// `R⁻ᵀ b`.
    private double[] lower(double[] b) {
        var c = new double[columns];
        for (int j = 0; j < columns; j++) {
            c[j] = b[j];
            for (int k = 0; k < j; k++) c[j] -= qr[k][j] * c[k];
            c[j] /= diagonal[j];
        }
        return c;
    }

    /// Standard errors of c where the rows from `drawn` on were drawn independently of each other and those before
    /// are as they are: `√diag(B (Σ_i w_i² r_i² x_i x_iᵀ) B)`, `B = (Xᵀ W X)⁻¹`, r the residuals — whatever the
    /// errors are that a linear model makes (White 1980), times `√(m / (m − columns))` for those m rows.
    double[] errors(double[] y, double[] c, int drawn) {
        var squares = new double[columns];
        for (int i = drawn; i < rows.length; i++) {
            var residual = y[i];
            for (int j = 0; j < columns; j++) residual -= rows[i][j] * c[j];
            var share = upper(lower(rows[i]));
            for (int j = 0; j < columns; j++) {
                var d = weights[i] * residual * share[j];
                squares[j] += d * d;
            }
        }
        double m = rows.length - drawn;
        for (int j = 0; j < columns; j++) squares[j] = Math.sqrt(squares[j] * m / Math.max(1, m - columns));
        return squares;
    }
}
