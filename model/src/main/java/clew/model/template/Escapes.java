package clew.model.template;

/// Escapes in a string: Python's, an unknown one standing for itself.
final class Escapes {
    private Escapes() {}

    static String read(String raw, int line) {
        if (raw.indexOf('\\') < 0) return raw;
        var out = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            var c = raw.charAt(i);
            if (c != '\\' || i + 1 == raw.length()) out.append(c);
            else i = escape(raw, i + 1, out, line);
        }
        return out.toString();
    }

    /// @param i the char behind the backslash
    /// @return the last char that the escape takes
    private static int escape(String raw, int i, StringBuilder out, int line) {
        var c = raw.charAt(i);
        switch (c) {
            case '\n'      -> { }
            case '\\', '\'', '"' -> out.append(c);
            case 'a'       -> out.append('\u0007');
            case 'b'       -> out.append('\b');
            case 'f'       -> out.append('\f');
            case 'n'       -> out.append('\n');
            case 'r'       -> out.append('\r');
            case 't'       -> out.append('\t');
            case 'v'       -> out.append('\u000B');
            case 'x'       -> { return hex(raw, i, 2, out, line); }
            case 'u'       -> { return hex(raw, i, 4, out, line); }
            case 'U'       -> { return hex(raw, i, 8, out, line); }
            case 'N'       -> { return named(raw, i, out, line); }
            default        -> {
                if (c >= '0' && c <= '7') return octal(raw, i, out);
                out.append('\\').append(c);
            }
        }
        return i;
    }

    private static int octal(String raw, int i, StringBuilder out) {
        int end = i, value = 0;
        while (end < raw.length() && end < i + 3 && raw.charAt(end) >= '0' && raw.charAt(end) <= '7')
            value = value * 8 + raw.charAt(end++) - '0';
        out.append((char) value);
        return end - 1;
    }

    private static int hex(String raw, int i, int digits, StringBuilder out, int line) {
        var end = i + 1 + digits;
        var text = end <= raw.length() ? raw.substring(i + 1, end) : "";
        if (!text.matches("[0-9a-fA-F]{" + digits + "}") || Long.parseLong(text, 16) > Character.MAX_CODE_POINT)
            throw new TemplateException("\\" + raw.charAt(i) + " wants " + digits
                + " hexadecimal digits of a character").at(line, "string");
        out.appendCodePoint((int) Long.parseLong(text, 16));
        return end - 1;
    }

    private static int named(String raw, int i, StringBuilder out, int line) {
        var end = raw.startsWith("{", i + 1) ? raw.indexOf('}', i) : -1;
        try {
            if (end > 0) {
                out.appendCodePoint(Character.codePointOf(raw.substring(i + 2, end)));
                return end;
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new TemplateException("\\N wants the name of a character in braces").at(line, "string");
    }
}
