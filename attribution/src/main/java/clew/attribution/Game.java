package clew.attribution;

import java.util.BitSet;
import java.util.List;

/// What is won without some of the players: `v(S)` of every coalition S, for each of several scalars.
public interface Game {
    /// How many players there are.
    int players();

    /// `[coalitions][scalars]`.
    ///
    /// @param coalitions players that are there
    double[][] values(List<BitSet> coalitions);

    /// All players.
    default BitSet everyone() {
        var all = new BitSet();
        all.set(0, players());
        return all;
    }

    /// All players but these.
    default BitSet without(BitSet some) {
        var rest = everyone();
        rest.andNot(some);
        return rest;
    }

    /// Whether each player is in the coalition, 1 or 0.
    default double[] row(BitSet coalition) {
        var row = new double[players()];
        coalition.stream().forEach(i -> row[i] = 1);
        return row;
    }
}
