package clew.attribution;

import clew.attribution.analysis.StudentT;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// How far off the scores of a method that draws may be: alone, and any sum of them.
///
/// `Var(Σ s) = Σ_draws (Σ deviations of the draw)²`: what the same draw does to several scores — a token's neighbour,
/// the next target — is in the sum before it is squared, so that it counts with its sign. Errors of terms alone do not
/// tell that of their sum. A few draws know little of their own spread, so intervals are Student's: of four draws 3.18
/// standard errors to either side, of very many 1.96.
///
/// @param errors  `[targets][T]`: standard error of each score; empty where nothing was drawn, or once
/// @param draws   of every draw `[targets][T]`, scaled so that the squares of a score's deviations add up to its
///                variance; empty where there were too many to keep, and sums are not known then
/// @param degrees of freedom that the errors were found with, draws less what was fitted to them; 0 without errors
public record Deviations(double[][] errors, List<double[][]> draws, int degrees) {
    /// Of what draws nothing.
    public static final Deviations NONE = new Deviations(new double[0][], List.of(), 0);

    public Deviations {
        draws = List.copyOf(draws);
    }

    /// Whose errors are the roots of the summed squares.
    static Deviations of(List<double[][]> draws, int degrees) {
        if (draws.isEmpty()) return NONE;
        var errors = new double[draws.getFirst().length][draws.getFirst()[0].length];
        for (var draw : draws)
            for (int t = 0; t < errors.length; t++)
                for (int i = 0; i < errors[t].length; i++) errors[t][i] += draw[t][i] * draw[t][i];
        for (var row : errors) for (int i = 0; i < row.length; i++) row[i] = Math.sqrt(row[i]);
        return new Deviations(errors, draws, degrees);
    }

    /// Whether there are errors at all.
    public boolean isKnown() {
        return errors.length > 0;
    }

    /// Standard errors to either side of a score that are its 95 % interval; NaN without errors.
    public double width() {
        return isKnown() ? StudentT.interval(degrees) : Double.NaN;
    }

    /// Half of the 95 % interval of each score, `[targets][T]`; empty without errors.
    public double[][] halves() {
        var width = width();
        return all(errors, row -> Arrays.stream(row).map(e -> width * e).toArray());
    }

    /// The 95 % intervals of these scores, `[targets][T][2]` from low to high; empty without errors.
    public double[][][] intervals(double[][] scores) {
        var halves = halves();
        return IntStream.range(0, halves.length).mapToObj(t -> IntStream.range(0, halves[t].length)
            .mapToObj(i -> new double[] {scores[t][i] - halves[t][i], scores[t][i] + halves[t][i]})
            .toArray(double[][]::new)).toArray(double[][][]::new);
    }

    /// Of scores that were divided by these numbers, one for each target, which are taken for sure. Sums over targets
    /// that were divided by different numbers are not known.
    public Deviations over(double[] divisors) {
        var scaled = new double[errors.length][];
        for (int t = 0; t < scaled.length; t++) scaled[t] = divided(errors[t], divisors[t]);
        var kept = errors.length == 1 ? each(draws, row -> divided(row, divisors[0])) : List.<double[][]>of();
        return new Deviations(scaled, kept, degrees);
    }

    private static double[] divided(double[] row, double by) {
        return Arrays.stream(row).map(v -> v / by).toArray();
    }

    /// Of sums over tokens, `[targets][groups]`.
    public Deviations sums(Groups groups) {
        if (!draws.isEmpty()) return of(each(draws, groups::sums), degrees);
        var alone = groups.members().stream().allMatch(g -> Arrays.stream(errors)
            .allMatch(row -> Arrays.stream(g).filter(t -> row[t] != 0).count() <= 1));
        return alone ? new Deviations(all(errors, groups::sums), draws, degrees) : NONE;
    }

    /// Of the sum over targets, `[1][T]`.
    public Deviations together() {
        if (errors.length == 1) return this;
        return of(draws.stream().map(draw -> new double[][] {Attribution.columns(draw)}).toList(), degrees);
    }

    /// Of the first `T` tokens.
    Deviations first(int T) {
        return mapped(row -> Arrays.copyOf(row, T));
    }

    /// A group's at its first token.
    Deviations atFirst(Groups groups, int T) {
        return mapped(row -> groups.atFirst(row, T));
    }

    private Deviations mapped(UnaryOperator<double[]> row) {
        return new Deviations(all(errors, row), each(draws, row), degrees);
    }

    /// Of targets that were explained some at a time by the same draws, the first of which are common to all.
    static Deviations joined(List<Deviations> parts) {
        var errors = parts.stream().flatMap(p -> Arrays.stream(p.errors)).toArray(double[][]::new);
        var degrees = parts.stream().mapToInt(p -> p.degrees).min().orElse(0);
        if (parts.stream().anyMatch(p -> p.draws.isEmpty())) return new Deviations(errors, List.of(), degrees);
        var most = parts.stream().mapToInt(p -> p.draws.size()).max().orElse(0);
        var draws = new ArrayList<double[][]>();
        for (int i = 0; i < most; i++) {
            var at = i;
            draws.add(parts.stream().flatMap(p -> Arrays.stream(at < p.draws.size() ? p.draws.get(at)
                : new double[p.errors.length][p.errors[0].length])).toArray(double[][]::new));
        }
        return new Deviations(errors, draws, degrees);
    }

    private static List<double[][]> each(List<double[][]> draws, UnaryOperator<double[]> row) {
        return draws.stream().map(draw -> all(draw, row)).toList();
    }

    private static double[][] all(double[][] rows, UnaryOperator<double[]> row) {
        return IntStream.range(0, rows.length).mapToObj(t -> row.apply(rows[t])).toArray(double[][]::new);
    }
}
