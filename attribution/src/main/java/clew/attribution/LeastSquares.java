package clew.attribution;

import clew.model.ModelException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.linsol.LinearSolverDense;

/// `argmin_c Σ_i w_i (y_i − x_i · c)²` for fixed rows x and weights w, by Householder's QR of `√w x`.
final class LeastSquares {
    /// A diagonal entry of R below this share of the largest says that a column is made of the others.
    private static final double DEPENDENT = 1e-10;

    private final double[][] rows;
    private final double[] weights;
    private final int columns;
    private final LinearSolverDense<DMatrixRMaj> solver;
    private final double[] r;                                             // R, [columns, columns]

    /// @throws ModelException if the rows do not tell the columns apart
    LeastSquares(double[][] rows, double[] weights) {
        this.rows = rows;
        this.weights = weights;
        this.columns = rows[0].length;
        if (rows.length < columns) throw dependent();
        var scaled = new DMatrixRMaj(rows.length, columns);
        for (int i = 0; i < rows.length; i++)
            for (int j = 0; j < columns; j++) scaled.set(i, j, Math.sqrt(weights[i]) * rows[i][j]);
        this.solver = LinearSolverFactory_DDRM.leastSquares(rows.length, columns);
        solver.setA(scaled);
        QRDecomposition<DMatrixRMaj> qr = solver.getDecomposition();
        this.r = qr.getR(null, true).getData();
        var diagonal = IntStream.range(0, columns).mapToDouble(j -> Math.abs(r[j * columns + j])).toArray();
        var largest = Arrays.stream(diagonal).max().orElseThrow();
        if (!Arrays.stream(diagonal).allMatch(d -> d > DEPENDENT * largest)) throw dependent();
    }

    private static ModelException dependent() {
        return new ModelException("the drawn coalitions do not tell the features apart; draw more with --coalitions");
    }

    /// c for these y.
    double[] of(double[] y) {
        var b = new DMatrixRMaj(y.length, 1);
        for (int i = 0; i < y.length; i++) b.set(i, Math.sqrt(weights[i]) * y[i]);
        var c = new DMatrixRMaj(columns, 1);
        solver.solve(b, c);
        return c.getData();
    }

    /// Standard errors of c where the rows from `drawn` on were drawn independently of each other and those before
    /// are as they are: `√diag(B (Σ_i w_i² r_i² x_i x_iᵀ) B)`, `B = (Xᵀ W X)⁻¹`, r the residuals — whatever the
    /// errors are that a linear model makes (White 1980), times `√(m / (m − columns))` for those m rows.
    double[] errors(double[] y, double[] c, int drawn) {
        var squares = new double[columns];
        for (int i = drawn; i < rows.length; i++) {
            var residual = y[i];
            for (int j = 0; j < columns; j++) residual -= rows[i][j] * c[j];
            var share = rows[i].clone();                                  // B x_i = R⁻¹ R⁻ᵀ x_i
            TriangularSolver_DDRM.solveTranU(r, share, columns);
            TriangularSolver_DDRM.solveU(r, share, columns);
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
