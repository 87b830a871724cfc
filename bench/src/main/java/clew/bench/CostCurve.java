package clew.bench;

import clew.engine.tensor.DType;
import clew.model.Synthetic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What one LRP explanation, forward and backward, costs over the number of tokens T and over the number of layers: the
/// best of some, how much each doubling multiplies it, and the peak resident memory (`VmHWM`) of a process that does
/// nothing else, beside the weights file.
///
/// Linear are the layers, and T as far as the products with the weights go; the attention's scores add T²,
/// and few tokens pay for reading the weights and for the head all the same. Below each table stands the fit that says
/// how much of each there is.
///
/// Each point is a [ModelServer] of its own on a synthetic model, with the flags of `./clew`, warm before it is timed.
///
/// Arguments: `gpt2-small|llama-1b`, `f32|bf16|f16`, threads, and then the numbers of tokens, 16, 32 … 1024 by default.
public final class CostCurve {
    private static final int LAYERED_TOKENS = 128, LEAST_TIMES = 3, MOST_TIMES = 60;
    private static final double MEGA = 1e6, WARM_SECONDS = 3, TIMED_SECONDS = 2;

    private record Point(int layers, int tokens, double ms) {}

    private CostCurve() {}

    public static void main(String[] args) throws IOException {
        var dtype = DType.valueOf(args[1].toUpperCase(Locale.ROOT));
        var shape = switch (args[0]) {
            case "gpt2-small" -> Synthetic.gpt2Small(dtype);
            case "llama-1b"   -> Synthetic.llama1b(dtype);
            default -> throw new IllegalArgumentException("shape " + args[0] + ": gpt2-small or llama-1b");
        };
        var lengths = args.length > 3 ? Stream.of(args).skip(3).mapToInt(Integer::parseInt).toArray()
            : IntStream.iterate(16, t -> t <= 1024, t -> 2 * t).toArray();
        var layers = IntStream.of(1, 2, 4, 8, 12, 16).filter(l -> l <= shape.layers()).toArray();
        var dir = Files.createTempDirectory("clew-cost");
        try {
            shape.write(dir);
            var overTokens = curve(lengths, t -> point(dir, shape.layers(), t, args[2]));
            fit("tokens", "T", overTokens, Point::tokens, 3);
            var overLayers = curve(layers, l -> {
                with(shape, l).write(dir);
                return point(dir, l, LAYERED_TOKENS, args[2]);
            });
            fit("layers", "L", overLayers, Point::layers, 2);
        } finally {
            try (var files = Files.list(dir)) {
                for (var file : files.toList()) Files.delete(file);
            }
            Files.delete(dir);
        }
    }

    private interface Measured {
        Point at(int x) throws IOException;
    }

    private static List<Point> curve(int[] xs, Measured measured) throws IOException {
        System.out.println("\n| layers | tokens | ms | ms a token | ms a layer | peak, MB | weights, MB"
            + " | × for a doubling |\n|---|---|---|---|---|---|---|---|");
        var points = new ArrayList<Point>();
        for (int x : xs) {
            points.add(measured.at(x));
            System.out.println(doubling(points));
        }
        return points;
    }

    /// What the last step multiplied the time by, brought to a doubling; 2 is linear.
    private static String doubling(List<Point> points) {
        if (points.size() < 2) return " – |";
        Point from = points.get(points.size() - 2), to = points.getLast();
        double grown = 1.0 * to.tokens() * to.layers() / from.tokens() / from.layers();
        return String.format(Locale.ROOT, " %.2f |", Math.pow(to.ms() / from.ms(), Math.log(2) / Math.log(grown)));
    }

    /// Least squares of the relative error, so that short runs count as much as long ones.
    private static void fit(String name, String x, List<Point> points, ToIntFunction<Point> of, int terms) {
        if (points.size() < terms) return;
        var normal = new double[terms][terms + 1];
        for (var p : points)
            for (int i = 0; i < terms; i++) {
                double left = Math.pow(of.applyAsInt(p), i) / p.ms();
                for (int j = 0; j < terms; j++) normal[i][j] += left * Math.pow(of.applyAsInt(p), j) / p.ms();
                normal[i][terms] += left;
            }
        var c = solved(normal);
        var said = IntStream.range(0, terms).mapToObj(i -> String.format(Locale.ROOT, "%.4g", c[i])
            + (i == 0 ? "" : "·" + x + (i == 1 ? "" : "²"))).collect(Collectors.joining(" + "));
        double off = points.stream().mapToDouble(p -> Math.abs(1 - IntStream.range(0, terms)
            .mapToDouble(i -> c[i] * Math.pow(of.applyAsInt(p), i)).sum() / p.ms())).max().orElseThrow();
        System.out.printf(Locale.ROOT, "%nOver %s: ms ≈ %s, off by at most %.0f %%.%n", name, said, 100 * off);
    }

    /// Gauss and Jordan on a positive definite system with its right side as the last column.
    private static double[] solved(double[][] a) {
        for (int i = 0; i < a.length; i++)
            for (int k = 0; k < a.length; k++) {
                double f = k == i ? 1 - 1 / a[i][i] : a[k][i] / a[i][i];
                for (int j = a.length; j >= i; j--) a[k][j] -= f * a[i][j];
            }
        return Stream.of(a).mapToDouble(row -> row[a.length]).toArray();
    }

    private static Synthetic with(Synthetic s, int layers) {
        return new Synthetic(s.family(), layers, s.width(), s.heads(), s.kvHeads(), s.hidden(), s.vocabulary(),
            s.positions(), s.dtype());
    }

    private static Point point(Path dir, int layers, int tokens, String threads) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ModelServer.class.getName(),
            dir.toString(), threads));
        var server = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var to = new PrintWriter(server.getOutputStream(), true, StandardCharsets.UTF_8);
             var from = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            best(to, from, tokens, WARM_SECONDS);
            double ms = 1e3 * best(to, from, tokens, TIMED_SECONDS), peak = ask(to, from, "peak");
            var weights = Files.size(dir.resolve("model.safetensors"));
            System.out.printf(Locale.ROOT, "| %d | %d | %.1f | %.3f | %.2f | %.0f | %.0f |", layers, tokens, ms,
                ms / tokens, ms / layers, peak / MEGA, weights / MEGA);
            return new Point(layers, tokens, ms);
        }
    }

    private static double best(PrintWriter to, BufferedReader from, int tokens, double seconds) throws IOException {
        double best = Double.POSITIVE_INFINITY, spent = 0;
        for (int i = 0; i < LEAST_TIMES || i < MOST_TIMES && spent < seconds; i++) {
            double once = ask(to, from, "lrp " + tokens);
            best = Math.min(best, once);
            spent += once;
        }
        return best;
    }

    private static double ask(PrintWriter to, BufferedReader from, String task) throws IOException {
        to.println(task);
        var answer = from.readLine();
        if (answer == null) throw new IOException("the server ended at '" + task + "'");
        return Double.parseDouble(answer);
    }
}
