package clew.bench;

import clew.engine.kernel.Workers;
import clew.engine.kernel.gemm.Accumulate;
import clew.engine.kernel.gemm.Gemm;
import clew.engine.kernel.Part;
import clew.engine.kernel.gemm.WeightView;
import java.util.Random;
import java.util.Scanner;

/// Times one product per line of standard input, for `peers/gemm.py` to set beside PyTorch.
///
/// A line is `LAYOUT DTYPE M K N SECONDS`, the layout `NK` (W as a Linear stores it) or `KN` (as a Conv1D does); the
/// answer is the best time in seconds. `peak SECONDS` asks for the GFLOP/s of [FmaPeak] on all threads instead. The
/// first argument is the number of threads.
public final class GemmServer {
    private GemmServer() {}

    public static void main(String[] args) {
        try (var workers = Workers.of(Integer.parseInt(args[0])); var in = new Scanner(System.in)) {
            var gemm = new Gemm(workers);
            while (in.hasNext()) {
                var layout = in.next();
                if (layout.equals("peak")) {
                    System.out.println(peak(workers, in.nextDouble()));
                    continue;
                }
                var task = task(gemm, layout, Format.valueOf(in.next().toUpperCase()), in.nextInt(), in.nextInt(),
                        in.nextInt());
                System.out.println(best(task, Double.parseDouble(in.next())));
            }
        }
    }

    private static double peak(Workers workers, double seconds) {
        var sums = new float[workers.threads()];
        var best = best(() -> workers.forEach(sums.length, i -> sums[i] = FmaPeak.run()), seconds);
        return sums.length * FmaPeak.operations() / best * 1e-9;
    }

    private static Runnable task(Gemm gemm, String layout, Format format, int m, int k, int n) {
        var x = new float[m * k];
        var random = new Random(0);
        for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
        var y = new float[m * n];
        return switch (layout) {
            case "NK" -> {
                var w = MappedWeights.of(format, n, k);
                yield () -> gemm.timesTransposed(x, 0, k, m, w, Part.ALL, y, 0, n, Accumulate.SET);
            }
            case "KN" -> {
                var w = MappedWeights.of(format, k, n);
                yield () -> gemm.times(x, 0, k, m, w, Part.ALL, y, 0, n, Accumulate.SET);
            }
            default -> throw new IllegalArgumentException("layout " + layout + ": NK or KN");
        };
    }

    private static double best(Runnable task, double seconds) {
        var best = Double.MAX_VALUE;
        var begin = System.nanoTime();
        for (int i = 0; i < 5 || System.nanoTime() - begin < seconds * 1e9; i++) {
            var start = System.nanoTime();
            task.run();
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return best;
    }
}
