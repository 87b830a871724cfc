package clew.model.token;

import java.util.Arrays;

/// `(left id, right id) → rank, merged id`: the merges of a BPE model. Open addressing, no boxes.
final class MergeTable {
    private final long[] pairs;
    private final int[] ranks;
    private final int[] merged;
    private final int mask;

    private MergeTable(Builder from) {
        int slots = Math.max(16, Integer.highestOneBit(Math.max(1, from.count)) * 4);
        pairs = new long[slots];
        ranks = new int[slots];
        merged = Arrays.copyOf(from.merged, from.count);
        mask = slots - 1;
        Arrays.fill(pairs, -1);
        for (int rank = 0; rank < from.count; rank++) {
            int slot = slot(from.pairs[rank]);
            pairs[slot] = from.pairs[rank];
            ranks[slot] = rank;
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
        private int[] merged = new int[1 << 12];
        private int count;

        Builder(Vocabulary vocabulary) {
            this.vocabulary = vocabulary;
        }

        Builder add(int left, int right, int whole) {
            if (count == merged.length) {
                pairs = Arrays.copyOf(pairs, 2 * count);
                merged = Arrays.copyOf(merged, 2 * count);
            }
            pairs[count] = (long) left << 32 | right;
            merged[count++] = whole;
            return this;
        }

        /// Adds a merge of two pieces that lie in `utf8`.
        ///
        /// @throws IllegalArgumentException if the halves or their union are not in the vocabulary
        Builder add(byte[] utf8, int start, int end, int start2, int end2) {
            int left = vocabulary.id(utf8, start, end), right = vocabulary.id(utf8, start2, end2);
            int whole = vocabulary.id(utf8, start, end, start2, end2);
            if (left < 0 || right < 0 || whole < 0) throw new IllegalArgumentException("merge " + count + " ('"
                + Utf8.decode(Arrays.copyOfRange(utf8, start, end)) + "' + '"
                + Utf8.decode(Arrays.copyOfRange(utf8, start2, end2)) + "') uses or makes a piece that is not there");
            return add(left, right, whole);
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
            return count;
        }

        MergeTable build() {
            return new MergeTable(this);
        }
    }
}
