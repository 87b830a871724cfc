package clew.attribution.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Verdicts on many prompts put together: means with their 95 % intervals.
///
/// @param prompts how many
/// @param chance  the random rankings; its seconds are 0
public record Summary(List<Heading> metrics, int prompts, List<Row> methods, Row chance, Agreements agreements) {
    /// A column.
    public record Heading(String name, Metric.Better better) {}

    /// One method, or chance.
    ///
    /// @param values per metric, the mean over prompts; of chance, over draws and prompts
    /// @param gains  per metric, the mean of what the method has more than the mean random ranking of the same prompt
    /// @param spread per metric and for chance alone, the middle 95 % of the means over prompts of its draws
    /// @param seconds the median over prompts
    public record Row(String label, List<Mean> values, List<Mean> gains, List<Range> spread, double seconds) {}

    /// From `low` to `high`.
    public record Range(double low, double high) {
        /// The middle 95 % of some numbers, between the nearest ones; those that are none do not count.
        static Range of(double... numbers) {
            var sorted = Arrays.stream(numbers).filter(Double::isFinite).sorted().toArray();
            return sorted.length == 0 ? new Range(Double.NaN, Double.NaN)
                : new Range(at(sorted, 0.025), at(sorted, 0.975));
        }

        private static double at(double[] sorted, double share) {
            var place = share * (sorted.length - 1);
            var below = (int) place;
            var above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
        }
    }

    /// Of every two methods, `[M][M]`; a method agrees with itself.
    ///
    /// @param top how many tokens the overlap is of
    public record Agreements(double[][] spearman, double[][] kendall, double[][] overlap, int top) {}

    /// @throws IllegalArgumentException if there is no verdict
    public static Summary of(Evaluation evaluation, List<Verdict> verdicts) {
        if (verdicts.isEmpty()) throw new IllegalArgumentException("there is no prompt to sum up; give one at least");
        var headings = evaluation.metrics().stream().map(m -> new Heading(m.name(), m.better())).toList();
        var rows = IntStream.range(0, evaluation.candidates().size())
            .mapToObj(m -> row(evaluation.candidates().get(m).label(), m, verdicts, headings.size())).toList();
        return new Summary(headings, verdicts.size(), rows, chance(verdicts, headings.size()),
            agreements(verdicts, rows.size(), evaluation.top()));
    }

    private static Row row(String label, int m, List<Verdict> verdicts, int metrics) {
        var values = new ArrayList<Mean>();
        var gains = new ArrayList<Mean>();
        for (int k = 0; k < metrics; k++) {
            var at = k;
            values.add(mean(verdicts, v -> v.rankings().get(m).metrics()[at]));
            gains.add(mean(verdicts, v -> v.rankings().get(m).metrics()[at] - usual(v, at)));
        }
        var seconds = verdicts.stream().mapToDouble(v -> v.rankings().get(m).seconds()).sorted().toArray();
        return new Row(label, values, gains, List.of(),
            (seconds[seconds.length / 2] + seconds[(seconds.length - 1) / 2]) / 2);
    }

    private static Row chance(List<Verdict> verdicts, int metrics) {
        var values = new ArrayList<Mean>();
        var spread = new ArrayList<Range>();
        for (int k = 0; k < metrics; k++) {
            var at = k;
            values.add(mean(verdicts, v -> usual(v, at)));
            var draws = verdicts.getFirst().random().length;
            spread.add(Range.of(IntStream.range(0, draws)
                .mapToDouble(d -> mean(verdicts, v -> v.random()[d][at]).value()).toArray()));
        }
        return new Row("random", values, List.of(), spread, 0);
    }

    /// The mean of a prompt's random rankings.
    private static double usual(Verdict v, int metric) {
        return Mean.of(Arrays.stream(v.random()).mapToDouble(d -> d[metric]).toArray()).value();
    }

    private static Mean mean(List<Verdict> verdicts, ToDoubleFunction<Verdict> number) {
        return Mean.of(verdicts.stream().mapToDouble(number).toArray());
    }

    private static Agreements agreements(List<Verdict> verdicts, int n, int top) {
        return new Agreements(matrix(verdicts, n, Agreement::spearman), matrix(verdicts, n, Agreement::kendall),
            matrix(verdicts, n, Agreement::overlap), top);
    }

    private static double[][] matrix(List<Verdict> verdicts, int n, ToDoubleFunction<Agreement> number) {
        var all = new double[n][n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                var pair = i == j ? -1 : Verdict.pair(i, j, n);
                all[i][j] = i == j ? 1
                    : mean(verdicts, v -> number.applyAsDouble(v.agreements().get(pair))).value();
            }
        return all;
    }
}
