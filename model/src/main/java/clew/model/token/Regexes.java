package clew.model.token;

import java.util.regex.Pattern;

/// Oniguruma's regular expressions in Java's words: the same matches, or a refusal.
///
/// | Oniguruma | Java | why |
/// |---|---|---|
/// | `\s` `\d` | `\p{IsWhite_Space}` `\p{Nd}` | Unicode there, ASCII in Java |
/// | `\w` | letters, marks, `\p{Nd}` `\p{Pc}` ²³¹¼½¾ | so Oniguruma's table says |
/// | `(?i:…)` | `(?iu:…)` | the long s matches s |
/// | `^` `$` `.` | the same under MULTILINE and UNIX_LINES | lines end at `\n` and nowhere else |
/// | `{` that opens no interval | `\{` | literal there, an error in Java |
///
/// Anything whose meaning could differ (back-references, word boundaries, repeated groups, nested classes,
/// possessive intervals) is refused by name. Repeated groups also because Java's matcher recurses on them, and very
/// long or deep expressions because it recurses from part to part and through the members of a class.
final class Regexes {
    private static final String WORD = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\u00b2\u00b3\u00b9\u00bc-\u00be";

    private static final int LONGEST = 4096;               // half of a stack of 512 KB, interpreted
    private static final int DEEPEST = 64;

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int open;

    private Regexes(String source) {
        this.source = source;
    }

    static Pattern translate(String source) {
        if (source.length() > LONGEST)
            throw new IllegalArgumentException("a regular expression of " + source.length()
                + " characters is not supported; " + LONGEST + " are the most");
        var regexes = new Regexes(source);
        while (regexes.at < source.length()) regexes.element();
        try {
            return Pattern.compile(regexes.out.toString(), Pattern.MULTILINE | Pattern.UNIX_LINES);
        } catch (java.util.regex.PatternSyntaxException _) {
            throw regexes.refusal("its syntax");
        }
    }

    private void element() {
        char c = source.charAt(at);
        switch (c) {
            case '\\' -> escape();
            case '['  -> characterClass();
            case '('  -> group();
            case ')'  -> closeGroup();
            case '{'  -> interval();
            case '}'  -> { out.append("\\}"); at++; }
            default   -> { out.append(c); at++; }
        }
    }

    private enum Place { OUTSIDE, IN_CLASS }

    private void escape() {
        char c = peek(1);
        if (c == 'A' || c == 'z') {
            out.append('\\').append(c);
            at += 2;
        } else sharedEscape(Place.OUTSIDE);
    }

    /// Escapes that mean the same inside and outside a class; true for those that stand for a set of characters.
    private boolean sharedEscape(Place place) {
        char c = peek(1);
        at += 2;
        switch (c) {
            case 's' -> out.append("\\p{IsWhite_Space}");
            case 'S' -> out.append("\\P{IsWhite_Space}");
            case 'd' -> out.append("\\p{Nd}");
            case 'D' -> out.append("\\P{Nd}");
            case 'w' -> out.append(place == Place.IN_CLASS ? WORD : "[" + WORD + "]");
            case 'W' -> {
                if (place == Place.IN_CLASS) throw refusal("\\W in a class");
                out.append("[^" + WORD + "]");
            }
            case 'p', 'P' -> property(c);
            case 'r', 'n', 't', 'f' -> out.append('\\').append(c);
            case 'v' -> out.append("\\x0B");
            case 'u' -> out.append("\\u").append(hex(4));
            case 'x' -> codePoint();
            default  -> {
                if (c == 0 || Character.isLetterOrDigit(c)) throw refusal("\\" + c);
                out.append('\\').append(c);
            }
        }
        return "sSdDwWpP".indexOf(c) >= 0;
    }

    private void property(char p) {
        int close = source.indexOf('}', at);
        if (peek(0) != '{' || close < 0) throw refusal("\\" + p + " without a name in braces");
        var name = source.substring(at + 1, close);
        at = close + 1;
        if (!name.matches("[LMNPSZC][a-z]?")) name = "Is" + script(name);
        out.append('\\').append(p).append('{').append(name).append('}');
    }

    private Character.UnicodeScript script(String name) {
        try {
            return Character.UnicodeScript.forName(name);
        } catch (IllegalArgumentException _) {
            throw refusal("\\p{" + name + "}");
        }
    }

    private void codePoint() {
        if (peek(0) == '{') {
            int close = source.indexOf('}', at);
            if (close < 0) throw refusal("\\x{");
            out.append("\\x").append(source, at, close + 1);
            at = close + 1;
        } else {
            var digits = hex(2);
            if (digits.charAt(0) > '7') throw refusal("\\x" + digits);
            out.append("\\x").append(digits);
        }
    }

    private String hex(int length) {
        int end = Math.min(source.length(), at + length);
        var digits = source.substring(at, end);
        if (!digits.matches("[0-9A-Fa-f]{" + length + "}")) throw refusal("a short hexadecimal escape");
        at = end;
        return digits;
    }

    private void group() {
        if (++open > DEEPEST) throw refusal("groups nested deeper than " + DEEPEST + " levels");
        if (peek(1) != '?') {
            out.append('(');
            at++;
            return;
        }
        for (var opening : new String[] {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:"}) {
            if (!source.startsWith(opening, at)) continue;
            out.append(opening.equals("(?i:") ? "(?iu:" : opening);
            at += opening.length();
            return;
        }
        throw refusal(source.substring(at, Math.min(source.length(), at + 4)));
    }

    private void closeGroup() {
        open--;
        out.append(')');
        at++;
        if ("*+{".indexOf(peek(0)) >= 0) throw refusal("a repeated group");
    }

    private void interval() {
        int close = source.indexOf('}', at);
        var inside = close < 0 ? "" : source.substring(at + 1, close);
        if (!inside.matches("\\d{1,5}(,\\d{0,5})?|,\\d{1,5}")) {
            out.append("\\{");
            at++;
            return;
        }
        out.append('{').append(inside.startsWith(",") ? "0" : "").append(inside).append('}');
        at = close + 1;
        if ("?*+{".indexOf(peek(0)) >= 0) throw refusal("a suffix behind an interval");
    }

    private void characterClass() {
        int open = at++;
        out.append('[');
        if (peek(0) == '^') {
            out.append('^');
            at++;
        }
        if (peek(0) == ']') throw refusal("a class that begins with ]");
        boolean set = true;                     // a hyphen that follows an opening or a set is literal
        while (peek(0) != ']') {
            if (at >= source.length()) throw refusal("the class at " + open);
            set = classMember(set);
        }
        out.append(']');
        at++;
    }

    private boolean classMember(boolean afterSet) {
        char c = peek(0);
        if (c == '\\') return sharedEscape(Place.IN_CLASS);
        if (c == '[') throw refusal("a class inside a class");
        if (c == '&' && peek(1) == '&') throw refusal("&& in a class");
        if (c == '-' && (afterSet || peek(1) == ']')) out.append('\\');
        if (c == '^') out.append('\\');
        out.append(c);
        at++;
        return false;
    }

    private char peek(int ahead) {
        return at + ahead < source.length() ? source.charAt(at + ahead) : 0;
    }

    private IllegalArgumentException refusal(String what) {
        return new IllegalArgumentException(
            "the regular expression " + source + " is not supported because of " + what);
    }
}
