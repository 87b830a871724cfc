package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A family whose weights lie in arrays that a trainer changes between steps: logits at the rows that count in the
/// loss, and the gradient of every weight.
public record Trainable(Family family, Kernels kernels) {
    /// A forward pass over sequences of equal length, `ids` `[B·T]`, with logits at the rows `asked`, ascending.
    public Step forward(int[] ids, int sequences, int[] asked) {
        var pass = new Pass(ids, sequences, null, new int[0], Set.of(), List.of(), Tape.Memory.KEEP);
        var tape = new Tape(kernels, Tape.Memory.KEEP);
        var forward = Forward.at(asked, family.spec(), pass, tape, new Hooks(family, pass), null);
        var logits = family.forward(forward);
        return new Step(tape, logits, forward.weights());
    }

    /// One forward pass and its way back to the weights.
    public static final class Step implements AutoCloseable {
        private final Tape tape;
        private final Value logits;
        private final Map<Tensor, Value> weights;

        private Step(Tape tape, Value logits, Map<Tensor, Value> weights) {
            this.tape = tape;
            this.logits = logits;
            this.weights = weights;
        }

        /// `[J, V]`: the rows asked for.
        public Tensor logits() {
            return logits.tensor();
        }

        /// ∂loss/∂weight for every weight, by identity, given ∂loss/∂logits.
        public Map<Tensor, Tensor> gradients(Tensor seed) {
            var back = tape.backward(logits, new Cotangent(seed, Rows.all(seed.rows())), RuleSets.GRADIENT,
                    new HashSet<>(weights.values()));
            var out = new IdentityHashMap<Tensor, Tensor>();
            weights.forEach((tensor, value) -> { if (back.reached(value)) out.put(tensor, back.of(value).g()); });
            return out;
        }

        /// Ends the step. The gradients stay; the logits must not be used afterwards.
        @Override
        public void close() {
            tape.close();
        }
    }
}
