package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.model.ModelException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Least squares and the lasso by what defines them.
final class RegressionTest {
    private final Random random = new Random(5);

    private double[][] rows(int m, int n) {
        var rows = new double[m][n];
        for (var row : rows) for (int j = 0; j < n; j++) row[j] = j == 0 ? 1 : random.nextGaussian();
        return rows;
    }

    private double[] numbers(int m, double least) {
        return random.doubles(m, least, least + 3).toArray();
    }

    /// At the minimum the weighted residuals are orthogonal to every column.
    @Test
    void residualsAreOrthogonalToTheColumns() {
        var rows = rows(40, 6);
        double[] w = numbers(40, 0.1), y = numbers(40, -1);
        var c = new LeastSquares(rows, w).of(y);
        for (int j = 0; j < 6; j++) {
            var sum = 0.0;
            for (int i = 0; i < 40; i++) {
                var residual = y[i];
                for (int k = 0; k < 6; k++) residual -= rows[i][k] * c[k];
                sum += w[i] * residual * rows[i][j];
            }
            assertEquals(0, sum, 1e-12);
        }
    }

    @Test
    void columnsThatAreEachOtherAreRefused() {
        var rows = rows(10, 3);
        for (var row : rows) row[2] = 2 * row[1] - row[0];
        assertThrows(ModelException.class, () -> new LeastSquares(rows, numbers(10, 1)));
    }

    /// The slope of a line through noise that grows with x: its spread over draws is its standard error.
    @Test
    void standardErrorsAreTheSpreadOverDraws() {
        double told = 0, mean = 0, square = 0;
        var draws = 600;
        for (int d = 0; d < draws; d++) {
            var rows = rows(80, 2);
            var y = new double[80];
            for (int i = 0; i < 80; i++) y[i] = 3 * rows[i][1] + rows[i][1] * rows[i][1] * random.nextGaussian();
            var w = random.doubles(80, 1, 1.0001).toArray();
            var squares = new LeastSquares(rows, w);
            var c = squares.of(y);
            for (var off : squares.deviations(y, c, 0)) told += off[1] * off[1] / draws;
            mean += c[1] / draws;
            square += c[1] * c[1] / draws;
        }
        assertEquals(3, mean, 0.1);
        assertEquals(1, told / (square - mean * mean), 0.25);
    }

    /// Without a penalty it is least squares; it stops at a gap of 1e-4, so it is that near.
    @Test
    void aLassoWithoutPenaltyIsLeastSquares() {
        var rows = rows(60, 5);
        double[] w = numbers(60, 0.1), y = numbers(60, -1);
        var c = new LeastSquares(rows, w).of(y);
        var inner = new double[60][4];
        for (int i = 0; i < 60; i++) System.arraycopy(rows[i], 1, inner[i], 0, 4);
        var lasso = Lasso.of(inner, y, w, 0);
        assertEquals(c[0], lasso.intercept(), 1e-3);
        for (int j = 0; j < 4; j++) assertEquals(c[j + 1], lasso.coefficients()[j], 1e-3);
    }

    /// Columns that share nothing: each coefficient is its own, shrunk by the penalty or gone.
    @Test
    void aLassoShrinks() {
        double[][] x = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
        var y = new double[] {2.05, 1.95, -1.95, -2.05};                              // 2 x₀ + 0.05 x₁
        var lasso = Lasso.of(x, y, new double[] {1, 1, 1, 1}, 0.1);
        assertArrayEquals(new double[] {1.9, 0}, lasso.coefficients(), 1e-12);
        assertEquals(1.9, lasso.at(x[0]), 1e-12);
    }
}
