package clew.engine.kernel.simd;

import clew.engine.kernel.Workers;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import java.util.function.ToDoubleFunction;

/// Sums per seed, in double: pieces are summed by the workers, the pieces' sums by the caller in order.
public final class RowSums {
    private RowSums() {}

    /// `Σ g[n,c] · x[face(n),c]` per seed.
    public static double[] dot(Workers workers, float[] g, float[] x, int C, Rows rows) {
        return perSeed(workers, C, rows, run -> Sums.dot(g, run.at() * C, x, run.first() * C, run.length() * C));
    }

    /// `Σ g[n,c] · b[c]` per seed.
    public static double[] dotRow(Workers workers, float[] g, float[] b, Rows rows) {
        var C = b.length;
        return perSeed(workers, C, rows, run -> {
            var sum = 0.0;
            for (int n = run.at(); n < run.at() + run.length(); n++) sum += Sums.dot(g, n * C, b, 0, C);
            return sum;
        });
    }

    private static double[] perSeed(Workers workers, int C, Rows rows, ToDoubleFunction<Run> piece) {
        var pieces = Chunks.cut(rows, C);
        var sums = new double[pieces.size()];
        Chunks.all(workers, pieces.size(), (long) rows.count() * C, i -> sums[i] = piece.applyAsDouble(pieces.get(i)));
        var out = new double[rows.seeds()];
        for (int i = 0; i < sums.length; i++) out[pieces.get(i).seed()] += sums[i];
        return out;
    }
}
