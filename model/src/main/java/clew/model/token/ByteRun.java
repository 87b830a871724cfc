package clew.model.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Bytes that came from pieces, each knowing which.
final class ByteRun {
    private byte[] bytes = new byte[16];
    private int[] origins = new int[16];
    private int size;

    void add(byte b, int origin) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, size * 2);
            origins = Arrays.copyOf(origins, size * 2);
        }
        bytes[size] = b;
        origins[size++] = origin;
    }

    /// The text of the bytes, broken sequences as U+FFFD; a character belongs to all pieces that gave it bytes.
    Aligned lossy() {
        var out = new Aligned.Builder(origins[0]);
        Utf8.decode(bytes, size, (point, start, end) -> out.add(point, origins[start], origins[end - 1] + 1));
        return out.build();
    }

    /// The text of the bytes, or one U+FFFD for each if they are no UTF-8.
    List<Aligned> strict() {
        if (size == 0) return List.of();
        var text = lossy();
        int replaced = (int) text.text().chars().filter(c -> c == 0xFFFD).count();
        if (replaced == 0 || replaced == encodedReplacements()) return List.of(text);
        var out = new ArrayList<Aligned>(size);
        for (int i = 0; i < size; i++) out.add(Aligned.at("\uFFFD", origins[i]));
        return out;
    }

    /// How often the bytes EF BF BD, a U+FFFD in earnest, occur.
    private int encodedReplacements() {
        int count = 0;
        for (int i = 2; i < size; i++)
            if (bytes[i - 2] == (byte) 0xEF && bytes[i - 1] == (byte) 0xBF && bytes[i] == (byte) 0xBD) count++;
        return count;
    }
}
