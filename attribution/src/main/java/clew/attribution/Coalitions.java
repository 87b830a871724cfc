package clew.attribution;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Coalitions that a method draws, and what is won by each, as rows of a regression.
final class Coalitions {
    /// Coalitions before the first look at the errors, and between looks.
    static final int ROUND = 100;

    private final Games games;
    private final List<BitSet> sets = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();              // [coalitions][scalars]

    Coalitions(Games games) {
        this.games = games;
    }

    /// Plays some more.
    void play(List<BitSet> more) {
        games.values(sets.size(), more.stream().map(List::of).toList()).forEach(v -> values.add(v[0]));
        sets.addAll(more);
    }

    /// Plays some in all games at once.
    void playWhole(List<BitSet> some) {
        values.addAll(List.of(games.whole().values(some)));
        sets.addAll(some);
    }

    List<BitSet> sets() {
        return sets;
    }

    /// What is won of one scalar by every coalition.
    double[] of(int t) {
        return values.stream().mapToDouble(v -> v[t]).toArray();
    }

    /// Which features are there, 1 or 0, behind so many ones.
    double[][] rows(int ones) {
        return sets.stream().map(s -> {
            var row = new double[ones + games.whole().players()];
            for (int i = 0; i < ones; i++) row[i] = 1;
            s.stream().forEach(i -> row[ones + i] = 1);
            return row;
        }).toArray(double[][]::new);
    }
}
