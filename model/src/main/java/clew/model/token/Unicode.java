package clew.model.token;

import java.util.Locale;

/// Facts about characters that tokenizers rely on, as Unicode states them.
final class Unicode {
    private Unicode() {}

    /// The text with every unpaired surrogate replaced by U+FFFD: what UTF-8 can carry.
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !isPair(text, i)) return repaired(text, i);
            if (Character.isHighSurrogate(text.charAt(i))) i++;
        }
        return text;
    }

    /// White_Space: what `\s` means to Oniguruma and Rust.
    static boolean isSpace(int codePoint) {
        return Character.isSpaceChar(codePoint) || codePoint >= 0x09 && codePoint <= 0x0D || codePoint == 0x85;
    }

    /// What `\w` means to Rust: letters, marks, decimal digits, connectors and joiners.
    static boolean isWord(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK,
                 Character.DECIMAL_DIGIT_NUMBER, Character.CONNECTOR_PUNCTUATION -> true;
            default -> Character.isAlphabetic(codePoint) || codePoint == 0x200C || codePoint == 0x200D;
        };
    }

    /// Number in any script (category N), by Unicode 17 as in Rust.
    static boolean isNumber(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> codePoint >= 0x11DE0 && codePoint <= 0x11DE9 || codePoint >= 0x16FF4 && codePoint <= 0x16FF6;
        };
    }

    /// A code point in lower case, by Unicode 17 as in Rust; the JDK has Unicode 16.
    static String lowerCase(String codePoint) {
        int point = codePoint.codePointAt(0);
        if (point == 0xA7CE || point == 0xA7D2 || point == 0xA7D4) return Character.toString(point + 1);
        if (point >= 0x16EA0 && point <= 0x16EB8)                  return Character.toString(point + 0x1B);
        return codePoint.toLowerCase(Locale.ROOT);
    }

    /// Number of bytes of the code point in UTF-8.
    static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /// Number of bytes of the text in UTF-8.
    static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0, point; i < text.length(); i += Character.charCount(point))
            bytes += utf8Length(point = text.codePointAt(i));
        return bytes;
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    private static String repaired(String text, int from) {
        var out = new StringBuilder(text);
        for (int i = from; i < text.length(); i++) {
            if (isPair(text, i))                              i++;
            else if (Character.isSurrogate(text.charAt(i))) out.setCharAt(i, '\uFFFD');
        }
        return out.toString();
    }
}
