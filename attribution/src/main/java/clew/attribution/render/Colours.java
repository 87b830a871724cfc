package clew.attribution.render;

import java.util.Map;

/// What a terminal can show.
public enum Colours {
    /// None, as for a pipe or under NO_COLOR.
    NONE,
    /// xterm's 256.
    INDEXED,
    /// 24 bits.
    TRUE;

    private static final String RESET = "\u001b[0m";

    /// What a terminal says of itself: NONE under a NO_COLOR that is not empty or a dumb TERM, TRUE where COLORTERM says so.
    public static Colours of(Map<String, String> environment) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) return NONE;
        var term = environment.getOrDefault("TERM", "");
        if (term.isEmpty() || term.equals("dumb")) return NONE;
        var claim = environment.getOrDefault("COLORTERM", "");
        return claim.equals("truecolor") || claim.equals("24bit") || term.endsWith("-direct") ? TRUE : INDEXED;
    }

    /// The text on a background, in the ink that reads best there.
    String paint(String text, Rgb background) {
        return switch (this) {
            case NONE    -> text;
            case INDEXED -> {
                var index = background.xterm();
                yield escape("38;5;" + (Rgb.ofXterm(index).ink().equals(Rgb.BLACK) ? 16 : 231) + ";48;5;" + index, text);
            }
            case TRUE    -> escape("38;2;" + channels(background.ink()) + ";48;2;" + channels(background), text);
        };
    }

    /// The text in a colour.
    String ink(String text, Rgb colour) {
        return switch (this) {
            case NONE    -> text;
            case INDEXED -> escape("38;5;" + colour.xterm(), text);
            case TRUE    -> escape("38;2;" + channels(colour), text);
        };
    }

    String bold(String text) {
        return this == NONE ? text : escape("1", text);
    }

    String faint(String text) {
        return this == NONE ? text : escape("2", text);
    }

    /// The text as special tokens are set, within another style.
    String slanted(String text) {
        return this == NONE ? text : "\u001b[3m" + text;
    }

    private static String escape(String codes, String text) {
        return "\u001b[" + codes + "m" + text + RESET;
    }

    private static String channels(Rgb c) {
        return c.red() + ";" + c.green() + ";" + c.blue();
    }
}
