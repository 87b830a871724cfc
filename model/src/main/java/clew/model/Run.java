package clew.model;

import clew.engine.rule.RuleSet;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A finished forward pass: its logits, its named values, and the way back.
///
/// Any number of backward passes, under any rule sets and from several threads, may read one run.
public final class Run implements AutoCloseable {
    private final LanguageModel model;
    private final Pass pass;
    private final Tape tape;
    private final Hooks hooks;
    private final Value logits;

    Run(LanguageModel model, Pass pass, Tape tape, Hooks hooks, Value logits) {
        this.model = model;
        this.pass = pass;
        this.tape = tape;
        this.hooks = hooks;
        this.logits = logits;
    }

    public LanguageModel model() {
        return model;
    }

    public Pass pass() {
        return pass;
    }

    /// Logits of the rows asked for, sequence after sequence, `[J, V]`.
    public Tensor logits() {
        return logits.tensor();
    }

    /// Logits at one position of one sequence, in double.
    ///
    /// @throws ModelException if the pass did not ask for that row
    public double[] logits(int sequence, int position) {
        return logits.tensor().toDoubles((long) row(sequence, position) * logits.cols(), logits.cols());
    }

    /// The value at a hook point that the pass declared.
    public Value value(String hook) {
        return hooks.value(hook);
    }

    /// What the explanation of inputs is about: the token embeddings, `[B·T, D]`.
    public Value embeddings() {
        return hooks.value("hook_embed");
    }

    /// Learned positions, `[B·T, D]`, where the family has them.
    public Optional<Value> positions() {
        return hooks.has("hook_pos_embed") ? Optional.of(hooks.value("hook_pos_embed")) : Optional.empty();
    }

    /// Reads the run backwards for K explained scalars at once: `seeds[k]` is the derivative of scalar k with respect
    /// to the logits at its rows, in every sequence alike.
    public Cotangents backward(List<Seed> seeds, RuleSet rules, Set<Value> wanted) {
        if (seeds.isEmpty()) throw new IllegalArgumentException("a backward pass needs at least one seed");
        var V = logits.cols();
        var derivatives = new ArrayList<double[]>();
        var runs = new ArrayList<Rows.Run>();
        for (int k = 0; k < seeds.size(); k++)
            for (int b = 0; b < pass.sequences(); b++)
                for (var row : seeds.get(k).rows()) {
                    var derivative = row.derivative(b, V);
                    if (derivative.length == 0) continue;
                    runs.add(new Rows.Run(k, runs.size(), row(b, row.position()), 1));
                    derivatives.add(derivative);
                }
        var g = new double[Math.multiplyExact(derivatives.size(), V)];
        for (int i = 0; i < derivatives.size(); i++) System.arraycopy(derivatives.get(i), 0, g, i * V, V);
        var seed = tape.kernels().tensor(Shape.of(runs.size(), V), g);
        return tape.backward(logits, new Cotangent(seed, new Rows(logits.rows(), runs)), rules, wanted);
    }

    /// Whether all that an input (the embeddings, the positions) says to the logits passes this hook point, so that
    /// what arrives there is complete; of a run that remembers.
    public boolean carries(String hook, Value input) {
        var cut = value(hook);
        if (input == cut) return true;
        var leads = new HashSet<>(Set.of(logits));                                    // to the logits, past the cut
        for (var node : tape.nodes().reversed())
            if (node.y() != cut && leads.contains(node.y())) leads.addAll(node.op().inputs());
        return !leads.contains(input);
    }

    /// Reads the run backwards from one number at a hook point, the same of every sequence: `unit` of row `row`, as the
    /// values of a sequence lie there.
    ///
    /// @throws ModelException if the hook point has no such row or unit
    public Cotangents backward(String hook, int row, int unit, RuleSet rules, Set<Value> wanted) {
        var x = value(hook);
        int B = pass.sequences(), each = x.rows() / B, C = x.cols();
        if (row < 0 || row >= each || unit < 0 || unit >= C)
            throw new ModelException(hook + " holds " + each + " rows of " + C + " numbers, there is no number " + unit
                + " in row " + row);
        var reach = row + 1;                                     // attention hands on to every row up to this one
        var g = new double[B * reach * C];
        var runs = new Rows.Run[B];
        for (int b = 0; b < B; b++) {
            g[(b * reach + row) * C + unit] = 1;
            runs[b] = new Rows.Run(0, b * reach, b * each, reach);
        }
        var seed = new Cotangent(tape.kernels().tensor(Shape.of(B * reach, C), g),
            new Rows(x.rows(), Arrays.asList(runs)));
        return tape.backward(x, seed, rules, wanted);
    }

    /// The tensor at a declared hook point in its own shape, without a batch axis; scores that a query does not see are
    /// −∞. Logits, and what the final norm makes, are the rows that the pass asked for.
    public Tensor export(HookPoint point) {
        if (pass.sequences() != 1) throw new IllegalArgumentException("export takes a run of one sequence");
        var tensor = hooks.value(point.name()).tensor();
        var extents = point.shape(model.spec(), pass);
        if (point.kind() != HookPoint.Kind.SCORES) return tensor.reshape(extents);
        var s = tensor.toDoubles();
        var T = pass.tokens();
        for (int i = 0; i < s.length; i++) if (!point.sees(i / T % T, i % T)) s[i] = Double.NEGATIVE_INFINITY;
        return tape.kernels().tensor(Shape.of(extents), s);
    }

    /// The declared hook points, in the order of the model.
    public List<HookPoint> declared() {
        return hooks.declared(model.family().hooks());
    }

    /// Bytes of the values that the run holds for its way back.
    public long bytes() {
        return tape.bytes();
    }

    /// Whether blocks are computed again on the way back, because the model has not the memory for all.
    public boolean worksWithCheckpoints() {
        return tape.worksWithCheckpoints();
    }

    /// Ends the run. Its values must not be used afterwards: the next run has their memory.
    @Override
    public void close() {
        tape.close();
    }

    private int row(int sequence, int position) {
        Objects.checkIndex(sequence, pass.sequences());
        var at = Arrays.binarySearch(pass.asked(), position);
        if (at < 0)
            throw new ModelException("logits at row " + position + " were not asked for; the pass has rows "
                + Arrays.toString(pass.asked()));
        return sequence * pass.asked().length + at;
    }

    /// The derivative of one explained scalar, at one row of the logits or at several: there is one way back for all.
    ///
    /// @param rows by ascending position
    public record Seed(List<Row> rows) {
        /// @throws IllegalArgumentException if there is no row, or they do not ascend
        public Seed {
            rows = List.copyOf(rows);
            if (rows.isEmpty()) throw new IllegalArgumentException("seed: no row");
            for (int i = 1; i < rows.size(); i++)
                if (rows.get(i).position() <= rows.get(i - 1).position())
                    throw new IllegalArgumentException("seed: row " + rows.get(i).position() + " after row "
                        + rows.get(i - 1).position() + ": sort the rows");
        }

        /// The same derivative in every sequence, at one row.
        public static Seed of(int position, double[] derivative) {
            return new Seed(List.of(new Row(position, List.of(derivative))));
        }
    }

    /// A derivative at one row of the logits.
    ///
    /// @param position    the row of every sequence
    /// @param perSequence `[V]` for each sequence, or `[0]` where nothing of it is explained; a single entry serves all
    public record Row(int position, List<double[]> perSequence) {
        private double[] derivative(int sequence, int vocabulary) {
            var derivative = perSequence.get(perSequence.size() == 1 ? 0 : sequence);
            if (derivative.length != vocabulary && derivative.length != 0)
                throw new IllegalArgumentException(
                    "seed: " + derivative.length + " numbers for " + vocabulary + " logits");
            return derivative;
        }
    }
}
