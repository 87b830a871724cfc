package clew.engine.kernel;

import clew.engine.tensor.Tensor;
import java.util.function.Function;

/// One call of a verb on drawn operands, and how far float may stray from the definition: `6ε·(|y| + terms·scale)`.
///
/// A sum of n random terms walks to √n of them, and so do its rounding errors, each ε of a partial sum: n·ε in all.
///
/// @param verb  the method of [Kernels]
/// @param what  operands and shapes, for the message
/// @param terms how many terms each element sums
/// @param scale magnitude of one of them
/// @param call  the verb on a device
record Case(String verb, String what, int terms, double scale, Function<Kernels, Tensor> call) {
    private static final double EPS = 0x1p-24;

    double tolerance(double expected) {
        return 6 * EPS * (Math.abs(expected) + terms * scale);
    }

    /// Verbs that return one double per seed, as a tensor.
    static Tensor vector(double[] sums) {
        return Tensor.of(sums, sums.length);
    }
}
