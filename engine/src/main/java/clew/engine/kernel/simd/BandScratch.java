package clew.engine.kernel.simd;

import clew.engine.kernel.Heads;
import clew.engine.kernel.simd.Strip.Coefficients;
import clew.engine.kernel.simd.Strip.Slice;
import java.util.Arrays;

/// Scores, pattern and the pattern's cotangent of some queries of a sequence at one head, `[count, keys]` each; used
/// for one band after another.
///
/// Products are added to what lies there, so scores and cotangents are cleared for every band.
final class BandScratch {
    final float[] scores, pattern, shares;
    private final Heads heads;
    private final float[] tempered, scratch;
    private int sequence, h, i, count;
    private boolean tempers;

    /// @param most queries of a band
    BandScratch(Heads heads, int most) {
        this.heads = heads;
        this.scores = new float[most * heads.keys()];
        this.pattern = new float[scores.length];
        this.shares = new float[scores.length];
        this.tempered = new float[scores.length];
        this.scratch = SoftmaxLoops.scratch(heads.keys());
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

    private void softmax(float[] to, float inverse) {
        for (int r = 0; r < count; r++) SoftmaxLoops.softmax(scores, inverse, to, from(r), to(r), scratch);
    }

    /// Turns the pattern's cotangent gP, in `shares`, into that of the scores, gS, in rows `skip … skip+n−1`.
    ///
    /// @return `⟨P, gP⟩ − ⟨S, gS⟩`
    double softmaxBackward(int skip, int n) {
        var at = tempers ? tempered : pattern;
        var leak = 0.0;
        for (int r = skip; r < skip + n; r++) {
            int from = from(r), width = to(r) - from;
            leak += Sums.dot(shares, from, pattern, from, width);
            SoftmaxLoops.backward(shares, at, shares, from, from, width);
            leak -= Sums.dot(shares, from, scores, from, width);
        }
        return leak;
    }

    /// Where the cotangent of the pattern's rows `skip … skip+n−1` gathers.
    Slice freshShares(int skip, int n) {
        return cleared(shares, skip, n);
    }

    private Slice cleared(float[] data, int skip, int n) {
        var keys = heads.keys();
        Arrays.fill(data, skip * keys, (skip + n) * keys, 0);
        return new Slice(data, skip * keys, keys);
    }

    /// The same as coefficients: rows are queries, steps keys.
    Coefficients byQuery(float[] data, int skip) {
        return new Coefficients(data, skip * heads.keys(), heads.keys(), 1);
    }

    /// Transposed: rows are keys, steps queries.
    Coefficients byKey(float[] data, int skip) {
        return new Coefficients(data, skip * heads.keys(), 1, heads.keys());
    }

    private int from(int r) {
        return r * heads.keys() + heads.firstKey(i + r);
    }

    private int to(int r) {
        return r * heads.keys() + heads.lastKey(i + r) + 1;
    }
}
