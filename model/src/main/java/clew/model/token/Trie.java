package clew.model.token;

import java.util.Arrays;

/// Texts with a number each, found as prefixes of a text: `(node, UTF-16 unit) → node`, open addressing, no boxes.
final class Trie {
    /// The node before any unit, and what [#child] and [#value] say where there is none.
    static final int ROOT = 0, NONE = -1;

    private long[] edges = new long[64];                    // node · 2¹⁶ + unit, −1 where free
    private int[] targets = new int[64];
    private int[] values = new int[16];
    private int nodes = 1;

    Trie() {
        Arrays.fill(edges, -1);
        Arrays.fill(values, NONE);
    }

    /// @return the number that the text had already, or [#NONE] if `value` is now its number
    int put(String text, int value) {
        int node = ROOT;
        for (int i = 0; i < text.length(); i++) node = childOrNew(node, text.charAt(i));
        int known = values[node];
        if (known == NONE) values[node] = value;
        return known;
    }

    int child(int node, char unit) {
        int slot = slot((long) node << 16 | unit);
        return edges[slot] < 0 ? NONE : targets[slot];
    }

    int value(int node) {
        return values[node];
    }

    /// Length of the longest of the texts that begins at `at`, 0 if none does.
    int longest(String text, int at) {
        int length = 0;
        for (int i = at, node = ROOT; i < text.length() && (node = child(node, text.charAt(i))) != NONE; i++)
            if (values[node] != NONE) length = i + 1 - at;
        return length;
    }

    /// The number of exactly this stretch of a text.
    int value(String text, int start, int end) {
        int node = ROOT;
        for (int i = start; i < end && node != NONE; i++) node = child(node, text.charAt(i));
        return node == NONE ? NONE : values[node];
    }

    boolean isEmpty() {
        return nodes == 1;
    }

    private int childOrNew(int node, char unit) {
        if (nodes * 2 > edges.length) grow();
        long edge = (long) node << 16 | unit;
        int slot = slot(edge);
        if (edges[slot] < 0) {
            edges[slot] = edge;
            targets[slot] = nodes;
            if (nodes == values.length) {
                values = Arrays.copyOf(values, 2 * nodes);
                Arrays.fill(values, nodes, 2 * nodes, NONE);
            }
            nodes++;
        }
        return targets[slot];
    }

    private void grow() {
        var oldEdges = edges;
        var oldTargets = targets;
        edges = new long[2 * oldEdges.length];
        targets = new int[edges.length];
        Arrays.fill(edges, -1);
        for (int i = 0; i < oldEdges.length; i++) if (oldEdges[i] >= 0) {
            int slot = slot(oldEdges[i]);
            edges[slot] = oldEdges[i];
            targets[slot] = oldTargets[i];
        }
    }

    private int slot(long edge) {
        int mask = edges.length - 1;
        int slot = (int) (edge * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (edges[slot] >= 0 && edges[slot] != edge) slot = slot + 1 & mask;
        return slot;
    }
}
