package clew.model.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// Byte-pair encoding: a piece begins as its characters, then the adjacent pair of lowest rank merges until none does.
///
/// Numbers `rank · 2³² + position` give the pairs in order, leftmost first among equals: those of the beginning are
/// sorted, a heap holds those that merges make. O(n log n) in all.
///
/// @param unknown id for characters that the vocabulary lacks, [#DROPPED] or [#REFUSED]
record Bpe(Vocabulary vocabulary, MergeTable merges, int unknown, Set<Option> options, CharacterIds characters)
        implements Model {
    /// In place of the id for unknown characters: they are left out.
    static final int DROPPED = -1;
    /// In place of the id for unknown characters: the file names a piece for them that is not there.
    static final int REFUSED = -2;

    /// `BYTE_FALLBACK` spells a missing character as `<0x..>` pieces where all exist, `FUSE_UNKNOWN` makes one unknown
    /// of neighbours, `WHOLE_PIECES` takes a piece that is in the vocabulary as it is (`ignore_merges`).
    enum Option { BYTE_FALLBACK, FUSE_UNKNOWN, WHOLE_PIECES }

    static Bpe of(Vocabulary vocabulary, MergeTable merges, int unknown, EnumSet<Option> options) {
        return new Bpe(vocabulary, merges, unknown, Set.copyOf(options), new CharacterIds(vocabulary));
    }

    @Override
    public void encode(Aligned piece, Tokens out) {
        int whole = piece.text().length() == 1 ? characters.id(piece.text().charAt(0))
            : options.contains(Option.WHOLE_PIECES) ? vocabulary.id(piece.text()) : -1;
        if (whole >= 0) {
            out.add(whole, piece.text(), piece.from()[0], piece.to()[piece.to().length - 1]);
            return;
        }
        var symbols = symbols(piece.text());
        symbols.mergeAll(merges);
        symbols.emit(piece, vocabulary, out);
    }

    /// The characters of a piece as symbols. As in the original, an unknown waits for the next known character even if
    /// bytes come between.
    private Symbols symbols(String text) {
        var symbols = new Symbols(text.length());
        int waiting = 0;                                       // UTF-8 bytes of the unknown not yet written
        for (int i = 0, width; i < text.length(); i += width) {
            int point = text.codePointAt(i);
            width = Character.charCount(point);
            int id = characters.id(point);
            if (id >= 0) {
                if (waiting > 0) symbols.add(unknown, waiting);
                waiting = 0;
                symbols.add(id, Unicode.utf8Length(point));
            } else if (!fallBack(point, symbols) && unknown != DROPPED) {
                if (unknown == REFUSED) throw new IllegalArgumentException("the character " + Character.toString(point)
                    + " is not in the vocabulary, nor is the tokenizer's unk_token; remove it from the text");
                if (waiting > 0 && !options.contains(Option.FUSE_UNKNOWN)) {
                    symbols.add(unknown, waiting);
                    waiting = 0;
                }
                waiting += Unicode.utf8Length(point);
            }
        }
        if (waiting > 0) symbols.add(unknown, waiting);
        return symbols;
    }

    private boolean fallBack(int point, Symbols symbols) {
        if (!options.contains(Option.BYTE_FALLBACK)) return false;
        var bytes = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        if (!characters.hasBytes(bytes)) return false;
        for (byte b : bytes) symbols.add(characters.byteId(b & 0xFF), 1);
        return true;
    }

    /// A doubly linked list of ids and their lengths in UTF-8 bytes; a merged-away symbol has length 0.
    private static final class Symbols {
        private int[] ids;
        private int[] lengths;
        private int size;

        Symbols(int capacity) {
            ids = new int[capacity];
            lengths = new int[capacity];
        }

        void add(int id, int length) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size * 2);
                lengths = Arrays.copyOf(lengths, size * 2);
            }
            ids[size] = id;
            lengths[size++] = length;
        }

        void mergeAll(MergeTable merges) {
            var pairs = pairs(merges);
            if (pairs.length == 0) return;
            var previous = new int[size];
            var next = new int[size];
            for (int i = 0; i < size; i++) {
                previous[i] = i - 1;
                next[i] = i + 1;
            }
            var heap = new LongHeap();
            for (int at = 0; at < pairs.length || !heap.isEmpty(); ) {
                boolean made = at == pairs.length || !heap.isEmpty() && heap.top() < pairs[at];
                long top = made ? heap.pop() : pairs[at++];
                int left = (int) top, right = next[left];
                if (lengths[left] == 0 || right == size) continue;
                int whole = merges.merged((int) (top >>> 32)), rank = merges.rank(ids[left], ids[right]);
                if (rank < 0 || merges.merged(rank) != whole) continue;          // the pair has changed since
                ids[left] = whole;
                lengths[left] += lengths[right];
                lengths[right] = 0;
                next[left] = next[right];
                if (next[left] < size) previous[next[left]] = left;
                if (previous[left] >= 0) offer(previous[left], left, merges, heap);
                if (next[left] < size) offer(left, next[left], merges, heap);
            }
        }

        /// The pairs that merge as the piece begins, in order.
        private long[] pairs(MergeTable merges) {
            var pairs = new long[size];
            int count = 0;
            for (int i = 1; i < size; i++) {
                long rank = merges.rank(ids[i - 1], ids[i]);
                if (rank >= 0) pairs[count++] = rank << 32 | i - 1;
            }
            var sorted = Arrays.copyOf(pairs, count);
            Arrays.sort(sorted);
            return sorted;
        }

        private void offer(int left, int right, MergeTable merges, LongHeap heap) {
            int rank = merges.rank(ids[left], ids[right]);
            if (rank >= 0) heap.push((long) rank << 32 | left);
        }

        /// A token covers the characters that its bytes touch, counted from the start of the piece.
        void emit(Aligned piece, Vocabulary vocabulary, Tokens out) {
            int at = 0, reach = width(piece, 0);             // reach: bytes up to the end of the character at `at`
            for (int i = 0, begin = 0; i < size; begin += lengths[i++]) {
                if (lengths[i] == 0) continue;
                while (reach <= begin) reach += width(piece, at += units(piece, at));
                int from = piece.from()[at];
                while (reach < begin + lengths[i]) reach += width(piece, at += units(piece, at));
                var value = vocabulary.piece(ids[i]);
                out.add(ids[i], value == null ? "" : value, from, piece.to()[at]);
            }
        }

        private static int units(Aligned piece, int at) {
            return Character.charCount(piece.text().codePointAt(at));
        }

        private static int width(Aligned piece, int at) {
            return Unicode.utf8Length(piece.text().codePointAt(at));
        }
    }
}
