package clew.model.token;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// A Unicode normalization form that keeps alignments as Hugging Face does.
///
/// Decomposition tags the first code point that a character yields with change 0 and the others with +1; composing two
/// code points adds their changes and subtracts 1; [Aligned#rewrite] reads the changes. So `e` + U+0301 becomes an `é`
/// that is aligned with the `e` alone.
enum UnicodeForm {
    NFC(Normalizer.Form.NFD, true),
    NFD(Normalizer.Form.NFD, false),
    NFKC(Normalizer.Form.NFKD, true),
    NFKD(Normalizer.Form.NFKD, false);

    private static final int LONGEST_MARK_RUN = 64;     // past it the JDK's own check is quadratic

    private final Normalizer.Form decomposition;
    private final boolean composes;

    UnicodeForm(Normalizer.Form decomposition, boolean composes) {
        this.decomposition = decomposition;
        this.composes = composes;
    }

    /// A code point, its rank among combining classes (0 for starters) and its change of length.
    private record Tagged(int point, int rank, int change) {}

    Aligned apply(Aligned source) {
        if (isNormal(source.text())) return source;
        var points = decompose(source.text());
        var form = composes ? compose(points) : points;
        return source.rewrite(form.stream().map(t -> new Aligned.Change(t.point(), t.change())).toList());
    }

    private boolean isNormal(String text) {
        int run = 0, longest = 0;
        boolean simple = true, young = false;                             // below U+0300 nothing combines
        char limit = composes && decomposition == Normalizer.Form.NFD ? '\u0300' : '\u0080';
        for (int i = 0; i < text.length(); i++) {
            simple &= text.charAt(i) < limit;
            young |= UnicodeAge.isYoung(text.codePointAt(i));
            run = isMark(text.codePointAt(i)) || Character.isLowSurrogate(text.charAt(i)) ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        if (simple || young || longest > LONGEST_MARK_RUN) return simple;
        return Normalizer.isNormalized(text, Normalizer.Form.valueOf(name()));
    }

    private List<Tagged> decompose(String text) {
        var points = new ArrayList<Tagged>(text.length());
        var ranks = ranks(text);
        for (int i = 0; i < text.length(); ) {
            var source = Character.toString(text.codePointAt(i));
            i += source.length();
            var parts = decomposition(source);
            for (int j = 0; j < parts.length(); ) {
                int point = parts.codePointAt(j);
                points.add(new Tagged(point, ranks.getOrDefault(point, 0), j == 0 ? 0 : 1));
                j += Character.charCount(point);
            }
        }
        sortMarks(points);
        return points;
    }

    private String decomposition(String source) {
        boolean inert = source.codePointAt(0) < 0x80 || UnicodeAge.isYoung(source.codePointAt(0));
        return inert ? source : Normalizer.normalize(source, decomposition);
    }

    private static void sortMarks(List<Tagged> points) {
        for (int i = 0; i < points.size(); i++) {
            int start = i;
            while (i < points.size() && points.get(i).rank() != 0) i++;
            if (i - start > 1) points.subList(start, i).sort(Comparator.comparingInt(Tagged::rank));
        }
    }

    /// The distinct marks of the text's decomposition, ranked by combining class: the JDK tells orders only.
    private Map<Integer, Integer> ranks(String text) {
        var marks = new ArrayList<Integer>();
        text.codePoints().distinct().filter(p -> p >= 0x80).forEach(p -> decomposition(Character.toString(p))
            .codePoints().filter(UnicodeForm::combines).forEach(marks::add));
        var distinct = new ArrayList<>(new LinkedHashSet<>(marks));
        distinct.sort(UnicodeForm::compareClasses);
        var ranks = new HashMap<Integer, Integer>();
        int rank = 1;
        for (int i = 0; i < distinct.size(); i++) {
            if (i > 0 && compareClasses(distinct.get(i - 1), distinct.get(i)) != 0) rank++;
            ranks.put(distinct.get(i), rank);
        }
        return ranks;
    }

    private static List<Tagged> compose(List<Tagged> points) {
        var out = new ArrayList<Tagged>(points.size());
        int starter = -1, lastRank = 0;                                   // lastRank 0: nothing since the starter
        for (var next : points) {
            boolean blocked = starter < 0 || lastRank != 0 && lastRank >= next.rank();
            int whole = blocked ? -1 : composite(out.get(starter).point(), next);
            if (whole >= 0) {
                var first = out.get(starter);
                out.set(starter, new Tagged(whole, 0, first.change() + next.change() - 1));
                continue;
            }
            out.add(next);
            if (next.rank() == 0) starter = out.size() - 1;
            lastRank = starter < 0 ? 0 : next.rank();
        }
        return out;
    }

    /// The primary composite of two code points, or −1. Only marks and the vowels and finals of Hangul come second.
    private static int composite(int first, Tagged second) {
        int point = second.point();
        if (!isMark(point) && (point < 0x1161 || point > 0x11C2)) return -1;
        var whole = Normalizer.normalize(Character.toString(first) + Character.toString(point), Normalizer.Form.NFC);
        boolean one = whole.codePointCount(0, whole.length()) == 1 && !UnicodeAge.isYoung(whole.codePointAt(0));
        return one ? whole.codePointAt(0) : -1;
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /// Combining class ≠ 0: it slips in front of U+0345, the only character of the highest class, 240.
    private static boolean combines(int point) {
        return isMark(point) && !UnicodeAge.isYoung(point) && (point == 0x345 || reorders(0x345, point));
    }

    private static int compareClasses(int x, int y) {
        return x == y ? 0 : reorders(x, y) ? 1 : reorders(y, x) ? -1 : 0;
    }

    private static boolean reorders(int first, int second) {
        var pair = Normalizer.normalize(Character.toString(first) + Character.toString(second), Normalizer.Form.NFD);
        return pair.codePointAt(0) == second && first != second;
    }
}
