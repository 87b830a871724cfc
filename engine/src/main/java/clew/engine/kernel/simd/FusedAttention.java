package clew.engine.kernel.simd;

import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Workers;
import clew.engine.kernel.simd.Strip.Slice;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Attention in one piece: scores and patterns exist for one band of queries at one head, in the scratch of its thread.
///
/// Forward, a task is a band at a head. Backward it is a key head of a sequence, because all queries, all heads of the
/// group and no other task add to its k and v; the seeds of a sequence share the band's pattern.
public final class FusedAttention {
    /// Queries of a band: as many terms as [AttentionLoops] takes from a first-level cache at a time.
    private static final int BAND = 64;
    /// Multiplications below which one thread does all.
    private static final int ALONE = 1 << 19;

    private final Queue<BandScratch> spare = new ConcurrentLinkedQueue<>();
    private final Workers workers;
    private final Arena arena;
    private final Heads heads;
    private final AttentionLoops loops;
    private final float[] q, k, v;
    private final float c;
    private final int sequences, wide, narrow, keyRows;

    public FusedAttention(Workers workers, Arena arena, Fused.Inputs x) {
        this.workers = workers;
        this.arena = arena;
        this.heads = x.heads();
        this.loops = new AttentionLoops(heads);
        this.q = Floats.of(x.q());
        this.k = Floats.of(x.k());
        this.v = Floats.of(x.v());
        this.c = (float) x.c();
        this.sequences = x.q().rows() / heads.queries();
        this.wide = heads.heads() * heads.width();
        this.narrow = heads.kvHeads() * heads.width();
        this.keyRows = x.k().rows() / sequences;
    }

    /// `z`, `[B·queries, H·d]`.
    public float[] forward() {
        var z = arena.zeros(q.length);
        int Q = heads.queries(), bands = Math.ceilDiv(Q, BAND), H = heads.heads();
        var keys = KeySide.of(workers, arena, heads, k, c, (long) sequences * Q, sequences);
        each(sequences * H * bands, (long) sequences * Q, task -> {
            int i = task % bands * BAND, h = task / bands % H, sequence = task / bands / H;
            var count = Math.min(BAND, Q - i);
            var band = borrow();
            band.fill(keys, q, sequence, h, i, count);
            loops.mix(band.byQuery(band.pattern, 0), values(v, sequence * keyRows, heads.kv(h)),
                      queries(z, sequence * Q + i, h), i, count);
            spare.add(band);
        });
        return z;
    }

    /// The shares of q, k and v, for cotangent rows g of z.
    public Fused.Shares backward(float[] g, Fused.Reading how, Rows rows) {
        var pieces = pieces(rows);
        var ends = pieces.isEmpty() ? 0 : pieces.getLast().keyEnd(heads);
        var bySequence = new TreeMap<Integer, List<Piece>>();
        for (var p : pieces) bySequence.computeIfAbsent(p.run.first() / heads.queries(), _ -> new ArrayList<>()).add(p);
        var work = new Work(g, how, bySequence.values().stream().toList(), rows.seeds(), rows.count(), ends);
        work.run();
        return work.shares(rows.count(), ends);
    }

    /// A run within one sequence, and where its keys begin among the cotangent's rows.
    private record Piece(Run run, int keyStart) {
        int keyEnd(Heads heads) {
            return keyStart + heads.lastKey(run.first() % heads.queries() + run.length() - 1) + 1;
        }
    }

    private List<Piece> pieces(Rows rows) {
        var pieces = new ArrayList<Piece>();
        for (var run : rows.cut(heads.queries()))
            pieces.add(new Piece(run, pieces.isEmpty() ? 0 : pieces.getLast().keyEnd(heads)));
        return pieces;
    }

    /// One backward pass: what it reads, and where its shares gather.
    private final class Work {
        private final float[] g, toQ, toK, toV;
        private final Fused.Reading how;
        private final List<List<Piece>> sequencesOfPieces;
        private final double[][] leaks;
        private final boolean held;
        private final KeySide keys, values;

        Work(float[] g, Fused.Reading how, List<List<Piece>> pieces, int seeds, int rows, int keyRowsAll) {
            this.g = g;
            this.how = how;
            this.sequencesOfPieces = pieces;
            this.held = how.pattern() == 0;
            this.toQ = arena.zeros(held ? 0 : rows, wide);
            this.toK = arena.zeros(held ? 0 : keyRowsAll, narrow);
            this.toV = arena.zeros(keyRowsAll, narrow);
            this.leaks = new double[pieces.size() * heads.kvHeads()][seeds];
            this.keys = KeySide.of(workers, arena, heads, k, c, rows, sequences);
            this.values = KeySide.of(workers, arena, heads, v, (float) how.pattern(), rows, sequences);
        }

        void run() {
            long rows = sequencesOfPieces.stream().flatMap(List::stream).mapToLong(p -> p.run.length()).sum();
            each(leaks.length, rows, task -> keyHead(sequencesOfPieces.get(task / heads.kvHeads()),
                task % heads.kvHeads(), leaks[task]));
        }

        Fused.Shares shares(int rows, int keyRowsAll) {
            var leak = new double[leaks.length == 0 ? 0 : leaks[0].length];
            for (var one : leaks) for (int s = 0; s < leak.length; s++) leak[s] += one[s];
            scale(toV, how.values());
            scale(toQ, how.scores() * c);
            scale(toK, how.scores() * c);
            return new Fused.Shares(held ? null : Tensor.of(toQ, rows, wide),
                held ? null : Tensor.of(toK, keyRowsAll, narrow), Tensor.of(toV, keyRowsAll, narrow), leak);
        }

        private void keyHead(List<Piece> pieces, int kv, double[] leak) {
            int Q = heads.queries(), group = heads.heads() / heads.kvHeads();
            int sequence = pieces.getFirst().run.first() / Q, first = Q, end = 0;
            for (var p : pieces) {
                first = Math.min(first, p.run.first() % Q);
                end = Math.max(end, p.run.first() % Q + p.run.length());
            }
            var band = borrow();
            for (int h = kv * group; h < (kv + 1) * group; h++)
                for (int i = first / BAND * BAND; i < end; i += BAND) {
                    band.fill(keys, q, sequence, h, i, Math.min(BAND, end - i));
                    if (how.temperature() != 1 && !held) band.temper((float) (1 / how.temperature()));
                    for (var p : pieces) share(band, p, kv, leak);
                }
            spare.add(band);
        }

        /// What the queries of a piece that lie in the band hand back.
        private void share(BandScratch band, Piece piece, int kv, double[] leak) {
            int start = piece.run.first() % heads.queries(), i = Math.max(band.first(), start);
            int count = Math.min(band.end(), start + piece.run.length()) - i, h = band.head();
            if (count <= 0) return;
            int row = piece.run.at() + i - start, skip = i - band.first();
            int from = heads.firstKey(i), to = heads.lastKey(i + count - 1) + 1;
            loops.mixTransposed(band.byKey(band.pattern, skip), queries(g, row, h), values(toV, piece.keyStart, kv),
                                i, count, from, to);
            if (held) return;
            values.score(g, row * wide + h * heads.width(), band.freshShares(skip, count), band.sequence(), h, i,
                         count);
            if (how.leaks()) leak[piece.run.seed()] += band.leakingSoftmaxBackward(skip, count);
            else             band.softmaxBackward(skip, count);
            loops.mix(band.byQuery(band.shares, skip), values(k, band.sequence() * keyRows, kv), queries(toQ, row, h),
                      i, count);
            loops.mixTransposed(band.byKey(band.shares, skip), queries(q, band.sequence() * heads.queries() + i, h),
                                values(toK, piece.keyStart, kv), i, count, from, to);
        }
    }

    private BandScratch borrow() {
        var band = spare.poll();
        return band != null ? band : new BandScratch(heads, Math.min(BAND, heads.queries()));
    }

    /// One head's columns of rows as wide as all heads.
    private Slice queries(float[] data, int row, int h) {
        return new Slice(data, row * wide + h * heads.width(), wide);
    }

    private Slice values(float[] data, int row, int kv) {
        return new Slice(data, row * narrow + kv * heads.width(), narrow);
    }

    private interface Task {
        void run(int task);
    }

    private void each(int tasks, long queries, Task task) {
        var cost = queries * heads.heads() * heads.keys() * heads.width();
        if (cost < ALONE) for (int t = 0; t < tasks; t++) task.run(t);
        else workers.forEach(tasks, task::run);
    }

    private void scale(float[] x, double factor) {
        if (factor != 1) Chunks.elements(workers, x.length, (from, to) ->
            Elementwise.scale(x, (float) factor, x, from, to));
    }
}
