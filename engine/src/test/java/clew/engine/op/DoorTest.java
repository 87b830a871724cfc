package clew.engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.engine.kernel.Heads;
import clew.engine.kernel.ScalarKernels;
import clew.engine.tape.Op;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What does not fit is refused where the op is made or run, with both shapes in one sentence.
class DoorTest {
    private final Tape tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);

    private Value value(int... dims) {
        return tape.leaf(Cases.normal("value", dims));
    }

    private void refused(String message, Supplier<Op> op) {
        var e = assertThrows(IllegalArgumentException.class, () -> tape.record(op.get()));
        assertEquals(message, e.getMessage());
    }

    @Test
    void linear() {
        Value x = value(2, 4), w = value(3, 5), other = value(3, 4);
        var view = Weight.whole(w.tensor(), Layout.OUT_IN);
        refused("linear: x [2, 4] · w [3, 5]: 4 ≠ 5", () -> new Linear(x, w, view, null, "s"));
        refused("linear: the view is of another matrix [3, 5] than w [3, 4]",
                () -> new Linear(x, other, view, null, "s"));
        Value fits = value(2, 5), b = value(2);
        refused("addToRows: x [2, 3] needs 3 values, got [2]", () -> new Linear(fits, w, view, b, "s"));
    }

    @Test
    void sumsAndProducts() {
        Value x = value(2, 4), y = value(3, 4), w = value(3);
        refused("add: [2, 4] and [3, 4] differ", () -> new Add(x, y));
        refused("mul: g [2, 4] does not face x [3, 4] over 2 of 2 rows", () -> new Gated(x, y));
        refused("mul: g [2, 4] does not face x [3, 4] over 2 of 2 rows", () -> new Edited(x, y.tensor(), y.tensor()));
        refused("scaleCols: x [2, 4] needs 4 values, got [3]", () -> new RmsNorm(x, w, 1e-5));
        refused("scaleCols: x [2, 4] needs 4 values, got [3]", () -> new LayerNorm(x, w, w, 1e-5));
    }

    @Test
    void shapes() {
        var x = value(4, 6);
        refused("reshape: x [4, 6] is no rows of 4", () -> new Reshape(x, 4));
        refused("reshape: x [4, 6] is no rows of 0", () -> new Reshape(x, 0));
        refused("reshape: x [4, 6] is no rows of 18", () -> new Reshape(x, 18));
        refused("stretches: x [4, 6] has no stretch 0 of 2 of width 2", () -> new Stretches(x, 2, 2, 0));
        refused("stretches: x [4, 6] has no stretch 3 of 3 of width 2", () -> new Stretches(x, 2, 3, 3));
        refused("soft cap: 0.0 is not above 0", () -> new SoftCap(x, 0));
    }

    @Test
    void idsAndRows() {
        Value table = value(5, 2), x = value(6, 2);
        refused("embed: row 5 of [5, 2]: rows are 0…4", () -> new Embed(table, new int[] {0, 5}));
        refused("embed: row -1 of [5, 2]: rows are 0…4", () -> new Embed(table, new int[] {-1}));
        refused("select: row 6 of [6, 2]: rows are 0…5", () -> new Select(x, new int[] {6}, 3));
        refused("select: row 1 after row 4: sort the rows", () -> new Select(x, new int[] {4, 1}, 3));
        refused("select: x [6, 2] does not hold whole sequences of 4 rows of [1, 2]",
                () -> new Select(x, new int[] {1}, 4));
    }

    @Test
    void whatAnOpWasGivenCannotBeChangedLater() {
        var ids = new int[] {1, 2};
        var op = new Embed(value(5, 2), ids);
        ids[0] = 9;
        assertArrayEquals(new int[] {1, 2}, op.ids());
    }

    @Test
    void rotation() {
        Tensor angles = Cases.normal("angles", 2, 2), fewer = Cases.normal("angles", 2, 1);
        refused("rotate: x [2, 6] in heads of width 4 does not take angles [2, 2]",
                () -> new Rotate(value(2, 6), new Rotate.Angles(angles, angles, angles), 4));
        refused("rotate: x [3, 8] in heads of width 4 does not take angles [2, 2]",
                () -> new Rotate(value(3, 8), new Rotate.Angles(angles, angles, angles), 4));
        refused("rotate: x [2, 6] in heads of width 3 does not take angles [2, 2]",
                () -> new Rotate(value(2, 6), new Rotate.Angles(angles, angles, angles), 3));
        refused("angles: cos [2, 2], sin [2, 1], −sin [2, 2] differ",
                () -> new Rotate(value(2, 8), new Rotate.Angles(angles, fewer, angles), 4));
    }

    @Test
    void attention() {
        var heads = Heads.causal(4, 2, 2, 3);
        refused("score: q [6, 6] does not hold whole sequences of 3 rows of [4, 2]",
                () -> new Score(value(6, 6), value(6, 4), heads, 1));
        refused("score: k [5, 4] does not hold whole sequences of 3 rows of [2, 2]",
                () -> new Score(value(6, 8), value(5, 4), heads, 1));
        refused("attention: queries and keys hold 2 and 1 sequences",
                () -> new Score(value(6, 8), value(3, 4), heads, 1));
        refused("softmax: s [12, 4] does not hold whole sequences of 12 rows of [1, 3]",
                () -> new CausalSoftmax(value(12, 4), heads));
        refused("mix: p [6, 3] does not hold whole sequences of 12 rows of [1, 3]",
                () -> new Mix(value(6, 3), value(6, 4), heads));
        refused("attention: patterns and values hold 1 and 2 sequences",
                () -> new Mix(value(12, 3), value(6, 4), heads));
    }
}
