package clew.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The machine's vectors: L floats, and doubles of the same number of bits.
///
/// There are no functions of vectors here or elsewhere in the package: every loop calls the Vector API itself. C2 is
/// bound to inline that, but not a helper. One that it leaves out, because it was compiled on its own first and found
/// too big or because the budget of its caller is spent, costs a boxed vector at every step: thirty times the loop.
///
/// And there is one species of floats. The Vector API's own methods are shared by all species; where they have met two,
/// their type profiles say so, and a loop compiled after that may keep its vectors in boxes.
final class Lanes {
    /// At most 512 bits: [Dots] adds up sixteen lanes and no more.
    static final VectorSpecies<Float> S =
        FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Double> D = VectorSpecies.of(double.class, S.vectorShape());
    /// Floats in one vector.
    static final int L = S.length();
    /// Doubles in one vector.
    static final int LD = D.length();

    private Lanes() {}

    /// Where a loop by whole vectors over `from … to−1` ends.
    static int bound(int from, int to) {
        return from + S.loopBound(to - from);
    }

    /// The next multiple of L.
    static int roundUp(int n) {
        return (n + L - 1) / L * L;
    }
}
