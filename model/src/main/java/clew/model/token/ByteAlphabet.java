package clew.model.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// GPT-2's alphabet: every byte is one visible character, so that BPE never meets a space or a control.
///
/// The bytes `!`…`~`, `¡`…`¬`, `®`…`ÿ` are themselves; the other 68 are U+0100, U+0101, … in order, thus space is `Ġ`.
final class ByteAlphabet {
    static final char SPACE = 'Ġ';

    private static final char[] CHAR_OF = charOf();
    private static final short[] BYTE_OF = byteOf();

    private ByteAlphabet() {}

    /// Each UTF-8 byte of the text as its visible character, aligned with the character it belongs to.
    static Aligned spell(Aligned source) {
        var text = source.text();
        var chars = new char[Unicode.utf8Length(text)];
        var from = new int[chars.length];
        var to = new int[chars.length];
        for (int i = 0, at = 0, point; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            int bytes = Unicode.utf8Length(point);
            Arrays.fill(from, at, at + bytes, source.from()[i]);
            Arrays.fill(to, at, at + bytes, source.to()[i]);
            int lead = bytes == 1 ? 0 : 0xF00 >> bytes & 0xFF;
            chars[at++] = CHAR_OF[lead | point >> 6 * (bytes - 1)];
            for (int k = bytes - 2; k >= 0; k--) chars[at++] = CHAR_OF[0x80 | point >> 6 * k & 0x3F];
        }
        return new Aligned(new String(chars), from, to, source.base());
    }

    /// The bytes, each as its visible character.
    static String spelled(byte[] bytes) {
        var chars = new char[bytes.length];
        for (int i = 0; i < chars.length; i++) chars[i] = CHAR_OF[bytes[i] & 0xFF];
        return new String(chars);
    }

    /// The character of a byte, 0 … 255.
    static char charOf(int b) {
        return CHAR_OF[b];
    }

    /// The bytes a piece spells, or null if it has a character outside the alphabet.
    static byte @Nullable [] bytes(String piece) {
        var bytes = new byte[piece.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = piece.charAt(i);
            if (c >= BYTE_OF.length || BYTE_OF[c] < 0) return null;
            bytes[i] = (byte) BYTE_OF[c];
        }
        return bytes;
    }

    private static char[] charOf() {
        var chars = new char[256];
        char next = 256;
        for (int b = 0; b < 256; b++) {
            boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            chars[b] = visible ? (char) b : next++;
        }
        return chars;
    }

    private static short[] byteOf() {
        var bytes = new short[256 + 68];
        Arrays.fill(bytes, (short) -1);
        for (int b = 0; b < 256; b++) bytes[CHAR_OF[b]] = (short) b;
        return bytes;
    }
}
