package clew.engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.check.Conservation;
import clew.engine.check.GradientCheck;
import clew.engine.rule.LinearRule;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Op;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every op owes, over the one table of [Cases].
class OpLawsTest {
    static List<Case> smooth() {
        return Cases.smooth();
    }

    static List<Case> all() {
        return Cases.all();
    }

    /// The recipes, and constants that no recipe has: an ε large enough to see, and none at all.
    static List<RuleSet> readings() {
        var readings = new ArrayList<>(RuleSets.conserving());
        readings.add(RuleSets.epsilon(0.3));
        readings.add(RuleSets.gamma(1.5, 0.1));
        readings.add(RuleSets.alphaBeta(1.5, 0.5, 0.2));
        readings.add(RuleSets.zPlus(0.1));
        readings.add(RuleSets.epsilon(0));
        readings.add(RuleSets.gamma(0.5, 0));
        readings.add(RuleSets.alphaBeta(2, 1, 0));
        return readings;
    }

    @Test
    void noOpIsMissingFromTheTable() throws IOException, URISyntaxException {
        var classes = Path.of(Linear.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(classes.resolve("clew/engine/op"))) {
            var ops = files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".class"))
                .map(OpLawsTest::named).filter(c -> c.isRecord() && Op.class.isAssignableFrom(c))
                .map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
            var covered = Cases.all().stream()
                .map(c -> c.op().getSimpleName()).collect(Collectors.toCollection(TreeSet::new));
            assertTrue(ops.size() >= 13, () -> "found only " + ops + " in " + classes);
            assertEquals(ops, covered, "add the op to Cases, with its rule in RForm");
        }
    }

    private static Class<?> named(String file) {
        try {
            return Class.forName("clew.engine.op." + file.substring(0, file.length() - ".class".length()));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("smooth")
    void gradientEqualsCentralDifference(Case c) {
        for (var rows : c.spreads()) {
            var check = GradientCheck.of(c.net(), c.inputs(), rows, 1, 2, 3);
            assertTrue(check.worst() < 1e-11, () -> check.worst() + ": " + check);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void relevanceEqualsThePapers(Case c) {
        if (c.reference() == null) return;                            // only weights behind it
        var run = c.record();
        for (var rules : readings())
            for (var rows : c.spreads()) {
                var g = answerable(c, rules, run.y().tensor(), Case.cotangent(run.y(), rows, 5));
                var back = run.backward(g, rules);
                var y = run.y().tensor().toDoubles();
                var x = run.inputs().stream().map(v -> v.tensor().toDoubles()).toArray(double[][]::new);
                for (int k = 0; k < rows.seeds(); k++) {
                    var expected = c.reference().of(rules, x, y, product(y, g.of(k)));
                    for (int i = 0; i < c.relevances(); i++) {
                        var relevance = relevance(run.inputs().get(i), back, k);
                        var input = i;
                        var within = 1e-12 * scale(expected[i]);
                        assertArrayEquals(expected[i], relevance, within, () -> "input " + input + ": " + rules);
                    }
                }
            }
    }

    /// `x ⊙ g`; zeros where the rules hand nothing.
    private static double[] relevance(Value x, Cotangents back, int seed) {
        var values = x.tensor().toDoubles();
        return back.reached(x) ? product(values, back.of(x).of(seed)) : new double[values.length];
    }

    @ParameterizedTest
    @MethodSource("all")
    void bookedEqualsTheDefect(Case c) {
        var run = c.record();
        for (var rules : readings())
            for (var rows : c.spreads()) {
                var op = Conservation.of(run.tape(), run.node(), Case.cotangent(run.y(), rows, 7), rules);
                var scale = scale(op.taken(), op.sent(), op.booked());
                assertArrayEquals(op.defect(), op.booked(), 1e-12 * scale, rules::toString);
            }
    }

    @ParameterizedTest
    @MethodSource("all")
    void kSeedsAtOnceAreKBackwards(Case c) {
        var run = c.record();
        var rows = c.spreads().get(1);
        for (var rules : readingsAndGradient()) {
            var g = Case.cotangent(run.y(), rows, 11);
            var together = run.backward(g, rules);
            var alone = new ArrayList<Cotangents>();
            for (int k = 0; k < rows.seeds(); k++) alone.add(run.backward(dense(run.y(), g.of(k)), rules));
            for (var x : run.inputs()) {
                if (!together.reached(x)) continue;
                if (together.summed(x)) {
                    var sum = new double[Math.toIntExact(x.tensor().size())];
                    for (var one : alone) for (int i = 0; i < sum.length; i++) sum[i] += one.of(x).of(0)[i];
                    assertArrayEquals(sum, together.of(x).of(0), 1e-13 * scale(sum), rules::toString);
                } else
                    for (int k = 0; k < rows.seeds(); k++)
                        assertArrayEquals(alone.get(k).of(x).of(0), together.of(x).of(k), rules::toString);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shortenedRunsAreFullRunsWithZeros(Case c) {
        var run = c.record();
        var rows = c.spreads().get(2);
        for (var rules : readingsAndGradient()) {
            var g = Case.cotangent(run.y(), rows, 13);
            var shortened = run.backward(g, rules);
            for (int k = 0; k < rows.seeds(); k++) {
                var full = run.backward(dense(run.y(), g.of(k)), rules);
                for (var x : run.inputs()) {
                    if (!full.reached(x) || full.summed(x)) continue;
                    var expected = full.of(x).of(0);
                    assertArrayEquals(expected, shortened.of(x).of(k), 1e-14 * scale(expected), rules::toString);
                }
            }
        }
    }

    private static List<RuleSet> readingsAndGradient() {
        var all = new ArrayList<>(readings());
        all.add(RuleSets.GRADIENT);
        return all;
    }

    /// LRP-0 at an output that cancels to 0 is 0/0 in R-form: no relevance is put there.
    static Cotangent answerable(Case c, RuleSet rules, Tensor y, Cotangent g) {
        if (c.op() != Linear.class || !(rules.linearAt(Cases.SITE) instanceof LinearRule.Zero)) return g;
        var values = g.g().toDoubles();
        var face = g.rows().faced();
        var C = y.cols();
        for (int i = 0; i < values.length; i++) if (y.get(face[i / C] * C + i % C) == 0) values[i] = 0;
        return new Cotangent(Tensor.of(values, g.g().shape().dims()), g.rows());
    }

    private static Cotangent dense(Value y, double[] g) {
        return new Cotangent(Tensor.of(g, y.rows(), y.cols()), Rows.all(y.rows()));
    }

    static double[] product(double[] a, double[] b) {
        var out = new double[a.length];
        for (int i = 0; i < out.length; i++) out[i] = a[i] == 0 || b[i] == 0 ? 0 : a[i] * b[i];
        return out;
    }

    private static double scale(double[]... values) {
        return Math.max(1, Arrays.stream(values).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0));
    }
}
