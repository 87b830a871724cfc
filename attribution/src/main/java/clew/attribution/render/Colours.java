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
    private static final int[] LADDER = {68, 69, 111, 153, 255, 223, 216, 209, 166};

    /// What a terminal says of itself: NONE under a NO_COLOR that is not empty or a dumb TERM, TRUE where COLORTERM or
    /// the Windows Terminal promises it.
    public static Colours of(Map<String, String> environment) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) return NONE;
        if (environment.containsKey("WT_SESSION")) return TRUE;
        var term = environment.getOrDefault("TERM", "");
        if (term.isEmpty() || term.equals("dumb")) return NONE;
        var claim = environment.getOrDefault("COLORTERM", "");
        return claim.equals("truecolor") || claim.equals("24bit") || term.endsWith("-direct") ? TRUE : INDEXED;
    }

    /// The text on the background of a score that is `share` of the scale.
    String paint(String text, double share) {
        return switch (this) {
            case NONE    -> text;
            case INDEXED -> escape("38;5;16;48;5;" + indexed(share), text);
            case TRUE    -> escape("38;2;" + channels(Rgb.BLACK) + ";48;2;" + channels(Palette.LIGHT.at(share)), text);
        };
    }

    /// The text in the colour of the scale's end that has the sign of `share`.
    String ink(String text, double share) {
        return switch (this) {
            case NONE    -> text;
            case INDEXED -> escape("38;5;" + indexed(Math.signum(share)), text);
            case TRUE    -> escape("38;2;" + channels(Palette.LIGHT.at(Math.signum(share))), text);
        };
    }

    /// The palette among xterm's colours: the nearest ones would drift off into pink and violet.
    static int indexed(double share) {
        var middle = LADDER.length / 2;
        return LADDER[middle + (int) Math.round(Math.clamp(share, -1, 1) * middle)];
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
