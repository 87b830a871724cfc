package clew.engine.kernel.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The machine's vectors: L floats, and doubles of the same number of bits.
final class Lanes {
    static final VectorSpecies<Float>  S = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    /// Floats in one vector.
    static final int L = S.length();
    /// Doubles in one vector.
    static final int LD = D.length();
    /// As many floats as there are doubles in a vector.
    private static final VectorSpecies<Float> NARROW =
        VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));

    private Lanes() {}

    /// Where a loop by whole vectors over `from … to−1` ends.
    static int bound(int from, int to) {
        return from + S.loopBound(to - from);
    }

    /// The lanes of `i … to−1`, fewer than L.
    static VectorMask<Float> tail(int i, int to) {
        return S.indexInRange(i, to);
    }

    static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(S, a, i);
    }

    /// Lanes outside the mask are 0 and not read.
    static FloatVector load(float[] a, int i, VectorMask<Float> m) {
        return FloatVector.fromArray(S, a, i, m);
    }

    static FloatVector all(float c) {
        return FloatVector.broadcast(S, c);
    }

    /// LD floats widened to doubles.
    static DoubleVector widened(float[] a, int i) {
        return (DoubleVector) FloatVector.fromArray(NARROW, a, i).convertShape(VectorOperators.F2D, D, 0);
    }

    /// One half of a float vector, widened to doubles: `part` 0 or 1.
    static DoubleVector widened(FloatVector v, int part) {
        return (DoubleVector) v.convertShape(VectorOperators.F2D, D, part);
    }

    /// The sum of all lanes in a fixed order, the same in every compilation tier.
    static double total(DoubleVector v) {
        return switch (LD) {
            case 1  -> v.lane(0);
            case 2  -> v.lane(0) + v.lane(1);
            case 4  -> (v.lane(0) + v.lane(2)) + (v.lane(1) + v.lane(3));
            case 8  -> ((v.lane(0) + v.lane(4)) + (v.lane(2) + v.lane(6)))
                     + ((v.lane(1) + v.lane(5)) + (v.lane(3) + v.lane(7)));
            default -> totalOf(v.toArray());
        };
    }

    private static double totalOf(double[] lanes) {
        var sum = 0.0;
        for (var lane : lanes) sum += lane;
        return sum;
    }
}
