package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.op.Edited;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.Arrays;

/// Turns an [Edit] into the op `y = keep ⊙ x + put` over the rows of a hook point.
///
/// What a query does not see stays as it is: no edit of scores or patterns reaches past the diagonal or out of a
/// window.
final class EditMask {
    private final Edit edit;
    private final HookPoint point;
    private final Spec spec;
    private final Pass pass;
    private final int[] n;                                               // extents of one sequence

    private EditMask(Edit edit, HookPoint point, Spec spec, Pass pass) {
        this.edit = edit;
        this.point = point;
        this.spec = spec;
        this.pass = pass;
        this.n = point.shape(spec, pass);
    }

    /// @throws ModelException if the edit does not fit the hook point or the input
    static Edited of(Edit edit, HookPoint point, Spec spec, Pass pass, Value x, Kernels k) {
        var mask = new EditMask(edit, point, spec, pass);
        mask.requireValue();
        mask.requirePositions();
        mask.requireHeads();
        return mask.over(x, k);
    }

    private Edited over(Value x, Kernels k) {
        var size = Math.toIntExact(x.tensor().size());
        var one = size / pass.sequences();
        double[] keep = new double[size], put = new double[size];
        Arrays.fill(keep, 1);
        for (int i = 0; i < size; i++)
            if (touches(i % one)) {
                keep[i] = switch (edit) {
                    case Edit.Zero _, Edit.Patch _, Edit.Mean _ -> 0;
                    case Edit.Add _                             -> 1;
                    case Edit.Scale(_, var factor)              -> factor;
                };
                put[i] = switch (edit) {
                    case Edit.Zero _, Edit.Scale _ -> 0;
                    case Edit.Patch(_, var value)  -> value.get(i % one);
                    case Edit.Add(_, var value)    -> value.get(i % one);
                    case Edit.Mean(_, var of)      -> mean(of, i % one);
                };
            }
        return new Edited(x, k.tensor(x.tensor().shape(), keep), k.tensor(x.tensor().shape(), put));
    }

    /// Whether element i of one sequence lies at one of the positions and heads named.
    private boolean touches(int i) {
        var where = edit.where();
        return switch (point.kind()) {
            case PATTERN, SCORES  -> {
                var query = i / n[2] % n[1];
                yield point.sees(query, i % n[2]) && where.holds(query, i / n[2] / n[1]);
            }
            case HEADS, KEY_HEADS -> where.holds(i / n[2] / n[1], i / n[2] % n[1]);
            case RESIDUAL, HIDDEN -> where.holds(i / n[1], -1);
            case FINAL, LOGITS    -> where.holds(pass.asked()[i / n[1]], -1);
        };
    }

    /// The mean over positions of the element's column.
    private double mean(Tensor of, int i) {
        var pattern = point.kind().pattern();
        int width  = n.length == 2 ? n[1] : n[1] * n[2];
        int start  = pattern ? i / width * width + i % n[2] : i % width;
        int stride = pattern ? n[2] : width;
        int count  = pattern ? n[1] : n[0];
        var sum = 0.0;
        for (int t = 0; t < count; t++) sum += of.get((long) start + (long) t * stride);
        return sum / count;
    }

    private void requireValue() {
        var given = switch (edit) {
            case Edit.Zero _, Edit.Scale _ -> null;
            case Edit.Patch(_, var value)  -> value;
            case Edit.Add(_, var value)    -> value;
            case Edit.Mean(_, var of)      -> of;
        };
        long size = 1;
        for (int e : n) size *= e;
        if (given != null && given.size() != size)
            throw fault("it holds " + Arrays.toString(n) + " " + point.letters() + ", the value given is "
                + given.shape());
    }

    /// A place outside the input would be an edit that silently does nothing.
    private void requirePositions() {
        for (int t : edit.where().positions())
            if (t < 0 || t >= pass.tokens())
                throw fault("position " + t + " is outside the input of " + pass.tokens() + " tokens");
    }

    private void requireHeads() {
        var heads = point.heads(spec);
        for (int h : edit.where().heads()) {
            if (heads == 0) throw fault("it has no heads; leave the heads out");
            if (h < 0 || h >= heads) throw fault("head " + h + " is outside its " + heads + " heads");
        }
    }

    private ModelException fault(String what) {
        return new ModelException("edit of " + point.name() + ": " + what);
    }
}
