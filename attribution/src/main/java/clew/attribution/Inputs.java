package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.engine.tape.Value;
import clew.engine.tensor.Shape;
import clew.model.Edit;
import clew.model.Pass;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/// The explained run made again from other embeddings than its own: many inputs travel as sequences of one batch.
///
/// Learned positions and edits stay; an edit of the embeddings themselves is not made again, as those given are meant
/// as edited.
///
/// Behind the tokens that move there may be a continuation, which stays as it is.
final class Inputs {
    /// Rows that one batch may have, and logits. Products take as many rows at a time: more would not make them faster,
    /// but arrays too large for the cache, and garbage that the collector lets grow.
    private static final int BATCH = 512, LOGITS = 1 << 24;

    private final Run run;
    private final List<Explained> targets;
    private final int moving;
    private final String[] hooks;
    private final double[] own;

    /// @param moving how many tokens, from the first on, are not always as the run had them
    /// @param hooks  what every run is to hold
    Inputs(Run run, List<Explained> targets, int moving, String... hooks) {
        this.run = run;
        this.targets = targets;
        this.moving = moving;
        this.hooks = hooks;
        this.own = run.embeddings().tensor().toDoubles();
    }

    /// The embeddings that the run had, `[T·D]`.
    double[] own() {
        return own;
    }

    /// D.
    int width() {
        return run.embeddings().cols();
    }

    /// How many of the numbers of an input may differ from the run's own.
    int movable() {
        return moving * width();
    }

    /// The baseline's row at every position that moves, the run's own embeddings behind them, `[T·D]`.
    double[] repeated(Baseline baseline) {
        var row = baseline.row(run.model());
        var out = own.clone();
        for (int i = 0; i < movable(); i++) out[i] = row[i % row.length];
        return out;
    }

    /// Some inputs that were run together.
    ///
    /// @param first which of all inputs is the batch's first
    record Batch(Run run, int first) {
        int count() {
            return run.pass().sequences();
        }

        /// `∂f/∂x` of every input, one behind another, at a value of the run.
        double[] gradient(Explained f, Value x) {
            var back = run.backward(List.of(f.seed(run)), RuleSets.GRADIENT, Set.of(x));
            return back.reached(x) ? back.of(x).of(0) : new double[Math.toIntExact(x.tensor().size())];
        }
    }

    interface Reader {
        void read(Batch batch);
    }

    /// Runs `count` inputs, each `[T·D]`, and reads them batch by batch.
    void each(int count, IntFunction<double[]> input, Reader reader) {
        each(pass(), count, input, reader);
    }

    private void each(Pass pass, int count, IntFunction<double[]> input, Reader reader) {
        var logits = (long) run.model().spec().outputs() * pass.asked().length;
        var most = (int) Math.max(1, Math.min(BATCH / run.pass().tokens(), LOGITS / logits));
        for (int first = 0; first < count; first += most) {
            var n = Math.min(most, count - first);
            var rows = new double[n * own.length];
            for (int b = 0; b < n; b++) System.arraycopy(input.apply(first + b), 0, rows, b * own.length, own.length);
            try (var batch = run.model().run(with(pass, rows, n))) {
                reader.read(new Batch(batch, first));
            }
        }
    }

    /// Two inputs run together, the second as what the first is compared with.
    Run against(double[] input, double[] from) {
        var rows = Arrays.copyOf(input, 2 * own.length);
        System.arraycopy(from, 0, rows, own.length, own.length);
        return run.model().run(with(pass(), rows, 2));
    }

    /// The targets at one input.
    double[] values(double[] input) {
        try (var once = run.model().run(with(pass(), input, 1).forgetting())) {
            return targets.stream().mapToDouble(f -> f.at(once, 0)).toArray();
        }
    }

    /// The targets at `count` inputs, `[count][targets]`, in batches from which there is no way back.
    double[][] values(int count, IntFunction<double[]> input) {
        var out = new double[count][];
        each(pass().forgetting(), count, input, batch -> {
            for (int b = 0; b < batch.count(); b++) {
                var sequence = b;
                out[batch.first() + b] = targets.stream().mapToDouble(f -> f.at(batch.run(), sequence)).toArray();
            }
        });
        return out;
    }

    /// What passes the hook point at one input.
    double[] passing(double[] input) {
        try (var once = run.model().run(with(pass(), input, 1).forgetting())) {
            return once.value(hooks[0]).tensor().toDoubles();
        }
    }

    /// The run's own input with one more edit.
    Run edited(Edit edit) {
        var pass = pass();
        var edits = new ArrayList<>(pass.edits());
        edits.add(edit);
        return run.model().run(with(pass.edits(edits), own, 1));
    }

    private Pass with(Pass pass, double[] rows, int count) {
        return pass.embeddings(run.model().kernels().tensor(Shape.of(rows.length / width(), width()), rows), count);
    }

    /// The run's pass with what the inputs need: logits of the targets' rows (an edit of logits is made for the rows
    /// that the run had), and no edit of the embeddings.
    private Pass pass() {
        var pass = run.pass();
        var edits = pass.edits().stream().filter(e -> !e.where().hook().equals("hook_embed")).toList();
        var rows = targets.stream().flatMap(t -> t.rows().stream()).mapToInt(Explained::position).toArray();
        return (pass.edits().isEmpty() ? pass.at(rows) : pass.edits(edits)).hooks(hooks);
    }
}
