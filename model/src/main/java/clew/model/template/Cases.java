package clew.model.template;

import java.util.Locale;
import java.util.function.IntPredicate;

/// Upper and lower case.
final class Cases {
    private Cases() {}

    static Text apply(Text t, String how, Room room) {
        var s = t.string();
        room.take(s.length());
        return t.mapped(switch (how) {
            case "upper"      -> s.toUpperCase(Locale.ROOT);
            case "lower"      -> s.toLowerCase(Locale.ROOT);
            case "casefold"   -> s.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
            case "capitalize" -> s.isEmpty() ? s : titled(s.codePointAt(0))
                + s.substring(Character.charCount(s.codePointAt(0))).toLowerCase(Locale.ROOT);
            case "title"      -> title(s);
            case "swapcase"   -> swap(s);
            default           -> throw new IllegalStateException(how);
        });
    }

    private static String titled(int c) {
        var upper = Character.toString(c).toUpperCase(Locale.ROOT);
        if (upper.length() == Character.charCount(c)) return Character.toString(Character.toTitleCase(c));
        return upper.substring(0, 1) + upper.substring(1).toLowerCase(Locale.ROOT);
    }

    /// `str.title`: a cased letter behind one without case begins a word.
    static String title(String s) {
        var out = new StringBuilder();
        var inside = false;
        for (int i = 0; i < s.length(); ) {
            var c = s.codePointAt(i);
            out.append(inside ? Character.toString(c).toLowerCase(Locale.ROOT) : titled(c));
            inside = isCased(c);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    private static String swap(String s) {
        var out = new StringBuilder();
        s.codePoints().forEach(c -> {
            var one = Character.toString(c);
            out.append(Character.isUpperCase(c) ? one.toLowerCase(Locale.ROOT)
                : Character.isLowerCase(c) ? one.toUpperCase(Locale.ROOT) : one);
        });
        return out.toString();
    }

    /// Whether there is a letter of that case, and none of the other.
    static boolean all(String s, IntPredicate wanted, IntPredicate other) {
        return s.codePoints().anyMatch(wanted)
            && s.codePoints().noneMatch(c -> other.test(c) || Character.isTitleCase(c));
    }

    /// For a comparison that does not look at case.
    static Value ignored(Value value) {
        return value instanceof Text t ? t.mapped(t.string().toLowerCase(Locale.ROOT)) : value;
    }
}
