package clew.attribution;

import java.util.HashMap;
import java.util.List;

/// What every window of an occlusion takes away: the raw table whose means over the windows that cover a token are the
/// token's scores.
///
/// @param spans  `{from, to}` of each window, tokens of the result, `to` behind the last
/// @param scores `[targets][windows]`, `f(x) − f(x without the window)`
public record Regions(List<int[]> spans, double[][] scores) {
    public Regions {
        spans = List.copyOf(spans);
    }

    /// Of the sum of the targets.
    Regions summed() {
        return new Regions(spans, new double[][] {Attribution.columns(scores)});
    }

    /// The same where every group is one token of the result.
    ///
    /// @param groups that the windows were made of
    public Regions in(Groups groups) {
        var group = new HashMap<Integer, Integer>();
        for (int g = 0; g < groups.size(); g++) for (int t : groups.members().get(g)) group.put(t, g);
        return new Regions(spans.stream().map(s -> new int[] {group.get(s[0]), group.get(s[1] - 1) + 1}).toList(),
            scores);
    }
}
