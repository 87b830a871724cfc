package clew.model;

import clew.engine.tensor.Tensor;
import java.util.List;

/// An intervention at a hook point, declared before the run; on the tape it is an op like any other.
///
/// What is put in has the shape of the whole hook point for one sequence (`hook_z`: `[T, H, d]`, `hook_pattern`:
/// `[H, T, T]`); only the part that `where` names is used.
public sealed interface Edit {
    Where where();

    /// `y = 0`.
    record Zero(Where where) implements Edit {}

    /// `y = value` taken from elsewhere, usually another run.
    record Patch(Where where, Tensor value) implements Edit {}

    /// `y =` mean of `of` over the positions, column by column (per head and key for patterns): the same value at every
    /// position.
    record Mean(Where where, Tensor of) implements Edit {}

    /// `y = x + value`.
    record Add(Where where, Tensor value) implements Edit {}

    /// `y = factor · x`.
    record Scale(Where where, double factor) implements Edit {}

    /// Which hook point, and which positions and heads of it.
    ///
    /// @param hook      the full name of a hook point
    /// @param positions token positions (queries, for a pattern), or none for all
    /// @param heads     heads, or none for all; only where the hook point has heads
    record Where(String hook, List<Integer> positions, List<Integer> heads) {
        public Where {
            positions = List.copyOf(positions);
            heads = List.copyOf(heads);
        }

        public static Where all(String hook) {
            return new Where(hook, List.of(), List.of());
        }

        boolean holds(int position, int head) {
            return (positions.isEmpty() || positions.contains(position)) && (heads.isEmpty() || heads.contains(head));
        }
    }
}
