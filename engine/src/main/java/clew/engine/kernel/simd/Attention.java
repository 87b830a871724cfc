package clew.engine.kernel.simd;

import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels.Carrier;
import clew.engine.kernel.Workers;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import java.util.ArrayList;
import java.util.List;

/// The three products of attention over all runs, heads and sequences, in pieces of rows that own their outputs.
public record Attention(Workers workers, Heads heads) {
    /// Multiplications of one piece at one head: enough rows to use a block of keys or values again while it is cached.
    private static final int PIECE = 1 << 21;
    /// Less work than this is done by one thread.
    private static final int ALONE = 1 << 19;
    /// Fewer queries for each key than this do not repay a transposed copy of the keys.
    private static final int FEW = 8;

    /// Rows `from … to−1` of a run at one head.
    private record Task(Run run, int head, int from, int to) {}

    private interface Loop {
        void over(Run run, int head, int from, int to);
    }

    /// `s[h,i,j] = c · Σ_d a[i,h,d] · b[j,kv(h),d]` for visible keys, 0 elsewhere.
    public float[] score(float[] a, float[] b, float c, Rows rows) {
        var s = new float[exact(heads.heads(), rows.count(), heads.keys())];
        var loops = new AttentionLoops(heads);
        if ((long) rows.count() * heads.keys() * heads.heads() < (long) FEW * b.length / heads.width()) {
            each(rows, heads.heads(), (run, h, from, to) -> loops.scoreByRow(a, b, c, s, run, h, from, to));
        } else {
            // One line more than it takes: with 1024 keys a column would otherwise fall into one set of the cache.
            var stride = Lanes.roundUp(heads.keys()) + 16;
            var bt = transposed(b, c, stride);
            each(rows, heads.heads(), (run, h, from, to) -> loops.score(a, bt, stride, s, run, h, from, to));
        }
        return s;
    }

    /// `z[i,h,d] = c · Σ_j p[h,i,j] · b[j,kv(h),d]`.
    public float[] mix(float[] p, float[] b, float c, Rows rows) {
        var z = new float[exact(rows.count(), heads.heads(), heads.width())];
        var loops = new AttentionLoops(heads);
        each(rows, heads.heads(), (run, h, from, to) -> loops.mix(p, b, z, run, h, from, to));
        return scaled(z, c);
    }

    /// `y[j,k,d] = c · Σ_{h: kv(h)=k} Σ_i p[h,i,j] · a[i,h,d]`, heads of a group in order.
    public float[] mixTransposed(float[] p, float[] a, float c, Carrier carrier, Rows rows) {
        var y = new float[exact(rows.count(), heads.kvHeads(), heads.width())];
        var loops = new AttentionLoops(heads);
        var group = heads.heads() / heads.kvHeads();
        each(rows, heads.kvHeads(), (run, k, from, to) -> {
            var query = carrier == Carrier.VALUES ? run.at() : run.first();
            for (int h = k * group; h < (k + 1) * group; h++) {
                var held = carrier == Carrier.PATTERN
                    ? heads.heads() * run.at() + h * run.length()
                    : (run.first() / heads.queries() * heads.heads() + h) * heads.queries();
                loops.mixTransposed(p, held, a, query, y, run, h, from, to);
            }
        });
        return scaled(y, c);
    }

    /// `b[j,k,d]` as `[B, K, d, stride]`, times c.
    float[] transposed(float[] b, float c, int stride) {
        int d = heads.width(), keys = heads.keys(), blocks = b.length / (keys * d);
        var bt = new float[exact(blocks, d, stride)];
        Chunks.rows(workers, blocks, keys * d, (from, to) -> {
            for (int block = from; block < to; block++) transpose(b, block, c, bt, stride);
        });
        return bt;
    }

    private void transpose(float[] b, int block, float c, float[] bt, int stride) {
        int d = heads.width(), keys = heads.keys(), narrow = heads.kvHeads() * d;
        var at = block / heads.kvHeads() * keys * narrow + block % heads.kvHeads() * d;
        for (int j = 0; j < keys; j++) scatter(b, at + j * narrow, c, d, bt, block * d * stride + j, stride);
    }

    private static void scatter(float[] from, int at, float c, int count, float[] to, int first, int step) {
        for (int i = 0; i < count; i++) to[first + i * step] = c * from[at + i];
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
