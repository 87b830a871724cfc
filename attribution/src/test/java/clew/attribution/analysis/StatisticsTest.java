package clew.attribution.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Shared;
import clew.weights.Config;
import clew.weights.SafeTensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Statistics against scikit-learn's, to 1e-9 of each array's largest magnitude.
final class StatisticsTest {
    private static SafeTensors arrays;
    private static final Shrinkage AUTO = new Shrinkage.LedoitWolf();

    @BeforeAll
    static void open() {
        arrays = SafeTensors.open(Shared.path("goldens/goldens").resolve("stats.safetensors"));
    }

    @AfterAll
    static void close() {
        if (arrays != null) arrays.close();
    }

    private static double number(String name) {
        return Config.read(Shared.path("goldens/goldens").resolve("stats.json")).json().get("values").get(name)
            .doubleValue();
    }

    private static double[][] rows(String name) {
        var tensor = arrays.tensor(name);
        var values = tensor.toDoubles();
        int n = tensor.shape().dims()[0], D = values.length / n;
        return IntStream.range(0, n).mapToObj(r -> Arrays.copyOfRange(values, r * D, (r + 1) * D))
            .toArray(double[][]::new);
    }

    private static int[] labels(String name) {
        return Arrays.stream(arrays.tensor(name).toDoubles()).mapToInt(v -> (int) v).toArray();
    }

    private static void matches(String name, double[]... computed) {
        var expected = arrays.tensor(name).toDoubles();
        var scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, Stream.of(computed).flatMapToDouble(Arrays::stream).toArray(), 1e-9 * scale, name);
    }

    private static double[][] each(String name, Function<double[], double[]> of) {
        return Arrays.stream(rows(name)).map(of).toArray(double[][]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lda_wide", "lda_tall"})
    void twoClassesAreTold(String name) {
        var x = rows(name + "/X");
        var y = labels(name + "/y");
        var lda = Discriminants.of(x, y, AUTO);
        matches(name + "/means", lda.means());
        matches(name + "/priors", lda.priors());
        matches(name + "/covariance", lda.covariance());
        var w = lda.weights();
        matches(name + "/coef", IntStream.range(0, w[0].length).mapToDouble(d -> w[1][d] - w[0][d]).toArray());
        matches(name + "/intercept", new double[] {lda.intercepts()[1] - lda.intercepts()[0]});
        matches(name + "/decision", each(name + "/X_test", row -> {
            var scores = lda.scores(row);
            return new double[] {scores[1] - scores[0]};
        }));
        matches(name + "/predict_proba", each(name + "/X_test", lda::probabilities));
        matches(name + "/predict_proba_train", each(name + "/X", lda::probabilities));
        matches(name + "/predict_proba_shrink03",
            each(name + "/X_test", Discriminants.of(x, y, new Shrinkage.Fixed(0.3))::probabilities));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lda_wide", "lda_tall"})
    void leftOutRowsAreTakenForTheSame(String name) {
        var y = labels(name + "/y");
        var taken = Discriminants.leaveOneOut(rows(name + "/X"), y, AUTO);
        assertArrayEquals(labels(name + "/loo_predictions"), taken);
        var right = IntStream.range(0, y.length).filter(i -> taken[i] == y[i]).count();
        assertEquals(number(name + "/loo_accuracy"), (double) right / y.length, 1e-15);
    }

    /// Of the standardised rows of a class.
    @ParameterizedTest
    @ValueSource(strings = {"lda_wide", "lda_tall"})
    void shrinkageIsLedoitAndWolfs(String name) {
        var y = labels(name + "/y");
        var x = rows(name + "/X");
        for (int k = 0; k < 2; k++) {
            var of = k;
            var own = IntStream.range(0, y.length).filter(i -> y[i] == of).mapToObj(i -> x[i]).toArray(double[][]::new);
            var s = Covariance.empirical(own);
            var unit = Arrays.stream(own).map(row -> IntStream.range(0, row.length)
                .mapToDouble(i -> row[i] / Math.sqrt(s[i][i])).toArray()).toArray(double[][]::new);
            assertEquals(number(name + "/ledoit_wolf_shrinkage_class" + k), Covariance.ledoitWolf(unit), 1e-12);
        }
    }

    @Test
    void threeClassesAreTold() {
        var lda = Discriminants.of(rows("lda3/X"), labels("lda3/y"), AUTO);
        matches("lda3/predict_proba_train", each("lda3/X", lda::probabilities));
        for (var row : rows("lda3/X")) {
            var p = lda.probabilities(row);
            assertEquals(Arrays.stream(p).max().orElseThrow(), p[lda.predict(row)]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pca_tall", "pca_wide"})
    void componentsAreThoseOfAFullDecomposition(String name) {
        var pca = PrincipalComponents.of(rows(name + "/X"), rows(name + "/components").length);
        matches(name + "/components", pca.components());
        matches(name + "/singular_values", pca.singular());
        matches(name + "/explained_variance", pca.variances());
        matches(name + "/explained_variance_ratio", pca.shares());
        matches(name + "/transform", each(name + "/X", pca::of));
    }

    /// The same clusters up to their names, and so the same inertia.
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6})
    void clustersAreAsTight(int k) {
        var x = rows("kmeans/X");
        var clusters = Clusters.of(x, k, 50, 1);
        var inertia = number("kmeans/inertia_k" + k);
        assertTrue(clusters.inertia() <= inertia * (1 + 1e-12), clusters.inertia() + " above " + inertia);
        var theirs = labels("kmeans/labels_k" + k);
        var centres = rows("kmeans/centers_k" + k);
        for (int r = 0; r < x.length; r++) {
            assertArrayEquals(centres[theirs[r]], clusters.centres()[clusters.labels()[r]], 1e-9, "row " + r);
            for (int s = 0; s < r; s++)
                assertEquals(theirs[r] == theirs[s], clusters.labels()[r] == clusters.labels()[s]);
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        double[][] two = {{1, 2}, {3, 4}};
        for (var attempt : List.<Runnable>of(() -> Clusters.of(two, 3, 1, 0), () -> PrincipalComponents.of(two, 3),
            () -> Discriminants.of(two, new int[] {0}, AUTO), () -> Discriminants.of(two, new int[] {0, 2}, AUTO),
            () -> new Shrinkage.Fixed(1.5)))
            assertThrows(IllegalArgumentException.class, attempt::run);
    }
}
