package clew.engine.kernel;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Random operands, every value a float so that both devices start from the same numbers.
final class Draw {
    private final SplittableRandom random;

    Draw(long seed) {
        random = new SplittableRandom(seed);
    }

    /// Standard normal values.
    Tensor tensor(int... dims) {
        var size = 1;
        for (int d : dims) size *= d;
        return Tensor.of(normals(size), dims);
    }

    /// Normal values, one in four of them exactly 0.
    Tensor sparse(int... dims) {
        var x = tensor(dims).toFloats();
        for (int i = 0; i < x.length; i++) if (random.nextInt(4) == 0) x[i] = 0;
        return Tensor.of(x, dims);
    }

    float[] normals(int n) {
        var x = new float[n];
        for (int i = 0; i < n; i++) x[i] = (float) random.nextGaussian();
        return x;
    }

    int[] ids(int n, int below) {
        return random.ints(n, 0, below).toArray();
    }

    int below(int n) {
        return random.nextInt(n);
    }

    /// A weight of `out` outputs over `in` inputs, a view into a matrix with two outputs before it and three behind.
    Weight weight(Layout layout, int out, int in) {
        var matrix = layout == Layout.OUT_IN ? tensor(out + 5, in) : tensor(in, out + 5);
        return new Weight(matrix, layout, 2, out);
    }

    /// The ways in which cotangent rows face `sequences · length` activation rows; every run starts a sequence.
    List<Rows> rows(int sequences, int length) {
        var R = sequences * length;
        var some = 1 + below(length);
        var ragged = List.of(run(0, 0, 0, some), run(1, some, R - length, 1), run(2, some + 1, 0, R - length + some));
        return List.of(Rows.all(R), Rows.seeds(3, R), new Rows(R, ragged));
    }

    /// Also runs that start in the middle of a sequence.
    List<Rows> anyRows(int sequences, int length) {
        var R = sequences * length;
        var rows = new ArrayList<>(rows(sequences, length));
        int first = below(R), count = 1 + below(R - first);
        rows.add(new Rows(R, List.of(run(0, 0, first, count), run(1, count, R - 1, 1))));
        return rows;
    }

    private static Rows.Run run(int seed, int at, int first, int length) {
        return new Rows.Run(seed, at, first, length);
    }
}
