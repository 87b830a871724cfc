package clew.bench;

import clew.attribution.AttributionMethod;
import clew.attribution.InputXGradient;
import clew.attribution.Lrp;
import clew.attribution.Target;
import clew.engine.kernel.Devices;
import clew.engine.kernel.Kernels;
import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import clew.model.token.Tokenizer;
import clew.weights.ModelDirectory;
import clew.weights.Quantisation;
import clew.weights.QuantisedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// How far logits and attributions drift when the blocks' matrices are quantised: the table of docs/quantised.md.
///
/// Texts are what the model itself writes behind three beginnings with its weights as they are. Logits are compared at
/// every row; attributions at every fourth, of the token that the unquantised model finds likeliest there.
///
/// Arguments: model directories or names, such as `demo`.
public final class QuantisedDrift {
    private static final List<String> BEGINNINGS =
        List.of("Once upon a time", "One day, a little girl", "The capital of France is");
    private static final int NEW_TOKENS = 48, FIRST = 4, EVERY = 4;

    private QuantisedDrift() {}

    public static void main(String[] args) throws IOException {
        System.out.println("| model | weights | blocks, MB | logits: max \\|Δ\\| ÷ max | KL, nats | same first | "
            + "LRP: cosine, least | input × gradient: cosine, least |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        var cache = Files.createTempDirectory("clew-drift");
        try (var device = Devices.open("simd", Runtime.getRuntime().availableProcessors())) {
            for (var name : args) {
                var dir = ModelDirectory.resolve(name, System.getenv(), Path.of(System.getProperty("user.home")));
                model(dir, cache, device.kernels());
            }
        }
    }

    private static void model(Path dir, Path cache, Kernels kernels) {
        try (var plain = Models.open(dir, kernels)) {
            var texts = texts(plain);
            for (var how : Quantisation.values()) {
                try (var other = Models.open(dir, kernels, new QuantisedFile(how, cache, _ -> {}))) {
                    var drift = new Drift(plain, other);
                    texts.forEach(drift::add);
                    System.out.printf(Locale.ROOT, "| %s | %s | %.2f | %s |%n", dir.getFileName(), how.label(),
                        other.quantised().orElseThrow().bytes() / 1e6, drift.cells());
                }
            }
        }
    }

    private static List<int[]> texts(LanguageModel model) {
        Tokenizer tokenizer = model.tokenizer().orElseThrow();
        return BEGINNINGS.stream().map(text -> tokenizer.encode(text).ids()).map(ids -> {
            var more = new Generator(model).greedy(ids, NEW_TOKENS, Set.of()).ids();
            return IntStream.concat(Arrays.stream(ids), Arrays.stream(more)).toArray();
        }).toList();
    }

    /// Two models on the same texts.
    private static final class Drift {
        private final LanguageModel plain;
        private final LanguageModel other;
        private final Map<AttributionMethod, List<Double>> cosines =
            Map.of(new Lrp(), new ArrayList<>(), new InputXGradient(), new ArrayList<>());
        private double largest, distance, divergence;
        private int rows, same;

        Drift(LanguageModel plain, LanguageModel other) {
            this.plain = plain;
            this.other = other;
        }

        void add(int[] ids) {
            try (var a = plain.run(Pass.of(ids).atAll()); var b = other.run(Pass.of(ids).atAll())) {
                for (int row = 0; row < ids.length; row++) logits(a.logits(0, row), b.logits(0, row));
                for (int row = FIRST; row < ids.length; row += EVERY) {
                    var target = Target.id(largest(a.logits(0, row))).at(row);
                    cosines.forEach((method, all) -> all.add(cosine(method.explain(a, target).scores()[0],
                        method.explain(b, target).scores()[0])));
                }
            }
        }

        private void logits(double[] a, double[] b) {
            double left = logSum(a), right = logSum(b);
            for (int v = 0; v < a.length; v++) {
                largest = Math.max(largest, Math.abs(a[v]));
                distance = Math.max(distance, Math.abs(a[v] - b[v]));
                divergence += Math.exp(a[v] - left) * (a[v] - left - b[v] + right);
            }
            if (largest(a) == largest(b)) same++;
            rows++;
        }

        String cells() {
            return String.format(Locale.ROOT, "%.4f | %.5f | %.1f %% | %s | %s", distance / largest, divergence / rows,
                100.0 * same / rows, cell(new Lrp()), cell(new InputXGradient()));
        }

        private String cell(AttributionMethod method) {
            var all = cosines.get(method);
            var mean = all.stream().mapToDouble(c -> c).average().orElseThrow();
            return String.format(Locale.ROOT, "%.4f, %.3f", mean, all.stream().min(Double::compare).orElseThrow());
        }

        private static int largest(double[] x) {
            return IntStream.range(0, x.length).reduce((i, j) -> x[j] > x[i] ? j : i).orElseThrow();
        }

        private static double logSum(double[] x) {
            var most = Arrays.stream(x).max().orElseThrow();
            return most + Math.log(Arrays.stream(x).map(v -> Math.exp(v - most)).sum());
        }

        private static double cosine(double[] a, double[] b) {
            double ab = 0, aa = 0, bb = 0;
            for (int i = 0; i < a.length; i++) {
                ab += a[i] * b[i];
                aa += a[i] * a[i];
                bb += b[i] * b[i];
            }
            return ab / Math.sqrt(aa * bb);
        }
    }
}
