package clew.engine.kernel;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What attention in one piece reads and hands back: `z = softmax(c · q kᵀ) v` without a pattern of all pairs.
public final class Fused {
    private Fused() {}

    /// @param q `[B·queries, H·d]`
    /// @param k `[B·keys, K·d]`, v alike; of a single sequence they may hold more rows, which are not read
    /// @param c factor of the scores
    public record Inputs(Tensor q, Tensor k, Tensor v, Heads heads, double c) {
        /// How many sequences q holds.
        public int sequences() {
            return q.rows() / heads.queries();
        }

        /// Rows of k and v between one sequence and the next.
        public int keyStride() {
            return k.rows() / sequences();
        }

        /// The rows of k and v that a cotangent of z reaches: of every run the keys up to its last query.
        public Rows keyRows(Rows rows) {
            var runs = new ArrayList<Rows.Run>();
            var at = 0;
            for (var run : rows.cut(heads.queries())) {
                var length = heads.lastKey(run.first() % heads.queries() + run.length() - 1) + 1;
                runs.add(new Rows.Run(run.seed(), at, run.first() / heads.queries() * keyStride(), length));
                at += length;
            }
            return new Rows(k.rows(), runs);
        }

        /// Where the keys of each piece of [#keyRows] begin among the cotangent's rows, piece by piece of `rows.cut`.
        public int[] keyStarts(Rows rows) {
            List<Rows.Run> cut = rows.cut(heads.queries());
            var starts = new int[cut.size()];
            for (int i = 1, at = 0; i < starts.length; i++) {
                var before = cut.get(i - 1);
                at += heads.lastKey(before.first() % heads.queries() + before.length() - 1) + 1;
                starts[i] = at;
            }
            return starts;
        }
    }

    /// How the products and the softmax are read backwards.
    ///
    /// @param values      factor on what goes to v
    /// @param pattern     factor on what goes to the pattern; 0 where it is held, and nothing reaches q and k
    /// @param scores      factor on what goes to q and k, besides c
    /// @param temperature at which the softmax is differentiated
    /// @param leaks       whether what the softmax keeps is wanted, for a ledger
    public record Reading(double values, double pattern, double scores, double temperature, boolean leaks) {
        /// Whether nothing reaches q and k.
        public boolean holdsPattern() {
            return pattern == 0;
        }
    }

    /// @param q    as z's cotangent rows; null where the pattern is held
    /// @param k    as [Inputs#keyRows]; null likewise
    /// @param v    as [Inputs#keyRows]
    /// @param leak `⟨P, gP⟩ − ⟨S, gS⟩` per seed, gP with its factor; zeros where it is not wanted
    public record Shares(@Nullable Tensor q, @Nullable Tensor k, Tensor v, double[] leak) {}
}
