package clew.attribution;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The largest flow through a network, by Dinic's algorithm: shortest augmenting paths, level by level.
final class MaxFlow {
    /// What counts as nothing left: flows are sums of attention, all at most 1.
    private static final double NOTHING = 1e-15;

    private final List<List<Integer>> from = new ArrayList<>();
    private final List<Integer> to = new ArrayList<>();
    private final List<Double> widths = new ArrayList<>();
    private double[] left = {};
    private int[] level = {}, next = {};

    MaxFlow(int nodes) {
        for (int i = 0; i < nodes; i++) from.add(new ArrayList<>());
    }

    /// Edge 2i and its way back, 2i + 1.
    void edge(int a, int b, double width) {
        from.get(a).add(to.size());
        to.add(b);
        widths.add(width);
        from.get(b).add(to.size());
        to.add(a);
        widths.add(0.0);
    }

    double flow(int source, int sink) {
        left = widths.stream().mapToDouble(w -> w).toArray();
        var flow = 0.0;
        while (levels(source, sink)) {
            next = new int[from.size()];
            for (double more; (more = push(source, sink, Double.POSITIVE_INFINITY)) > NOTHING; ) flow += more;
        }
        return flow;
    }

    private boolean levels(int source, int sink) {
        level = new int[from.size()];
        Arrays.fill(level, -1);
        level[source] = 0;
        var queue = new ArrayDeque<Integer>(List.of(source));
        while (!queue.isEmpty()) {
            var a = queue.remove();
            for (int e : from.get(a))
                if (left[e] > NOTHING && level[to.get(e)] < 0) {
                    level[to.get(e)] = level[a] + 1;
                    queue.add(to.get(e));
                }
        }
        return level[sink] >= 0;
    }

    private double push(int at, int sink, double most) {
        if (at == sink) return most;
        for (; next[at] < from.get(at).size(); next[at]++) {
            int e = from.get(at).get(next[at]);
            if (left[e] <= NOTHING || level[to.get(e)] != level[at] + 1) continue;
            var pushed = push(to.get(e), sink, Math.min(most, left[e]));
            if (pushed > NOTHING) {
                left[e] -= pushed;
                left[e ^ 1] += pushed;
                return pushed;
            }
        }
        return 0;
    }
}
