package clew.attribution;

import clew.model.Run;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The game of one prompt, or the games of every draw of a removal that draws. A method that draws itself plays each of
/// its draws in a game of its own then, so that what it says of its error knows of both.
///
/// @param whole whose values are the mean of each
record Games(PromptGame whole, List<PromptGame> each) {
    /// For a method that draws nothing by itself: the removal's draws are as many as it says.
    static Games of(Run run, List<Explained> targets, Groups groups, Removal removal) {
        var game = new PromptGame(run, targets, groups, removal);
        return new Games(game, game.draws());
    }

    /// @param draws of the method, at most
    static Games of(Run run, List<Explained> targets, Groups groups, Removal removal, int draws) {
        return of(run, targets, groups,
            removal instanceof Removal.Resample(_, long seed) ? new Removal.Resample(draws, seed) : removal);
    }

    /// How tokens are removed, with the model's usual way said.
    Removal removal() {
        return whole.removal();
    }

    /// Sequences run so far.
    long sequences() {
        return each.stream().mapToLong(PromptGame::sequences).sum() + (each.contains(whole) ? 0 : whole.sequences());
    }

    /// `[coalitions][scalars]` of every draw from the method's `first` on.
    List<double[][]> values(int first, List<List<BitSet>> draws) {
        var out = new ArrayList<double[][]>();
        if (each.size() > 1) {
            for (int i = 0; i < draws.size(); i++) out.add(each.get(first + i).values(draws.get(i)));
            return out;
        }
        var all = each.getFirst().values(draws.stream().flatMap(List::stream).toList());
        for (int i = 0, at = 0; i < draws.size(); at += draws.get(i++).size()) {
            var own = new double[draws.get(i).size()][];
            System.arraycopy(all, at, own, 0, own.length);
            out.add(own);
        }
        return out;
    }
}
