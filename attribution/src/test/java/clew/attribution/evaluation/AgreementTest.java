package clew.attribution.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.attribution.Shared;
import clew.attribution.analysis.StudentT;
import clew.weights.Config;
import clew.weights.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Statistics against SciPy's.
final class AgreementTest {
    private static final double[] A = {1, 2, 2, 3, 5, 4}, B = {2, 1, 3, 3, 6, 4};

    @Test
    void ranksAndPairsOfTiesAreSciPys() {
        assertEquals(0.8676470588235294, Agreement.spearman(A, B), 1e-15);
        assertEquals(0.7857142857142858, Agreement.kendall(A, B), 1e-15);
        assertEquals(Double.NaN, Agreement.spearman(A, new double[6]));
        assertEquals(Double.NaN, Agreement.kendall(new double[6], B));
    }

    @Test
    void theOverlapIsOfTheLargest() {
        assertEquals(2 / 3.0, Agreement.overlap(A, new double[] {0, 0, 9, 0, 8, 7}, 3), 1e-15);
        assertEquals(1, Agreement.overlap(A, A, 3));
        assertEquals(1, Agreement.overlap(A, B, 99), "all are among all");
        double[] c = {0, 0, 9, 0, 8, 7};
        assertEquals(0, Agreement.of(A, c, 1).overlap());
        assertEquals(0.5, Agreement.of(A, c, 2).overlap());
    }

    @Test
    void studentsDistributionIsSciPys() {
        double[] degrees = {1, 3, 10, 199}, quantiles = {12.70620474, 3.18244631, 2.22813885, 1.97195654};
        for (int i = 0; i < degrees.length; i++)
            assertEquals(quantiles[i], StudentT.quantile(0.975, degrees[i]), 1e-8 * quantiles[i]);
        assertEquals(0.16162352, StudentT.cumulative(-1.3, 2), 1e-8);
        assertEquals(0.57641662, StudentT.cumulative(0.2, 7), 1e-8);
        assertEquals(0.99094218, StudentT.cumulative(2.5, 30), 1e-8);
    }

    /// `σ · t / √n` of 1, 2, 3, 4 is 1.2910 · 3.1824 / 2.
    @Test
    void aMeanHasStudentsInterval() {
        var mean = Mean.of(1, 2, Double.NaN, 3, 4);
        assertEquals(2.5, mean.value(), 1e-15);
        assertEquals(3.18244631 * Math.sqrt(5 / 3.0) / 2, mean.half(), 1e-8);
        assertEquals(4, mean.count());
        assertEquals(new Mean(7, Double.NaN, 1), Mean.of(7));
        assertEquals(new Mean(Double.NaN, Double.NaN, 0), Mean.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spearman", "spearman_ties", "spearman_short"})
    void spearmanOfTheGoldensIsSciPys(String name) {
        var folder = Shared.path("goldens/goldens");
        var values = Config.read(folder.resolve("stats.json")).json().get("values");
        try (var arrays = SafeTensors.open(folder.resolve("stats.safetensors"))) {
            double[] x = arrays.tensor(name + "/x").toDoubles(), y = arrays.tensor(name + "/y").toDoubles();
            var rho = Agreement.spearman(x, y);
            assertEquals(values.get(name + "/rho").doubleValue(), rho, 1e-14);
            var p = values.get(name + "/p").doubleValue();
            assertEquals(p, Agreement.significance(rho, x.length), 1e-11 * p);
        }
    }
}
