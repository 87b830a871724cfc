package clew.model.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Pieces and ids, one to one; ids may have gaps.
///
/// The pieces lie in one array as UTF-8, and a table of open addressing finds them by their bytes; a `String` is made
/// of a piece when it is asked for.
final class Vocabulary {
    private final byte[] text;
    private final int[] starts;                             // by id; −1 for a gap
    private final int[] ends;
    private final int[] slots;                              // id + 1, 0 where free
    private final int count;
    private final @Nullable String[] pieces;

    private Vocabulary(Builder from, int highest) {
        text = Arrays.copyOf(from.text, from.size());
        starts = new int[highest + 1];
        ends = new int[highest + 1];
        slots = new int[Integer.highestOneBit(Math.max(8, from.count)) * 4];
        count = from.count;
        pieces = new String[highest + 1];
        Arrays.fill(starts, -1);
        for (int i = 0; i < count; i++) {
            int start = i == 0 ? 0 : from.ends[i - 1], id = from.ids[i];
            int slot = slot(hash(0, text, start, from.ends[i]), text, start, from.ends[i], 0, 0);
            if (slots[slot] != 0)
                throw new IllegalArgumentException("the vocabulary has '" + piece(slots[slot] - 1) + "' twice");
            if (starts[id] >= 0) throw new IllegalArgumentException(
                "pieces '" + piece(id) + "' and '" + from.piece(i) + "' share the id " + id);
            starts[id] = start;
            ends[id] = from.ends[i];
            slots[slot] = id + 1;
        }
    }

    /// The id of a piece, or −1.
    int id(String piece) {
        var utf8 = Unicode.wellFormed(piece).getBytes(StandardCharsets.UTF_8);
        return id(utf8, 0, utf8.length);
    }

    /// The id of a piece given as UTF-8, or −1.
    int id(byte[] utf8, int start, int end) {
        return slots[slot(hash(0, utf8, start, end), utf8, start, end, 0, 0)] - 1;
    }

    /// What a merge of two pieces needs to know; −1 for each that is not there.
    record Joined(int left, int right, int whole) {}

    /// The ids of two pieces given as UTF-8, and of both together.
    Joined join(byte[] utf8, int start, int end, int start2, int end2) {
        int hash = hash(0, utf8, start, end);
        return new Joined(slots[slot(hash, utf8, start, end, 0, 0)] - 1, id(utf8, start2, end2),
            slots[slot(hash(hash, utf8, start2, end2), utf8, start, end, start2, end2)] - 1);
    }

    @Nullable String piece(int id) {
        if (id < 0 || id >= starts.length || starts[id] < 0) return null;
        var known = pieces[id];
        if (known == null)
            pieces[id] = known = new String(text, starts[id], ends[id] - starts[id], StandardCharsets.UTF_8);
        return known;
    }

    byte[] utf8(int id) {
        return Arrays.copyOfRange(text, starts[id], ends[id]);
    }

    /// The code point that is the whole piece, or −1.
    int onlyPoint(int id) {
        if (starts[id] < 0 || ends[id] == starts[id]) return -1;
        boolean one = ends[id] - starts[id] <= 4
            && ends[id] - starts[id] == Utf8.sequence(text, ends[id], starts[id]);
        return one ? String.valueOf(piece(id)).codePointAt(0) : -1;
    }

    /// Number of pieces.
    int count() {
        return count;
    }

    /// Highest id + 1.
    int end() {
        return starts.length;
    }

    private static int hash(int before, byte[] utf8, int start, int end) {
        int hash = before;
        for (int i = start; i < end; i++) hash = 31 * hash + utf8[i];
        return hash;
    }

    /// The slot of the piece that lies in two stretches, or the free one where it would be.
    private int slot(int hash, byte[] utf8, int start, int end, int start2, int end2) {
        int mask = slots.length - 1;
        int slot = (hash * 0x9E3779B9 >>> 8) & mask;
        while (slots[slot] != 0 && !isPiece(slots[slot] - 1, utf8, start, end, start2, end2)) slot = slot + 1 & mask;
        return slot;
    }

    private boolean isPiece(int id, byte[] utf8, int start, int end, int start2, int end2) {
        int at = starts[id];
        if (ends[id] - at != end - start + end2 - start2) return false;
        for (int i = start; i < end; i++)   if (utf8[i] != text[at++]) return false;
        for (int i = start2; i < end2; i++) if (utf8[i] != text[at++]) return false;
        return true;
    }

    /// Collects pieces in any order.
    static final class Builder {
        private byte[] text = new byte[1 << 16];
        private int[] ends = new int[1 << 12];
        private int[] ids = new int[1 << 12];
        private int count;

        Builder add(String piece, int id) {
            var utf8 = piece.getBytes(StandardCharsets.UTF_8);
            return add(utf8, 0, utf8.length, id);
        }

        Builder add(byte[] utf8, int start, int end, int id) {
            int size = size(), length = end - start;
            if (size + length > text.length) text = Arrays.copyOf(text, Math.max(2 * text.length, size + length));
            if (count == ids.length) {
                ends = Arrays.copyOf(ends, 2 * count);
                ids = Arrays.copyOf(ids, 2 * count);
            }
            System.arraycopy(utf8, start, text, size, length);
            ends[count] = size + length;
            ids[count++] = id;
            return this;
        }

        int count() {
            return count;
        }

        /// @throws IllegalArgumentException if two pieces are equal or share an id, or an id is far beyond their number
        Vocabulary build() {
            int limit = Math.max(1 << 20, 4 * count), highest = -1;
            for (int i = 0; i < count; i++) {
                if (ids[i] < 0 || ids[i] >= limit) throw new IllegalArgumentException("piece '" + piece(i) + "' has id "
                    + ids[i] + ": ids of " + count + " pieces lie in 0 … " + (limit - 1));
                highest = Math.max(highest, ids[i]);
            }
            return new Vocabulary(this, highest);
        }

        private String piece(int i) {
            int start = i == 0 ? 0 : ends[i - 1];
            return new String(text, start, ends[i] - start, StandardCharsets.UTF_8);
        }

        private int size() {
            return count == 0 ? 0 : ends[count - 1];
        }
    }
}
