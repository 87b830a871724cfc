package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.op.Edited;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.Arrays;

/// Turns an [Edit] into the op `y = keep ⊙ x + put` over the rows of a hook point.
final class EditMask {
    private EditMask() {}

    static Edited of(Edit edit, HookPoint point, Spec spec, Pass pass, Value x, Kernels k) {
        var extents = point.shape(spec, pass.tokens());
        require(edit, point, extents);
        var size = Math.toIntExact(x.tensor().size());
        var one = size / pass.sequences();
        double[] keep = new double[size], put = new double[size];
        Arrays.fill(keep, 1);
        for (int i = 0; i < size; i++)
            if (touches(edit.where(), point, extents, i % one)) {
                keep[i] = switch (edit) {
                    case Edit.Zero _, Edit.Patch _, Edit.Mean _ -> 0;
                    case Edit.Add _                             -> 1;
                    case Edit.Scale(_, var factor)              -> factor;
                };
                put[i] = switch (edit) {
                    case Edit.Zero _, Edit.Scale _   -> 0;
                    case Edit.Patch(_, var value)    -> value.get(i % one);
                    case Edit.Add(_, var value)      -> value.get(i % one);
                    case Edit.Mean(_, var of)        -> mean(of, point, extents, i % one);
                };
            }
        return new Edited(x, k.tensor(x.tensor().shape(), keep), k.tensor(x.tensor().shape(), put));
    }

    /// Whether element i of one sequence lies at one of the positions and heads named.
    private static boolean touches(Edit.Where where, HookPoint point, int[] n, int i) {
        return switch (point.kind()) {
            case PATTERN, SCORES           -> where.holds(i / n[2] % n[1], i / n[2] / n[1]);
            case HEADS, KEY_HEADS          -> where.holds(i / n[2] / n[1], i / n[2] % n[1]);
            case RESIDUAL, HIDDEN, LOGITS  -> where.holds(i / n[1], -1);
        };
    }

    /// The mean over positions of the element's column.
    private static double mean(Tensor of, HookPoint point, int[] n, int i) {
        var pattern = point.kind() == HookPoint.Kind.PATTERN || point.kind() == HookPoint.Kind.SCORES;
        int width  = n.length == 2 ? n[1] : n[1] * n[2];
        int start  = pattern ? i / width * width + i % n[2] : i % width;
        int stride = pattern ? n[2] : width;
        int count  = pattern ? n[1] : n[0];
        var sum = 0.0;
        for (int t = 0; t < count; t++) sum += of.get((long) start + (long) t * stride);
        return sum / count;
    }

    private static void require(Edit edit, HookPoint point, int[] extents) {
        var given = switch (edit) {
            case Edit.Zero _, Edit.Scale _ -> null;
            case Edit.Patch(_, var value)  -> value;
            case Edit.Add(_, var value)    -> value;
            case Edit.Mean(_, var of)      -> of;
        };
        long size = 1;
        for (int e : extents) size *= e;
        if (given != null && given.size() != size)
            throw new ModelException("edit of " + point.name() + ": it holds " + Arrays.toString(extents) + " "
                + point.letters()
                + ", the value given is " + given.shape());
        var flat = switch (point.kind()) {
            case RESIDUAL, HIDDEN, LOGITS           -> true;
            case HEADS, KEY_HEADS, PATTERN, SCORES  -> false;
        };
        if (flat && !edit.where().heads().isEmpty())
            throw new ModelException("edit of " + point.name() + ": it has no heads; leave the heads out");
    }
}
