package clew.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// How far off the scores of a method that draws may be: alone, and any sum of them.
///
/// `Var(Σ s) = Σ_draws (Σ deviations of the draw)²`: what the same draw does to several scores — a token's neighbour,
/// the next target — is in the sum before it is squared, so that it counts with its sign. Errors of terms alone do not
/// tell that of their sum.
///
/// @param errors `[targets][T]`: standard error of each score; empty where nothing was drawn, or once
/// @param draws  of every draw `[targets][T]`, scaled so that the squares of a score's deviations add up to its
///               variance; empty where there were too many to keep, and sums are not known then
public record Deviations(double[][] errors, List<double[][]> draws) {
    /// Of what draws nothing.
    public static final Deviations NONE = new Deviations(new double[0][], List.of());

    public Deviations {
        draws = List.copyOf(draws);
    }

    /// Whose errors are the roots of the summed squares.
    static Deviations of(List<double[][]> draws) {
        if (draws.isEmpty()) return NONE;
        var errors = new double[draws.getFirst().length][draws.getFirst()[0].length];
        for (var draw : draws)
            for (int t = 0; t < errors.length; t++)
                for (int i = 0; i < errors[t].length; i++) errors[t][i] += draw[t][i] * draw[t][i];
        for (var row : errors) for (int i = 0; i < row.length; i++) row[i] = Math.sqrt(row[i]);
        return new Deviations(errors, draws);
    }

    /// Whether there are errors at all.
    public boolean isKnown() {
        return errors.length > 0;
    }

    /// Of sums over tokens, `[targets][groups]`.
    public Deviations sums(Groups groups) {
        if (!draws.isEmpty()) return of(each(draws, groups::sums));
        var alone = groups.members().stream().allMatch(g -> Arrays.stream(errors)
            .allMatch(row -> Arrays.stream(g).filter(t -> row[t] != 0).count() <= 1));
        return alone ? new Deviations(all(errors, groups::sums), draws) : NONE;
    }

    /// Of the sum over targets, `[1][T]`.
    public Deviations together() {
        if (errors.length == 1) return this;
        return of(draws.stream().map(draw -> new double[][] {Attribution.columns(draw)}).toList());
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
        return new Deviations(all(errors, row), each(draws, row));
    }

    /// Of targets that were explained some at a time by the same draws, the first of which are common to all.
    static Deviations joined(List<Deviations> parts) {
        var errors = parts.stream().flatMap(p -> Arrays.stream(p.errors)).toArray(double[][]::new);
        if (parts.stream().anyMatch(p -> p.draws.isEmpty())) return new Deviations(errors, List.of());
        var most = parts.stream().mapToInt(p -> p.draws.size()).max().orElse(0);
        var draws = new ArrayList<double[][]>();
        for (int i = 0; i < most; i++) {
            var at = i;
            draws.add(parts.stream().flatMap(p -> Arrays.stream(at < p.draws.size() ? p.draws.get(at)
                : new double[p.errors.length][p.errors[0].length])).toArray(double[][]::new));
        }
        return new Deviations(errors, draws);
    }

    private static List<double[][]> each(List<double[][]> draws, UnaryOperator<double[]> row) {
        return draws.stream().map(draw -> all(draw, row)).toList();
    }

    private static double[][] all(double[][] rows, UnaryOperator<double[]> row) {
        return IntStream.range(0, rows.length).mapToObj(t -> row.apply(rows[t])).toArray(double[][]::new);
    }
}
