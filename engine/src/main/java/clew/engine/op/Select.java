package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// `y[j] = x[index[j]]` — the rows whose logits are asked for.        x: `[B·T, D]`   y: `[J, D]`
///
/// | reading | x |
/// |---|---|
/// | gradient, LRP | `g[j]` at row `index[j]` |
///
/// In a causal model nothing after a row reaches it, so a seed's cotangent ends at its last selected row of each
/// sequence.
///
/// @param index  rows of x, ascending
/// @param tokens T, rows of one sequence
public record Select(Value x, int[] index, int tokens) implements Op {
    /// @throws IllegalArgumentException if an index is no row of x, if they do not ascend, or x is not whole sequences
    public Select {
        index = index.clone();
        Door.within("select", index, x.tensor());
        Door.sequences("select: x", x, tokens, 1, x.cols());
        for (int i = 1; i < index.length; i++)
            if (index[i] < index[i - 1])
                throw new IllegalArgumentException(
                    "select: row " + index[i] + " after row " + index[i - 1] + ": sort the rows");
    }

    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.selectRows(x.tensor(), index);
    }

    @Override
    public void backward(Pull p) {
        var runs = new ArrayList<Rows.Run>();
        var place = new int[p.rows().count()];
        for (var run : p.rows().runs())
            for (int i = 0; i < run.length(); i++) {
                var row = index[run.first() + i];
                open(runs, run.seed(), row);
                place[run.at() + i] = runs.getLast().at() + row % tokens;
            }
        var rows = new Rows(x.rows(), runs);
        p.to(x, rows, () -> p.k().placeRows(p.g(), place, rows.count()));
    }

    /// Makes the last run one of this seed and of the row's sequence, reaching to the row.
    private void open(List<Rows.Run> runs, int seed, int row) {
        int first = row / tokens * tokens, length = row % tokens + 1;
        var last = runs.isEmpty() ? null : runs.getLast();
        if (last != null && last.seed() == seed && last.first() == first)
            runs.set(runs.size() - 1, new Rows.Run(seed, last.at(), first, Math.max(last.length(), length)));
        else
            runs.add(new Rows.Run(seed, last == null ? 0 : last.at() + last.length(), first, length));
    }
}
