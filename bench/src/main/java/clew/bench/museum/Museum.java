package clew.bench.museum;

import clew.bench.museum.Matmul.Size;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.kernel.Part;
import clew.engine.kernel.simd.Floats;
import clew.engine.tensor.DType;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;

/// Walks through the steps: each must give the product, at awkward sizes too, before it is timed, best of several runs.
public final class Museum {
    /// Sizes that leave something over for every loop.
    private static final List<Size> AWKWARD = List.of(new Size(1, 1, 1), new Size(5, 33, 7), new Size(37, 515, 13),
        new Size(64, 1030, 19));

    private record Step(String name, String idea, Matmul matmul) {}

    private Museum() {}

    /// @param args M, K and N; 64 tokens through GPT-2's up-projection by default
    public static void main(String[] args) {
        var size = args.length == 3
            ? new Size(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]))
            : new Size(64, 768, 3072);
        try (var team = Workers.available(); var alone = Workers.of(1)) {
            System.out.printf("x [%d, %d] · w [%d, %2$d]ᵀ, %d lanes%n", size.M(), size.K(), size.N(),
                jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.length());
            var number = 0;
            for (var step : steps(team, alone)) {
                AWKWARD.forEach(s -> require(step, s));
                require(step, size);
                System.out.printf("%d  %8.2f GFLOP/s  %-22s %s%n", ++number, size.flops() * 1e-9 / best(step, size),
                    step.name(), step.idea());
            }
        }
    }

    private static List<Step> steps(Workers team, Workers alone) {
        return List.of(
            new Step("naive", "every output by itself, one number at a time", Scalars::naive),
            new Step("four sums", "additions that do not wait for one another", Scalars::fourSums),
            new Step("vectors", "as many products at once as a vector has lanes", Vectors::dot),
            new Step("eight dot products", "each load serves several products", Vectors::eightDots),
            new Step("register tile", "outputs stay in registers, no lanes are added up", RegisterTile::unblocked),
            new Step("blocks of K", "both operands stay in the first-level cache", RegisterTile::blocked),
            new Step("threads, " + team.threads(), "strips of the result are shared out", RegisterTile.shared(team)),
            new Step("the engine, one thread", "tiles by species, weights as they lie in the file", engine(alone)),
            new Step("the engine, " + team.threads() + " threads", "the same, shared out", engine(team)));
    }

    /// Weights lie outside the heap, as a model's do; they are brought there when they are first seen.
    private static Matmul engine(Workers workers) {
        var kernels = new SimdKernels(workers);
        var seen = new IdentityHashMap<float[], Weight>();
        return (x, w, y, s) -> {
            var weight = seen.computeIfAbsent(w, _ -> mapped(w, s));
            var z = Floats.of(kernels.linear(Tensor.of(x, s.M(), s.K()), weight, Part.ALL));
            System.arraycopy(z, 0, y, 0, y.length);
        };
    }

    private static Weight mapped(float[] w, Size s) {
        var segment = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, w);
        return Weight.whole(Tensor.mapped(segment, DType.F32, s.N(), s.K()), Weight.Layout.OUT_IN);
    }

    /// Against sums in double. A sum of K random products walks to √K, and so do its K roundings: six times `2⁻²⁴·K`.
    private static void require(Step step, Size s) {
        float[] x = random(s.M() * s.K(), 1), w = random(s.N() * s.K(), 2), y = new float[s.M() * s.N()];
        step.matmul().run(x, w, y, s);
        for (int i = 0; i < y.length; i++) {
            var sum = 0.0;
            for (int k = 0; k < s.K(); k++) sum += (double) x[i / s.N() * s.K() + k] * w[i % s.N() * s.K() + k];
            if (!(Math.abs(y[i] - sum) <= 6 * 0x1p-24 * s.K()))
                throw new IllegalStateException(step.name() + " is wrong at " + s + " [" + i + "]: " + y[i] + ", not "
                    + sum);
        }
    }

    private static double best(Step step, Size s) {
        float[] x = random(s.M() * s.K(), 1), w = random(s.N() * s.K(), 2), y = new float[s.M() * s.N()];
        var best = Double.MAX_VALUE;
        for (long i = 0, begin = System.nanoTime(); i < 5 || System.nanoTime() - begin < 5_000_000_000L; i++) {
            Arrays.fill(y, 0);
            var start = System.nanoTime();
            step.matmul().run(x, w, y, s);
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return best;
    }

    private static float[] random(int count, long seed) {
        var random = new SplittableRandom(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
