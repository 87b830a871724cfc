package clew.model.token;

/// Bytes to code points; every maximal piece of a broken sequence becomes one U+FFFD.
final class Utf8 {
    private Utf8() {}

    /// Receives each decoded code point and the bytes `[start, end)` it came from.
    interface Sink {
        void accept(int codePoint, int start, int end);
    }

    static void decode(byte[] bytes, int length, Sink sink) {
        for (int i = 0; i < length; ) {
            int width = sequence(bytes, length, i), end = i + Math.abs(width);
            int point = width == 1 ? bytes[i] : bytes[i] & 0x7F >> width;
            for (int k = i + 1; k < end; k++) point = point << 6 | bytes[k] & 0x3F;
            sink.accept(width > 0 ? point : 0xFFFD, i, end);
            i = end;
        }
    }

    /// Length of the sequence that begins at `start`; of a broken one, the length of its maximal piece negated.
    static int sequence(byte[] bytes, int length, int start) {
        int lead = bytes[start] & 0xFF;
        int more = lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : -1;
        int i = start + 1;
        while (i - start <= more && i < length && continues(bytes[i] & 0xFF, lead, i - start)) i++;
        return i - start == more + 1 ? i - start : start - i;
    }

    static boolean isValid(byte[] bytes) {
        for (int i = 0, width; i < bytes.length; i += width)
            if ((width = sequence(bytes, bytes.length, i)) < 0) return false;
        return true;
    }

    static String decode(byte[] bytes) {
        var out = new StringBuilder(bytes.length);
        decode(bytes, bytes.length, (point, _, _) -> out.appendCodePoint(point));
        return out.toString();
    }

    /// Whether `b` may stand at `place` behind `lead`: no over-long forms, no surrogates, nothing past U+10FFFF.
    private static boolean continues(int b, int lead, int place) {
        int low = 0x80, high = 0xBF;
        if (place == 1) {
            switch (lead) {
                case 0xE0 -> low = 0xA0;
                case 0xED -> high = 0x9F;
                case 0xF0 -> low = 0x90;
                case 0xF4 -> high = 0x8F;
                default   -> { }
            }
        }
        return b >= low && b <= high;
    }
}
