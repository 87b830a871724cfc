package clew.app;

import clew.attribution.Groups;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/// Tokens of a prompt by their positions: `0,3-5` is the first, and the fourth to the sixth.
///
/// @param name what its giver calls it
/// @param all  `{first, last}`
record Spans(String name, List<int[]> all) {
    private static final String SPAN = "\\d{1,9}(-\\d{1,9})?";

    /// @throws UsageException if it is none, or a position is in two of them
    static Spans of(Given given, Key key) {
        var name = given.name(key);
        var all = new ArrayList<int[]>();
        var seen = new BitSet();
        for (var text : given.list(key)) {
            var ends = text.split("-");
            var span = text.matches(SPAN)
                ? new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])} : new int[] {1, 0};
            if (span[1] < span[0] || span[1] == Integer.MAX_VALUE)
                throw new UsageException(name + " takes positions of tokens and stretches of them, such as 0,3-5, not '"
                    + text + "'");
            if (seen.get(span[0], span[1] + 1).cardinality() > 0)
                throw new UsageException(name + ": a token of " + text + " is named twice; name it once");
            seen.set(span[0], span[1] + 1);
            all.add(span);
        }
        if (all.isEmpty() && given.has(key))
            throw new UsageException(name + " is empty; name tokens by their positions, such as 0,3-5");
        return new Spans(name, all);
    }

    /// As it was given.
    String text() {
        return all.stream().map(s -> s[0] == s[1] ? "" + s[0] : s[0] + "-" + s[1]).collect(Collectors.joining(","));
    }

    /// @throws UsageException if one is not in a prompt of T tokens
    BitSet positions(int T) {
        var positions = new BitSet();
        for (var span : all) {
            if (span[1] >= T)
                throw new UsageException(name + ": there is no token " + span[1] + " in the prompt of " + T + " (0 … "
                    + (T - 1) + ")");
            positions.set(span[0], span[1] + 1);
        }
        return positions;
    }

    /// The groups of T tokens with each of these stretches as one of its own, all in the order of their first tokens.
    Groups in(Groups groups, int T) {
        if (all.isEmpty()) return groups;
        var members = new ArrayList<>(groups.without(positions(T)).members());
        for (var span : all) members.addAll(Groups.spans(List.of(new int[] {span[0], span[1] + 1})).members());
        members.sort((a, b) -> Integer.compare(a[0], b[0]));
        return new Groups(members);
    }
}
