package clew.attribution;

import clew.model.token.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Features made of tokens: positions that are scored, and by a method that removes features removed, together.
///
/// A position in no group is never removed and has no score. Scores of tokens add up to those of their groups exactly.
///
/// @param members positions of each group, ascending; no position is in two groups
public record Groups(List<int[]> members) {
    /// Quotes and brackets behind a full stop.
    private static final String CLOSING = "[」』）”’\"')\\]]*";

    public Groups {
        members = members.stream().map(int[]::clone).toList();
        var seen = new BitSet();
        for (var group : members) {
            if (group.length == 0) throw new IllegalArgumentException("a group has at least one token");
            for (int t : group) {
                if (t < 0 || seen.get(t))
                    throw new IllegalArgumentException("token " + t + " cannot be in a group, or is in two");
                seen.set(t);
            }
        }
    }

    /// Every token by itself.
    public static Groups each(int tokens) {
        return new Groups(IntStream.range(0, tokens).mapToObj(t -> new int[] {t}).toList());
    }

    /// Every one of these positions by itself.
    public static Groups of(int... positions) {
        return new Groups(Arrays.stream(positions).mapToObj(t -> new int[] {t}).toList());
    }

    /// Stretches from one position up to before another, such as the slots of a template.
    ///
    /// @param spans `{from, to}`, as many as there are groups
    public static Groups spans(List<int[]> spans) {
        return new Groups(spans.stream().map(s -> IntStream.range(s[0], s[1]).toArray()).toList());
    }

    /// Words: a token that begins with white space, or stands behind a token that ends with it, begins one; so does a
    /// special token, and what comes behind it.
    public static Groups words(List<Token> tokens) {
        return runs(tokens.size(), t -> {
            Token here = tokens.get(t), before = tokens.get(t - 1);
            return here.special() || before.special() || startsBlank(here.text()) || endsBlank(before.text());
        });
    }

    /// Sentences: one ends behind a token with `.`, `!`, `?`, `…` or their full-width forms, with the quotes and
    /// brackets behind it, where white space follows or the script has none; and behind a line feed.
    public static Groups sentences(List<Token> tokens) {
        return runs(tokens.size(), t -> {
            Token here = tokens.get(t), before = tokens.get(t - 1);
            if (here.special() != before.special()) return true;
            if (here.text().isBlank()) return false;
            var last = before.text();
            for (int i = t - 2; last.strip().matches(CLOSING) && i >= 0; i--) last = tokens.get(i).text() + last;
            if (last.indexOf('\n') >= 0 && last.substring(last.indexOf('\n')).isBlank()) return true;
            var blank = endsBlank(last) || startsBlank(here.text());
            return last.strip().matches("(?s).*[。！？．]+" + CLOSING)
                || blank && last.strip().matches("(?s).*[.!?…]+" + CLOSING);
        });
    }

    /// Stretches, each beginning where `begins` says so of a position other than 0.
    private static Groups runs(int tokens, IntPredicate begins) {
        var runs = new ArrayList<int[]>();
        for (int from = 0, to; from < tokens; from = to) {
            to = from + 1;
            while (to < tokens && !begins.test(to)) to++;
            runs.add(IntStream.range(from, to).toArray());
        }
        return new Groups(runs);
    }

    private static boolean startsBlank(String text) {
        return !text.isEmpty() && Character.isWhitespace(text.codePointAt(0));
    }

    private static boolean endsBlank(String text) {
        return !text.isEmpty() && Character.isWhitespace(text.codePointBefore(text.length()));
    }

    /// The same groups without these positions, and without groups that lose all of theirs.
    public Groups without(BitSet positions) {
        return new Groups(members.stream()
            .map(g -> Arrays.stream(g).filter(t -> !positions.get(t)).toArray()).filter(g -> g.length > 0).toList());
    }

    /// The same groups as far as their positions come before `end`.
    public Groups before(int end) {
        var rest = new BitSet();
        rest.set(end, Math.max(end, members.stream().flatMapToInt(Arrays::stream).max().orElse(0) + 1));
        return without(rest);
    }

    public int size() {
        return members.size();
    }

    /// Tokens in all groups together.
    int tokens() {
        return members.stream().mapToInt(g -> g.length).sum();
    }

    /// The positions of some groups.
    BitSet positions(BitSet some) {
        var out = new BitSet();
        some.stream().forEach(g -> Arrays.stream(members.get(g)).forEach(out::set));
        return out;
    }

    /// One number per group as one per token: a group's stands at its first token, 0 elsewhere.
    double[] atFirst(double[] perGroup, int tokens) {
        var out = new double[tokens];
        for (int g = 0; g < perGroup.length; g++) out[members.get(g)[0]] = perGroup[g];
        return out;
    }

    /// One number per token as one per group: the sum.
    public double[] sums(double[] perToken) {
        return members.stream().mapToDouble(g -> Arrays.stream(g).mapToDouble(t -> perToken[t]).sum()).toArray();
    }
}
