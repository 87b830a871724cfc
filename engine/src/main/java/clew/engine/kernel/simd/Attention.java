package clew.engine.kernel.simd;

import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels.Carrier;
import clew.engine.kernel.Workers;
import clew.engine.kernel.simd.Strip.Coefficients;
import clew.engine.kernel.simd.Strip.Slice;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import java.util.ArrayList;
import java.util.List;

/// The three products of attention over all runs, heads and sequences, in pieces of rows that own their outputs.
public record Attention(Workers workers, Arena arena, Heads heads) {
    /// Multiplications of one piece at one head: enough rows to use a block of keys or values again while it is cached.
    private static final int PIECE = 1 << 21;
    /// Less work than this is done by one thread.
    private static final int ALONE = 1 << 19;

    /// Rows `from … to−1` of a run at one head.
    private record Task(Run run, int head, int from, int to) {}

    private interface Loop {
        void over(Run run, int head, int from, int to);
    }

    /// `s[h,i,j] = c · Σ_d a[i,h,d] · b[j,kv(h),d]` for visible keys, 0 elsewhere.
    public float[] score(float[] a, float[] b, float c, Rows rows) {
        int Q = heads.queries(), keys = heads.keys(), B = rows.activations() / Q, wide = heads.heads() * heads.width();
        var s = arena.zeros(exact(heads.heads(), rows.count(), keys));
        var side = KeySide.of(workers, arena, heads, b, c, rows.count(), B);
        each(rows, heads.heads(), (run, h, from, to) -> {
            var out = new Slice(s, (heads.heads() * run.at() + h * run.length() + from) * keys, keys);
            side.score(a, (run.at() + from) * wide + h * heads.width(), out, run.first() / Q, h,
                       run.first() % Q + from, to - from);
        });
        return s;
    }

    /// `z[i,h,d] = c · Σ_j p[h,i,j] · b[j,kv(h),d]`.
    public float[] mix(float[] p, float[] b, float c, Rows rows) {
        int Q = heads.queries(), keys = heads.keys(), d = heads.width(), narrow = heads.kvHeads() * d;
        var z = arena.zeros(exact(rows.count(), heads.heads(), d));
        var loops = new AttentionLoops(heads);
        each(rows, heads.heads(), (run, h, from, to) -> {
            var row = heads.heads() * run.at() + h * run.length() + from;
            var values = new Slice(b, run.first() / Q * keys * narrow + heads.kv(h) * d, narrow);
            loops.mix(new Coefficients(p, row * keys, keys, 1), values, queries(z, run.at() + from, h),
                      run.first() % Q + from, to - from);
        });
        return scaled(z, c);
    }

    /// `y[j,k,d] = c · Σ_{h: kv(h)=k} Σ_i p[h,i,j] · a[i,h,d]`, heads of a group in order.
    public float[] mixTransposed(float[] p, float[] a, float c, Carrier carrier, Rows rows) {
        int keys = heads.keys(), d = heads.width(), group = heads.heads() / heads.kvHeads();
        var y = arena.zeros(exact(rows.count(), heads.kvHeads(), d));
        var loops = new AttentionLoops(heads);
        each(rows, heads.kvHeads(), (run, k, from, to) -> {
            var query = carrier == Carrier.VALUES ? run.at() : run.first();
            var out = new Slice(y, (run.at() * heads.kvHeads() + k) * d, heads.kvHeads() * d);
            for (int h = k * group; h < (k + 1) * group; h++) {
                var held = carrier == Carrier.PATTERN
                    ? heads.heads() * run.at() + h * run.length()
                    : (run.first() / heads.queries() * heads.heads() + h) * heads.queries();
                loops.mixTransposed(new Coefficients(p, held * keys, 1, keys), queries(a, query, h), out, 0,
                                    run.length(), from, to);
            }
        });
        return scaled(y, c);
    }

    /// One head's columns of rows as wide as all heads.
    private Slice queries(float[] data, int row, int h) {
        var wide = heads.heads() * heads.width();
        return new Slice(data, row * wide + h * heads.width(), wide);
    }

    private void each(Rows rows, int count, Loop loop) {
        var tasks = tasks(rows, count);
        var work = (long) rows.count() * heads.heads() * heads.keys() * heads.width();
        if (work < ALONE) tasks.forEach(t -> loop.over(t.run(), t.head(), t.from(), t.to()));
        else workers.forEach(tasks.size(), i -> {
            var t = tasks.get(i);
            loop.over(t.run(), t.head(), t.from(), t.to());
        });
    }

    private List<Task> tasks(Rows rows, int count) {
        var perRow = Math.max(1L, (long) heads.keys() * heads.width());
        var step = (int) Math.max(4, PIECE / perRow / 4 * 4);                 // rows are taken in fours
        var tasks = new ArrayList<Task>();
        for (var run : rows.cut(heads.queries()))
            for (int h = 0; h < count; h++)
                for (int from = 0; from < run.length(); from += step)
                    tasks.add(new Task(run, h, from, Math.min(run.length(), from + step)));
        return tasks;
    }

    private float[] scaled(float[] x, float c) {
        if (c != 1) Chunks.elements(workers, x.length, (from, to) -> Elementwise.scale(x, c, x, from, to));
        return x;
    }

    private static int exact(int a, int b, int c) {
        return Math.multiplyExact(Math.multiplyExact(a, b), c);
    }
}
