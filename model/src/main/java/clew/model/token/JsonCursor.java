package clew.model.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A strict walk over JSON in UTF-8 that makes no object of a string: for tables of 10⁵ pieces, which a general parser
/// takes several times as long to read. Whatever is small is cut out and given to that parser.
final class JsonCursor {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private final byte[] bytes;
    private int at;

    private byte[] text = new byte[64];                     // of the last string: unescaped here, or the file's own
    private byte[] spare = text;
    private int start;
    private int end;

    JsonCursor(byte[] bytes) {
        this.bytes = bytes;
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF)
            throw new IllegalArgumentException("begins with a byte order mark, which JSON has not; save it without");
    }

    /// The next byte that is not white space, −1 at the end.
    int peek() {
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t'))
            at++;
        return at < bytes.length ? bytes[at] & 0xFF : -1;
    }

    boolean take(char wanted) {
        if (peek() != wanted) return false;
        at++;
        return true;
    }

    void need(char wanted) {
        if (!take(wanted)) throw broken("'" + wanted + "' expected");
    }

    void needEnd() {
        if (peek() >= 0) throw new IllegalArgumentException("has more than one JSON value");
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    /// Walks an object: `property` is called with each name, the cursor before the value, and must consume the value.
    void object(Consumer<String> property) {
        need('{');
        Set<String> seen = new HashSet<>();
        for (boolean more = !take('}'); more; more = !closes('}')) {
            string();
            var name = text();
            if (!seen.add(name)) throw new IllegalArgumentException("has the key '" + name + "' twice");
            need(':');
            property.accept(name);
        }
    }

    /// Behind a value of a list or an object: whether that ends here, else the comma is consumed.
    boolean closes(char closing) {
        if (take(closing)) return true;
        need(',');
        return false;
    }

    /// Reads a string; [#bytes], [#start] and [#end] then say where its UTF-8 lies.
    void string() {
        need('"');
        text = bytes;
        start = at;
        for (; at < bytes.length; at++) {
            byte b = bytes[at];
            if (b == '"') {
                end = at++;
                return;
            }
            if (b == '\\') {
                escapedString();
                return;
            }
            if (b < 0) at += isPair(at) ? 1 : width(at) - 1;
            else if (b < ' ') throw broken("a control character in a string");
        }
        throw broken("a string without end");
    }

    byte[] bytes() { return text; }
    int start()    { return start; }
    int end()      { return end; }

    /// The last string.
    String text() {
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }

    /// Reads a whole number that an `int` holds.
    int integer() {
        peek();
        int from = at;
        boolean negative = at < bytes.length && bytes[at] == '-';
        if (negative) at++;
        long value = 0;
        int first = at;
        for (; at < bytes.length && isDigit(bytes[at]) && value <= Integer.MAX_VALUE; at++)
            value = 10 * value + bytes[at] - '0';
        boolean whole = at > first && (bytes[first] != '0' || at == first + 1) && value <= Integer.MAX_VALUE
            && (at == bytes.length || ".eE0123456789".indexOf(bytes[at]) < 0);
        if (!whole) throw new IllegalArgumentException("has no whole number below 2³¹ at byte " + from);
        if (negative && value == 0) throw negativeZero(from);
        return (int) (negative ? -value : value);
    }

    double number() {
        peek();
        int from = at;
        while (at < bytes.length && "+-.0123456789eE".indexOf(bytes[at]) >= 0) at++;
        var written = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
        if (!NUMBER.matcher(written).matches()) throw broken("a value expected");
        return finite(written, from);
    }

    /// Reads any value as a tree.
    JsonNode tree() {
        peek();
        int from = at;
        skip();
        return Json.tree(Arrays.copyOfRange(bytes, from, at));
    }

    /// Passes over a value: its strings are read and its brackets counted, the rest is only looked for its end.
    void skip() {
        int depth = 0;
        do {
            int next = peek();
            if (next == '"') string();
            else if (next == '{' || next == '[') {
                if (++depth > Json.DEEPEST) throw broken("nesting deeper than " + Json.DEEPEST);
                at++;
            } else if (depth > 0 && (next == '}' || next == ']')) {
                depth--;
                at++;
            } else if (depth > 0 && (next == ',' || next == ':')) at++;
            else word();
        } while (depth > 0);
    }

    private void word() {
        int from = at;
        while (at < bytes.length && (bytes[at] >= 'a' && bytes[at] <= 'z' || "+-.0123456789E".indexOf(bytes[at]) >= 0))
            at++;
        if (at == from) throw broken("a value expected");
        requireFinite(from);
    }

    /// Refuses what Hugging Face's parser takes for no number, or for none that is whole.
    private void requireFinite(int from) {
        if (bytes[from] != '-' && !isDigit(bytes[from])) return;
        var written = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
        if (written.equals("-0")) throw negativeZero(from);
        if (NUMBER.matcher(written).matches()) finite(written, from);
    }

    private static double finite(String written, int from) {
        double value = Double.parseDouble(written);
        if (Double.isInfinite(value)) throw new IllegalArgumentException("has an infinite number at byte " + from);
        return value;
    }

    private static IllegalArgumentException negativeZero(int from) {
        return new IllegalArgumentException("has the number -0 at byte " + from + ", which is no whole one; write 0");
    }

    /// Goes on behind the first backslash of a string, copying.
    private void escapedString() {
        int size = at - start;
        reserve(size);
        System.arraycopy(bytes, start, spare, 0, size);
        while (at < bytes.length) {
            byte b = bytes[at];
            reserve(size + 4);
            if (b == '"') {
                text = spare;
                start = 0;
                end = size;
                at++;
                return;
            }
            if (b == '\\')    size = put(size, escape());
            else if (b < 0)   for (int left = width(at); left > 0; left--) spare[size++] = bytes[at++];
            else if (b < ' ') throw broken("a control character in a string");
            else              spare[size++] = bytes[at++];
        }
        throw broken("a string without end");
    }

    private int escape() {
        at++;
        int c = at < bytes.length ? bytes[at++] : -1;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw broken("an unknown escape");
        };
    }

    private int unit() {
        int high = hex();
        if (!Character.isSurrogate((char) high)) return high;
        boolean more = at + 1 < bytes.length && bytes[at] == '\\' && bytes[at + 1] == 'u';
        if (Character.isHighSurrogate((char) high) && more) {
            at += 2;
            int low = hex();
            if (Character.isLowSurrogate((char) low)) return Character.toCodePoint((char) high, (char) low);
        }
        throw broken("an unpaired surrogate");
    }

    private int hex() {
        int value = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = at < bytes.length && bytes[at] > 0 ? Character.digit(bytes[at], 16) : -1;
            if (digit < 0) throw broken("an escape without four hexadecimal digits");
            value = value << 4 | digit;
        }
        return value;
    }

    private int put(int size, int point) {
        var utf8 = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, spare, size, utf8.length);
        return size + utf8.length;
    }

    private void reserve(int size) {
        if (size > spare.length) spare = Arrays.copyOf(spare, 2 * size);
    }

    /// Whether a UTF-8 sequence of two bytes is at `from`: the Ġ of most pieces.
    private boolean isPair(int from) {
        return bytes[from] >= (byte) 0xC2 && bytes[from] < (byte) 0xE0 && from + 1 < bytes.length
            && bytes[from + 1] < (byte) 0xC0;
    }

    /// Length of the UTF-8 sequence at `from`, which has at least two bytes.
    private int width(int from) {
        int width = Utf8.sequence(bytes, bytes.length, from);
        if (width < 2) throw broken("no UTF-8");
        return width;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    IllegalArgumentException broken(String what) {
        return new IllegalArgumentException("is not valid JSON (" + what + " at byte " + at + "); fetch it again");
    }
}
