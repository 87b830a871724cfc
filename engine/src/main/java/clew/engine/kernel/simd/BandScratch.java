package clew.engine.kernel.simd;

import clew.engine.kernel.Heads;
import clew.engine.kernel.simd.Strip.Coefficients;
import clew.engine.kernel.simd.Strip.Slice;
import java.util.Arrays;

/// Scores, pattern and the pattern's cotangent of some queries of a sequence at one head, `[count, stride]` each; used
/// for one band after another.
///
/// Products are added to what lies there, so scores and cotangents are cleared for every band. A row has room for whole
/// vectors behind its last key. Every step is taken for all rows before the next: the sums of a row, in their fixed
/// order, are chains of additions, and those of other rows fill the gaps.
final class BandScratch {
    final float[] scores, pattern, shares;
    private final Heads heads;
    private final float[] tempered, maxima;
    private final double[] sums, means;
    private final int stride;
    private int sequence, h, i, count;
    private boolean tempers;

    /// @param most queries of a band
    BandScratch(Heads heads, int most) {
        this.heads = heads;
        // One line more than it takes: with 1024 keys a column would otherwise fall into one set of the cache.
        this.stride = Lanes.roundUp(heads.keys()) + 16;
        this.scores = new float[most * stride];
        this.pattern = new float[scores.length];
        this.shares = new float[scores.length];
        this.tempered = new float[scores.length];
        this.maxima = new float[most];
        this.sums = new double[most];
        this.means = new double[most];
    }

    int sequence() {
        return sequence;
    }

    int head() {
        return h;
    }

    /// First query.
    int first() {
        return i;
    }

    int end() {
        return i + count;
    }

    /// Computes scores and pattern of queries `first … first+many−1`, row by row of q `[B·queries, H·d]`.
    void fill(KeySide keys, float[] q, int ofSequence, int head, int first, int many) {
        sequence = ofSequence;
        h = head;
        i = first;
        count = many;
        tempers = false;
        int d = heads.width(), wide = heads.heads() * d;
        var at = (sequence * heads.queries() + i) * wide + h * d;
        keys.score(q, at, cleared(scores, 0, count), sequence, h, i, count);
        softmax(pattern, 1);
    }

    /// Has the softmax differentiated at another temperature than 1, given `1/τ`.
    void temper(float inverse) {
        softmax(tempered, inverse);
        tempers = true;
    }

    private void softmax(float[] p, float inverse) {
        for (int r = 0; r < count; r++) SoftmaxLoops.fill(scores, to(r));
        for (int r = 0; r < count; r++) maxima[r] = SoftmaxLoops.max(scores, from(r), whole(r));
        for (int r = 0; r < count; r++) Exp.exp(scores, p, from(r), whole(r), maxima[r], inverse);
        for (int r = 0; r < count; r++) sums[r] = Sums.sum(p, from(r), to(r) - from(r));
        for (int r = 0; r < count; r++) SoftmaxLoops.scale(p, (float) (1 / sums[r]), from(r), whole(r));
    }

    /// Turns the pattern's cotangent gP, in `shares`, into that of the scores, gS, in rows `skip … skip+n−1`.
    void softmaxBackward(int skip, int n) {
        var p = tempers ? tempered : pattern;
        dots(p, skip, n, means);
        for (int r = skip; r < skip + n; r++)
            SoftmaxLoops.backward(shares, p, shares, from(r), from(r), whole(r) - from(r), (float) means[r]);
    }

    /// The same. @return what the softmax keeps, `⟨P, gP⟩ − ⟨S, gS⟩`
    double leakingSoftmaxBackward(int skip, int n) {
        if (tempers) dots(pattern, skip, n, sums);
        softmaxBackward(skip, n);
        var before = tempers ? sums : means;
        var leak = 0.0;
        for (int r = skip; r < skip + n; r++) {
            leak += before[r];
            leak -= Sums.dot(shares, from(r), scores, from(r), to(r) - from(r));
        }
        return leak;
    }

    private void dots(float[] p, int skip, int n, double[] out) {
        for (int r = skip; r < skip + n; r++) out[r] = Sums.dot(shares, from(r), p, from(r), to(r) - from(r));
    }

    /// Where the cotangent of the pattern's rows `skip … skip+n−1` gathers.
    Slice freshShares(int skip, int n) {
        return cleared(shares, skip, n);
    }

    private Slice cleared(float[] data, int skip, int n) {
        Arrays.fill(data, skip * stride, (skip + n) * stride, 0);
        return new Slice(data, skip * stride, stride);
    }

    /// The same as coefficients: rows are queries, steps keys.
    Coefficients byQuery(float[] data, int skip) {
        return new Coefficients(data, skip * stride, stride, 1);
    }

    /// Transposed: rows are keys, steps queries.
    Coefficients byKey(float[] data, int skip) {
        return new Coefficients(data, skip * stride, 1, stride);
    }

    private int from(int r) {
        return r * stride + heads.firstKey(i + r);
    }

    private int to(int r) {
        return r * stride + heads.lastKey(i + r) + 1;
    }

    /// Where the whole vectors from `from(r)` on end that hold row r.
    private int whole(int r) {
        return from(r) + Lanes.roundUp(to(r) - from(r));
    }
}
