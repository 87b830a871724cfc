package clew.app;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.Part;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// How fast a device multiplies and copies, measured where it stands: the best of ten rounds or of half a second.
///
/// @param gigaflops of `[512, 768] · [768, 3072]`, the products of a GPT-2 block
/// @param gigabytes written per second when 32 MB of its own memory are copied
record Rates(double gigaflops, double gigabytes) {
    private static final int ROWS = 512, IN = 768, OUT = 3072, COPIED = 1 << 23;
    private static final int ROUNDS = 10;
    private static final long ENOUGH = 500_000_000, TOO_LONG = 5_000_000_000L, ROUND = 20_000_000;

    static Rates of(Kernels k) {
        var random = new SplittableRandom(1);
        var x = k.tensor(Shape.of(ROWS, IN), random.doubles((long) ROWS * IN).toArray());
        var w = k.tensor(Shape.of(OUT, IN), random.doubles((long) OUT * IN).toArray());
        var weight = Weight.whole(w, Weight.Layout.OUT_IN);
        var product = fastest(() -> k.linear(x, weight, Part.ALL));
        Tensor from = k.tensor(Shape.of(1, COPIED), new double[COPIED]), to = k.add(from, from);
        var copy = fastest(() -> {
            k.overwriteRows(to, 0, from);
            return to;
        });
        return new Rates(2.0 * ROWS * IN * OUT / product, 4.0 * COPIED / copy);
    }

    /// Nanoseconds of one call; reading one element back ends a round, so that a device's queue is empty then.
    private static double fastest(Supplier<Tensor> call) {
        var best = Double.POSITIVE_INFINITY;
        var calls = 1;
        long begin = System.nanoTime(), passed = 0;
        for (int round = 0; round < ROUNDS && passed < TOO_LONG || passed < ENOUGH; round++) {
            var start = System.nanoTime();
            for (int i = 1; i < calls; i++) call.get();
            call.get().get(0);
            var spent = System.nanoTime() - start;
            best = Math.min(best, (double) spent / calls);
            if (spent < ROUND) calls *= 2;
            passed = System.nanoTime() - begin;
        }
        return best;
    }

    @Override
    public String toString() {
        return "%.0f GFLOP/s, copies at %.0f GB/s".formatted(gigaflops, gigabytes);
    }
}
