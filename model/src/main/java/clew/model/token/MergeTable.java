package clew.model.token;

import java.util.Arrays;

/// `(left id, right id) → rank, merged id`: the merges of a BPE model. Open addressing, no boxes.
final class MergeTable {
    private final long[] pairs;
    private final int[] ranks;
    private final int[] merged;
    private final int mask;

    MergeTable(int count) {
        int slots = Math.max(16, Integer.highestOneBit(Math.max(1, count)) * 4);
        pairs = new long[slots];
        ranks = new int[slots];
        merged = new int[count];
        mask = slots - 1;
        Arrays.fill(pairs, -1);
    }

    /// A pair named twice keeps its last rank.
    void put(int left, int right, int rank, int whole) {
        int slot = slot(left, right);
        pairs[slot] = (long) left << 32 | right;
        ranks[slot] = rank;
        merged[rank] = whole;
    }

    /// The rank of a pair, or −1.
    int rank(int left, int right) {
        int slot = slot(left, right);
        return pairs[slot] < 0 ? -1 : ranks[slot];
    }

    /// The id that the merge of this rank makes.
    int merged(int rank) {
        return merged[rank];
    }

    private int slot(int left, int right) {
        long pair = (long) left << 32 | right;
        long mixed = pair * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (pairs[slot] >= 0 && pairs[slot] != pair) slot = slot + 1 & mask;
        return slot;
    }
}
