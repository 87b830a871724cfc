package clew.attribution;

import clew.model.ModelException;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// What to explain: which tokens, at which row, by which score, compared with what.
///
/// @param position the row, 0-based; negative from the end, so −1 is the prediction of the next token
public record Target(Choice choice, int position, Score score, Contrast contrast) {
    /// Which tokens are meant.
    public sealed interface Choice {
        /// The k likeliest.
        record Top(int k) implements Choice {
            public Top {
                if (k < 1) throw new IllegalArgumentException("top k: k must be at least 1, not " + k);
            }
        }

        /// This one.
        record Id(int id) implements Choice {}
    }

    public Target {
        if (score.ofRow() && !(contrast instanceof Contrast.None))
            throw new ModelException(score.label()
                + " belongs to a whole row and has no contrast; leave the contrast out");
    }

    /// The logit of the likeliest next token: the default everywhere.
    public static Target top() {
        return new Target(new Choice.Top(1), -1, Score.LOGIT, new Contrast.None());
    }

    /// The logit of one token as the next.
    public static Target id(int id) {
        return new Target(new Choice.Id(id), -1, Score.LOGIT, new Contrast.None());
    }

    /// The same target by another score.
    public Target by(Score other) {
        return new Target(choice, position, other, contrast);
    }

    /// The same target compared with something else.
    public Target against(Contrast other) {
        return new Target(choice, position, score, other);
    }

    /// The same target at another row, negative from the end.
    public Target at(int row) {
        return new Target(choice, row, score, contrast);
    }

    /// The row in an input of `tokens`.
    ///
    /// @throws ModelException if there is no such row
    public int row(int tokens) {
        var row = position < 0 ? tokens + position : position;
        if (row < 0 || row >= tokens)
            throw new ModelException("position " + position + " is outside the input of " + tokens + " tokens");
        return row;
    }

    /// The explained scalars on a run, the likeliest first.
    ///
    /// @throws ModelException if an id is outside the vocabulary or the run has no logits at the row
    public List<Explained> on(Run run) {
        var row = row(run.pass().tokens());
        var logits = run.logits(0, row);
        var what = run.model().spec().labels().isEmpty() ? "vocabulary" : "classes";
        if (contrast instanceof Contrast.Foil(int id)) require(id, logits.length, what);
        var ids = switch (choice) {
            case Choice.Id(int id) -> List.of(require(id, logits.length, what));
            case Choice.Top(int k) -> largest(logits, score.ofRow() ? 1 : k);
        };
        var out = new ArrayList<Explained>();
        for (int id : ids) out.add(Explained.of(row, id, score, contrast, logits));
        return out;
    }

    /// The indices of the k largest values, the largest first, of equals the one that comes first.
    private static List<Integer> largest(double[] values, int k) {
        Comparator<Integer> order = (a, b) -> Double.compare(values[b], values[a]);
        order = order.thenComparing(Comparator.naturalOrder());
        var kept = new PriorityQueue<>(order.reversed());
        for (int i = 0; i < values.length; i++) {
            if (kept.size() == k && Double.compare(values[i], values[kept.element()]) > 0) kept.remove();
            if (kept.size() < k) kept.add(i);
        }
        return kept.stream().sorted(order).toList();
    }

    private static int require(int id, int count, String what) {
        if (id < 0 || id >= count)
            throw new ModelException("target id " + id + " is outside the " + what + " of " + count + " (0 … "
                + (count - 1) + ")");
        return id;
    }
}
