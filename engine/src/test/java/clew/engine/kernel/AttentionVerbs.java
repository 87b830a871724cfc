package clew.engine.kernel;

import clew.engine.kernel.Kernels.Carrier;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The verbs of attention at n tokens and at heads n wide: shared key heads, a window, a cache, several sequences.
final class AttentionVerbs {
    private static final int ALL = Integer.MAX_VALUE, SEQUENCES = 2;

    private AttentionVerbs() {}

    static void put(Map<String, Verbs.Cases> table) {
        fused(table);
        table.put("score", (to, draw, n, R) -> {
            for (var h : heads(n))
                for (var rows : draw.anyRows(SEQUENCES, h.queries())) score(to, draw, h, rows);
        });
        table.put("mix", (to, draw, n, R) -> {
            for (var h : heads(n))
                for (var rows : draw.anyRows(SEQUENCES, h.queries())) mix(to, draw, h, rows);
        });
        table.put("mixTransposed", (to, draw, n, R) -> {
            for (var h : heads(n))
                if (h.queries() == h.keys())
                    for (var rows : draw.rows(SEQUENCES, h.queries())) mixTransposed(to, draw, h, rows);
        });
        table.put("softmax", (to, draw, n, R) -> {
            for (var h : heads(n)) {
                var s = draw.tensor(SEQUENCES * h.heads() * h.queries(), h.keys());
                for (var tau : new double[] {1, 0.7})
                    to.add(new Case("softmax", h + " τ=" + tau, 1, 1, k -> k.softmax(s, h, tau)));
            }
        });
        table.put("softmaxBackward", (to, draw, n, R) -> {
            for (var h : heads(n))
                for (var rows : draw.anyRows(SEQUENCES, h.queries())) softmaxBackward(to, draw, h, rows);
        });
    }

    private static void fused(Map<String, Verbs.Cases> table) {
        table.put("attend", (to, draw, n, R) -> {
            for (var h : heads(n))
                for (int spare : new int[] {0, 3}) attend(to, draw, h, spare);
        });
        table.put("attendBackward", (to, draw, n, R) -> {
            for (var h : heads(n))
                for (var rows : draw.anyRows(SEQUENCES, h.queries())) attendBackward(to, draw, h, rows);
        });
    }

    /// With spare rows behind the keys of a single sequence, and without.
    private static void attend(List<Case> to, Draw draw, Heads h, int spare) {
        var x = inputs(draw, h, spare == 0 ? SEQUENCES : 1, spare);
        to.add(new Case("attend", h + " spare " + spare, h.keys() + h.width(), 1, k -> k.attend(x)));
    }

    private static void attendBackward(List<Case> to, Draw draw, Heads h, Rows rows) {
        var x = inputs(draw, h, SEQUENCES, 0);
        var g = draw.tensor(rows.count(), h.heads() * h.width());
        for (var how : new Fused.Reading[] {
                 new Fused.Reading(1, 1, 1, 1, true), new Fused.Reading(1, 1, 1, 1, false),
                 new Fused.Reading(0.5, 0.5, 0.5, 0.7, true), new Fused.Reading(1, 0, 1, 1, true)})
            for (int part = 0; part < 4; part++) {
                var which = part;
                var terms = (h.keys() + h.width()) * h.heads() / h.kvHeads();
                to.add(new Case("attendBackward", h + " " + rows + " " + how + " part " + part, terms, h.width(),
                    k -> part(k.attendBackward(g, x, how, rows), which)));
            }
    }

    private static Tensor part(Fused.Shares shares, int part) {
        var nothing = Tensor.of(new float[0], 0, 1);
        return switch (part) {
            case 0  -> shares.v();
            case 1  -> shares.q() == null ? nothing : shares.q();
            case 2  -> shares.k() == null ? nothing : shares.k();
            default -> Tensor.of(Tensor.of(shares.leak(), shares.leak().length).toFloats(), shares.leak().length);
        };
    }

    private static Fused.Inputs inputs(Draw draw, Heads h, int sequences, int spare) {
        int wide = h.heads() * h.width(), narrow = h.kvHeads() * h.width(), rows = sequences * h.keys() + spare;
        return new Fused.Inputs(draw.tensor(sequences * h.queries(), wide), draw.tensor(rows, narrow),
            draw.tensor(rows, narrow), h, 1 / Math.sqrt(h.width()));
    }

    /// n tokens in narrow heads and a few tokens in heads n wide. Long sequences, slow in float64, only plain.
    private static List<Heads> heads(int n) {
        var heads = new ArrayList<>(List.of(
            new Heads(2, 1, 3, n, n, ALL),
            new Heads(2, 1, 3, 1, n, 1 + n / 2),
            new Heads(4, 2, n, 5, 5, ALL),
            new Heads(2, 1, n, 9, 9, 2)));
        if (n <= 207) {
            heads.add(new Heads(4, 2, 3, n, n, ALL));
            heads.add(new Heads(2, 1, 3, n, n, Math.max(1, n / 3)));
            heads.add(new Heads(2, 2, 3, (n + 1) / 2, n, ALL));
        }
        return heads;
    }

    private static void score(List<Case> to, Draw draw, Heads h, Rows rows) {
        Tensor a = draw.tensor(rows.count(), h.heads() * h.width()), b = keys(draw, h);
        to.add(new Case("score", h + " " + rows, h.width(), 1, k -> k.score(a, b, h, 0.3, rows)));
    }

    private static void mix(List<Case> to, Draw draw, Heads h, Rows rows) {
        Tensor p = draw.tensor(h.heads() * rows.count(), h.keys()), b = keys(draw, h);
        to.add(new Case("mix", h + " " + rows, h.keys(), 1, k -> k.mix(p, b, h, 0.3, rows)));
    }

    private static void mixTransposed(List<Case> to, Draw draw, Heads h, Rows rows) {
        var wide = h.heads() * h.width();
        for (var carrier : Carrier.values()) {
            int patterns = carrier == Carrier.PATTERN ? rows.count() : rows.activations();
            int values = carrier == Carrier.VALUES ? rows.count() : rows.activations();
            Tensor p = draw.tensor(h.heads() * patterns, h.keys()), a = draw.tensor(values, wide);
            to.add(new Case("mixTransposed", carrier + " " + h + " " + rows, h.keys() * h.heads() / h.kvHeads(), 1,
                k -> k.mixTransposed(p, a, h, 0.3, carrier, rows)));
        }
    }

    private static void softmaxBackward(List<Case> to, Draw draw, Heads h, Rows rows) {
        var patterns = rows.heads(h.heads(), h.queries());
        Tensor g = draw.tensor(patterns.count(), h.keys());
        var p = new ScalarKernels().softmax(draw.tensor(patterns.activations(), h.keys()), h, 1);
        to.add(new Case("softmaxBackward", h + " " + rows, 1, 1, k -> k.softmaxBackward(g, p, patterns)));
    }

    private static Tensor keys(Draw draw, Heads h) {
        return draw.tensor(SEQUENCES * h.keys(), h.kvHeads() * h.width());
    }
}
