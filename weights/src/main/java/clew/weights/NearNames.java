package clew.weights;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/// The names that someone may have meant: those that end alike, then those a few edits away.
final class NearNames {
    private static final int MOST = 3;
    private static final int LONGEST = 256;            // edit distance is quadratic, and names come from the file

    private NearNames() {}

    /// `; close names: 'a', 'b'`, or `; check that the file belongs to this model` when none is close.
    static String hint(String wanted, Collection<String> names) {
        if (wanted.length() > LONGEST) return "; check the name";
        var near = names.stream()
                .filter(n -> n.length() <= LONGEST)
                .map(n -> new Near(n, distance(wanted, n)))
                .filter(n -> n.distance() <= Math.max(2, wanted.length() / 4))
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(MOST)
                .map(n -> Quote.name(n.name()))
                .collect(Collectors.joining(", "));
        return near.isEmpty() ? "; check that the file belongs to this model" : "; close names: " + near;
    }

    private record Near(String name, int distance) {}

    /// Levenshtein's distance; 0 for a name with another prefix, such as `transformer.wte.weight` for `wte.weight`.
    static int distance(String a, String b) {
        if (a.endsWith("." + b) || b.endsWith("." + a)) return 0;
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                var replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
