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

    /// What each row from `drawn` on, drawn independently of the others, has c deviate by, `[m][columns]`: the squares
    /// add up to `diag(B (Σ_i w_i² r_i² x_i x_iᵀ) B) · m / (m − columns)`, `B = (Xᵀ W X)⁻¹`, r the residuals: the
    /// variances of c whatever the errors are that a linear model makes (White 1980). Rows before are as they are.
    double[][] deviations(double[] y, double[] c, int drawn) {
        var m = rows.length - drawn;
        var spread = Math.sqrt(m / Math.max(1.0, m - columns));
        var out = new double[m][];
        for (int i = drawn; i < rows.length; i++) {
            var residual = y[i];
            for (int j = 0; j < columns; j++) residual -= rows[i][j] * c[j];
            var share = rows[i].clone();                                  // B x_i = R⁻¹ R⁻ᵀ x_i
            TriangularSolver_DDRM.solveTranU(r, share, columns);
            TriangularSolver_DDRM.solveU(r, share, columns);
            for (int j = 0; j < columns; j++) share[j] *= weights[i] * residual * spread;
            out[i - drawn] = share;
        }
        return out;
    }
}
