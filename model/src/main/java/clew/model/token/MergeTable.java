package clew.model.token;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// `(left id, right id) → rank, merged id`: the merges of a BPE model. Open addressing, no boxes. Pairs that make the
/// same piece may share a rank.
final class MergeTable {
    private final long[] pairs;
    private final int[] ranks;
    private final int[] merged;
    private final int mask;

    private MergeTable(Builder from) {
        int slots = Math.max(16, Integer.highestOneBit(Math.max(1, from.count)) * 4);
        pairs = new long[slots];
        ranks = new int[slots];
        merged = Arrays.copyOf(from.merged, from.merges);
        mask = slots - 1;
        Arrays.fill(pairs, -1);
        for (int i = 0; i < from.count; i++) {
            int slot = slot(from.pairs[i]);
            pairs[slot] = from.pairs[i];
            ranks[slot] = from.ranks[i];
        }
    }

    /// The rank of a pair, or −1.
    int rank(int left, int right) {
        int slot = slot((long) left << 32 | right);
        return pairs[slot] < 0 ? -1 : ranks[slot];
    }

    /// The id that the merge of this rank makes.
    int merged(int rank) {
        return merged[rank];
    }

    private int slot(long pair) {
        int slot = (int) (pair * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (pairs[slot] >= 0 && pairs[slot] != pair) slot = slot + 1 & mask;
        return slot;
    }

    /// Collects merges in the order of their ranks; a pair named twice keeps its last rank.
    static final class Builder {
        private final Vocabulary vocabulary;
        private long[] pairs = new long[1 << 12];
        private int[] ranks = new int[1 << 12];
        private int[] merged = new int[1 << 12];
        private int count;
        private int merges;

        Builder(Vocabulary vocabulary) {
            this.vocabulary = vocabulary;
        }

        private void add(int left, int right) {
            if (count == pairs.length) {
                pairs = Arrays.copyOf(pairs, 2 * count);
                ranks = Arrays.copyOf(ranks, 2 * count);
            }
            pairs[count] = (long) left << 32 | right;
            ranks[count++] = merges - 1;
        }

        private void rank(int whole) {
            if (merges == merged.length) merged = Arrays.copyOf(merged, 2 * merges);
            merged[merges++] = whole;
        }

        /// Adds every way to make a piece of two usable ones, all of one rank.
        void addAllSplits(int whole, IntPredicate usable) {
            var utf8 = vocabulary.utf8(whole);
            rank(whole);
            for (int i = 1; i < utf8.length; i++) {
                if ((utf8[i] & 0xC0) == 0x80) continue;                          // inside a character
                int left = vocabulary.id(utf8, 0, i), right = vocabulary.id(utf8, i, utf8.length);
                if (left >= 0 && right >= 0 && usable.test(left) && usable.test(right)) add(left, right);
            }
        }

        /// Adds every way to make a piece of two others, each of a rank of its own, the shortest beginning first.
        void addEachSplit(int whole) {
            var utf8 = vocabulary.utf8(whole);
            for (int i = 1; i < utf8.length; i++) {
                if ((utf8[i] & 0xC0) == 0x80) continue;                          // inside a character
                int left = vocabulary.id(utf8, 0, i), right = vocabulary.id(utf8, i, utf8.length);
                if (left < 0 || right < 0) continue;
                rank(whole);
                add(left, right);
            }
        }

        /// Adds a merge of two pieces that lie in `utf8`.
        ///
        /// @throws IllegalArgumentException if the halves or their union are not in the vocabulary
        void add(byte[] utf8, int start, int end, int start2, int end2) {
            var ids = vocabulary.join(utf8, start, end, start2, end2);
            if (ids.left() < 0 || ids.right() < 0 || ids.whole() < 0)
                throw new IllegalArgumentException("merge " + merges + " ('"
                + Utf8.decode(Arrays.copyOfRange(utf8, start, end)) + "' + '"
                + Utf8.decode(Arrays.copyOfRange(utf8, start2, end2)) + "') uses or makes a piece that is not there");
            rank(ids.whole());
            add(ids.left(), ids.right());
        }

        /// Adds a merge written `left right`; false if it is not two pieces with one space between.
        boolean addWritten(byte[] utf8, int start, int end) {
            int space = -1;
            for (int i = start; i < end; i++) if (utf8[i] == ' ') {
                if (space >= 0) return false;
                space = i;
            }
            if (space < 0) return false;
            add(utf8, start, space, space + 1, end);
            return true;
        }

        int count() {
            return merges;
        }

        MergeTable build() {
            return new MergeTable(this);
        }
    }
}
