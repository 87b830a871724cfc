package clew.model.template;

/// What Python says about characters.
final class Python {
    private Python() {}

    /// `str.isspace` of one code point.
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /// Where `str.splitlines` ends a line; a carriage return with its line feed is one end.
    static boolean isLineEnd(int c) {
        return c >= '\n' && c <= '\r' || c >= 0x1C && c <= 0x1E || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /// `str.isprintable` of one code point.
    static boolean isPrintable(int c) {
        return c == ' ' || switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                 Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /// The first char of the string, from `from` on, that is not space.
    static int skipSpace(String s, int from) {
        int at = from;
        while (at < s.length() && isSpace(s.charAt(at))) at++;
        return at;
    }

    /// The end of `s[from, to)` without the space that it ends in.
    static int trimmedEnd(String s, int from, int to) {
        int end = to;
        while (end > from && isSpace(s.charAt(end - 1))) end--;
        return end;
    }
}
