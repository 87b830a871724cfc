package clew.attribution.render;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Columns that text takes on a terminal: two for East Asian wide characters and emoji, none for combining marks.
///
/// Counted per grapheme cluster, as a terminal draws it: a family of four is two columns wide, not eight.
final class Columns {
    private static final Pattern CLUSTER = Pattern.compile("\\X");
    private static final int EMOJI_STYLE = 0xFE0F;

    /// East Asian Width W and F outside of what Character knows as ideographs and emoji; first and last, ascending.
    private static final int[] WIDE = {
        0x1100, 0x115F,   0x2329, 0x232A,   0x2E80, 0x303E,   0x3041, 0xA4CF,   0xA960, 0xA97F,   0xAC00, 0xD7A3,
        0xF900, 0xFAFF,   0xFE10, 0xFE19,   0xFE30, 0xFE6F,   0xFF01, 0xFF60,   0xFFE0, 0xFFE6,
        0x16FE0, 0x18DFF, 0x1AFF0, 0x1B2FF, 0x1F200, 0x1F2FF, 0x20000, 0x3FFFD,
    };

    private Columns() {}

    /// Columns of a text without control characters.
    static int of(String text) {
        return clusters(text).stream().mapToInt(Columns::cluster).sum();
    }

    /// The text in at most `columns`, cut with `…` where it is longer, filled with spaces to exactly that many.
    static String fit(String text, int columns) {
        if (of(text) <= columns) return text + " ".repeat(columns - of(text));
        var out = new StringBuilder();
        var room = columns - 1;
        for (var c : clusters(text)) {
            if (cluster(c) > room) break;
            out.append(c);
            room -= cluster(c);
        }
        return out.append('…').append(" ".repeat(room)).toString();
    }

    /// What a reader takes for one character each.
    static List<String> clusters(String text) {
        var out = new ArrayList<String>();
        var m = CLUSTER.matcher(text);
        while (m.find()) out.add(m.group());
        return out;
    }

    static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    /// Columns of one cluster.
    static int cluster(String cluster) {
        var emoji = cluster.indexOf(EMOJI_STYLE) > 0 && Character.isEmoji(cluster.codePointAt(0));
        return emoji ? 2 : cluster.codePoints().map(Columns::point).max().orElse(0);
    }

    private static int point(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> c >= 0x1160 && c <= 0x11FF ? 0                     // Hangul vowels and finals join their initial
                : Character.isEmojiPresentation(c) || isWide(c) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        for (int i = 0; i < WIDE.length; i += 2) if (c <= WIDE[i + 1]) return c >= WIDE[i];
        return false;
    }
}
