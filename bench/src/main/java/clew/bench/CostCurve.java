package clew.bench;

import clew.engine.tensor.DType;
import clew.model.Synthetic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What one LRP explanation costs over the number of tokens and over the number of layers: seconds, the best of some,
/// and the peak resident memory (`VmHWM`) of a process that does nothing else, beside the weights file.
///
/// Each point is a [ModelServer] of its own on a synthetic model, with the flags of `./clew`.
///
/// Arguments: `gpt2-small|llama-1b`, `f32|bf16|f16`, threads, and then the numbers of tokens.
public final class CostCurve {
    private static final int TIMES = 5, LAYERED_TOKENS = 128;
    private static final double MEGA = 1e6;

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
        System.out.println("| layers | tokens | seconds | ms a token | ms a token and layer | peak, MB | weights, MB"
            + " | peak − weights, MB |\n|---|---|---|---|---|---|---|---|");
        var dir = Files.createTempDirectory("clew-cost");
        try {
            shape.write(dir);
            for (int tokens : lengths) point(dir, shape.layers(), tokens, args[2]);
            for (int layers : new int[] {1, 2, 4, 8, shape.layers()}) {
                if (layers < shape.layers()) with(shape, layers).write(dir);
                else shape.write(dir);
                point(dir, layers, LAYERED_TOKENS, args[2]);
            }
        } finally {
            try (var files = Files.list(dir)) {
                for (var file : files.toList()) Files.delete(file);
            }
            Files.delete(dir);
        }
    }

    private static Synthetic with(Synthetic s, int layers) {
        return new Synthetic(s.family(), layers, s.width(), s.heads(), s.kvHeads(), s.hidden(), s.vocabulary(),
            s.positions(), s.dtype());
    }

    private static void point(Path dir, int layers, int tokens, String threads) throws IOException {
        var command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:MaxRAMPercentage=70", "--add-modules", "jdk.incubator.vector",
            "-cp", System.getProperty("java.class.path"), ModelServer.class.getName(), dir.toString(), threads);
        var server = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var to = new PrintWriter(server.getOutputStream(), true, StandardCharsets.UTF_8);
             var from = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            var best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < TIMES; i++) best = Math.min(best, ask(to, from, "lrp " + tokens));
            var peak = ask(to, from, "peak");
            var weights = Files.size(dir.resolve("model.safetensors"));
            System.out.printf(Locale.ROOT, "| %d | %d | %.3f | %.2f | %.3f | %.0f | %.0f | %.0f |%n", layers, tokens,
                best, 1e3 * best / tokens, 1e3 * best / tokens / layers, peak / MEGA, weights / MEGA,
                (peak - weights) / MEGA);
        }
    }

    private static double ask(PrintWriter to, BufferedReader from, String task) throws IOException {
        to.println(task);
        var answer = from.readLine();
        if (answer == null) throw new IOException("the server ended at '" + task + "'");
        return Double.parseDouble(answer);
    }
}
