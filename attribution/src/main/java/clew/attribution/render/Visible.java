package clew.attribution.render;

/// Text that shows what it holds and steers nothing: no control code, bidirectional override or invisible character of
/// a prompt reaches a terminal or a page.
///
/// | in the text | shown as |
/// |---|---|
/// | line feed, tab | `↵`, `⇥` |
/// | other C0 controls, DEL | their control pictures, `␀` … `␡` |
/// | C1 controls, format characters but the two joiners, line and paragraph separators | `⟨9B⟩` |
/// | half a surrogate pair | `U+FFFD` |
public final class Visible {
    private Visible() {}

    /// The whole text made visible, spaces kept.
    public static String of(String text) {
        var out = new StringBuilder();
        text.codePoints().forEach(c -> append(out, c));
        return out.toString();
    }

    /// The same for a text that stands alone: spaces at its ends become `␣`, a leading combining mark sits on `◌`, and
    /// left-to-right marks around right-to-left text keep the numbers beside it where they are.
    public static String alone(String text) {
        var from = 0;
        var to = text.length();
        while (from < to && text.charAt(from) == ' ') from++;
        while (to > from && text.charAt(to - 1) == ' ') to--;
        var core = of(text.substring(from, to));
        var carrier = !core.isEmpty() && Columns.isMark(core.codePointAt(0)) ? "◌" : "";
        var fence = core.codePoints().anyMatch(Visible::isRightToLeft) ? "\u200E" : "";
        return fence + "␣".repeat(from) + carrier + core + "␣".repeat(text.length() - to) + fence;
    }

    /// Whether a letter runs from right to left.
    static boolean isRightToLeft(int c) {
        return switch (Character.getDirectionality(c)) {
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC -> true;
            default -> false;
        };
    }

    /// The text with U+FFFD for half a surrogate pair, which UTF-8 cannot say; nothing else changes.
    static String wellFormed(String text) {
        var out = new StringBuilder();
        text.codePoints().forEach(c -> out.appendCodePoint(Character.getType(c) == Character.SURROGATE ? 0xFFFD : c));
        return out.toString();
    }

    private static void append(StringBuilder out, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL   -> control(out, c);
            case Character.SURROGATE -> out.append('\uFFFD');
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> code(out, c);
            case Character.FORMAT    -> {
                if (c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER) out.appendCodePoint(c);   // Persian, emoji
                else code(out, c);
            }
            default                  -> out.appendCodePoint(c);
        }
    }

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C, ZERO_WIDTH_JOINER = 0x200D;

    private static void control(StringBuilder out, int c) {
        switch (c) {
            case '\n' -> out.append('↵');
            case '\t' -> out.append('⇥');
            case 0x7F -> out.append('␡');
            default   -> {
                if (c < 0x20) out.append((char) (0x2400 + c));
                else code(out, c);
            }
        }
    }

    private static void code(StringBuilder out, int c) {
        out.append('⟨').append("%02X".formatted(c)).append('⟩');
    }
}
