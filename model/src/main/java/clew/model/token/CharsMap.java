package clew.model.token;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// SentencePiece's table of rewritten characters (`precompiled_charsmap`).
///
/// Layout: the length of a double-array trie in bytes, the trie, then the replacements as UTF-8 that ends at a zero. A
/// unit of the trie holds a label (bits 0 … 7), whether it ends a key (bit 8), and its children's offset (bits 9 … 31).
final class CharsMap {
    private final int[] trie;
    private final byte[] texts;

    /// @throws IllegalArgumentException if the bytes have another layout
    CharsMap(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = bytes.length < 4 ? -1 : buffer.getInt();
        if (size < 4 || size % 4 != 0 || size > bytes.length - 4)
            throw new IllegalArgumentException("precompiled_charsmap is not a SentencePiece table");
        trie = new int[size / 4];
        buffer.asIntBuffer().get(trie);
        texts = new byte[bytes.length - 4 - size];
        buffer.position(4 + size).get(texts);
        if (!Utf8.isValid(texts))
            throw new IllegalArgumentException("precompiled_charsmap holds text that is no UTF-8");
    }

    static CharsMap ofBase64(String text) {
        try {
            return new CharsMap(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("precompiled_charsmap is not a SentencePiece table in Base64", e);
        }
    }

    /// A key that begins a text: its length in bytes, and what replaces it.
    record Match(int length, String replacement) {}

    /// Which of several keys is meant: SentencePiece takes the longest, Hugging Face the shortest.
    enum Choice { SHORTEST, LONGEST }

    /// The key that begins `bytes` at `at`, if there is one.
    @Nullable Match find(byte[] bytes, int at, Choice choice) {
        int node = offset(unit(0)), length = 0, found = -1;
        for (int i = at; i < bytes.length && bytes[i] != 0; i++) {
            int label = bytes[i] & 0xFF;
            int unit = unit(node ^= label);
            if ((unit & 0x800000FF) != label) break;
            node ^= offset(unit);
            if ((unit >>> 8 & 1) == 0) continue;
            length = i + 1 - at;
            found = unit(node) & 0x7FFFFFFF;
            if (choice == Choice.SHORTEST) break;
        }
        return found < 0 ? null : new Match(length, text(found));
    }

    private String text(int start) {
        int end = start;
        while (end < texts.length && texts[end] != 0) end++;
        if (start >= texts.length || (texts[start] & 0xC0) == 0x80)
            throw new IllegalArgumentException("precompiled_charsmap points into a character; fetch the file again");
        return new String(texts, start, end - start, StandardCharsets.UTF_8);
    }

    private int unit(int node) {
        if (node < 0 || node >= trie.length)
            throw new IllegalArgumentException("precompiled_charsmap points past its end; fetch the file again");
        return trie[node];
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }
}
