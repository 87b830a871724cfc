package clew.bench;

import clew.attribution.Aggregate;
import clew.attribution.AttributionMethod;
import clew.attribution.Baseline;
import clew.attribution.IntegratedGradients;
import clew.attribution.Lrp;
import clew.attribution.Quadrature;
import clew.attribution.Target;
import clew.engine.kernel.Devices;
import clew.engine.kernel.Kernels;
import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import clew.weights.Quantisation;
import clew.weights.QuantisedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Scanner;
import java.util.Set;

/// Times one task per line of standard input on one model, for `peers/explain.py` to set beside transformers.
///
/// | line | seconds of |
/// |---|---|
/// | `lrp T` | a forward pass and one LRP explanation of its last row |
/// | `ig T STEPS` | integrated gradients of the last row |
/// | `targets T K` | LRP of the K likeliest tokens of the last row |
/// | `prefill T` | a forward pass without a tape |
/// | `decode T N` | one of N new tokens behind a prompt of T |
/// | `peak` | – the peak resident memory so far, in bytes (Linux) |
///
/// Arguments: the model's directory and the number of threads; for quantised weights also their `--dtype`.
public final class ModelServer {
    private final LanguageModel model;

    private ModelServer(LanguageModel model) {
        this.model = model;
    }

    public static void main(String[] args) throws IOException {
        try (var device = Devices.open("simd", Integer.parseInt(args[1]));
             var model = open(Path.of(args[0]), device.kernels(), args); var in = new Scanner(System.in)) {
            var server = new ModelServer(model);
            while (in.hasNextLine()) System.out.println(server.answer(in.nextLine().split(" ")));
        }
    }

    private static LanguageModel open(Path dir, Kernels kernels, String[] args) {
        if (args.length < 3) return Models.open(dir, kernels);
        var how = Arrays.stream(Quantisation.values()).filter(q -> q.label().equals(args[2])).findFirst().orElseThrow();
        return Models.open(dir, kernels, new QuantisedFile(how, dir, _ -> {}));
    }

    private double answer(String[] task) throws IOException {
        var start = System.nanoTime();
        switch (task[0]) {
            case "lrp"     -> explain(new Lrp(), number(task, 1), 1);
            case "targets" -> explain(new Lrp(), number(task, 1), number(task, 2));
            case "ig"      -> explain(new IntegratedGradients(new Baseline.Zero(), number(task, 2),
                                          Quadrature.GAUSS_LEGENDRE, Aggregate.SUM), number(task, 1), 1);
            case "prefill" -> model.run(Pass.of(ids(number(task, 1))).forgetting()).close();
            case "decode"  -> { return decode(number(task, 1), number(task, 2)); }
            case "peak"    -> { return peak(); }
            default        -> throw new IllegalArgumentException("task " + task[0]);
        }
        return (System.nanoTime() - start) * 1e-9;
    }

    private void explain(AttributionMethod method, int tokens, int targets) {
        try (var run = model.run(Pass.of(ids(tokens)))) {
            var top = Target.top();
            method.explain(run, new Target(new Target.Choice.Top(targets), -1, top.score(), top.contrast()));
        }
    }

    /// The prompt's own pass is left out: the time between the first and the last new token.
    private double decode(int tokens, int count) {
        var times = new long[count];
        var watched = new int[1];
        new Generator(model.watched(_ -> times[watched[0]++] = System.nanoTime()))
            .greedy(ids(tokens), count, Set.of());
        return (times[count - 1] - times[0]) * 1e-9 / (count - 1);
    }

    private int[] ids(int count) {
        return new Random(count).ints(count, 0, model.spec().vocabulary()).toArray();
    }

    private static double peak() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/self/status")))
            if (line.startsWith("VmHWM:")) return 1024 * Double.parseDouble(line.replaceAll("\\D", ""));
        return Double.NaN;
    }

    private static int number(String[] task, int at) {
        return Integer.parseInt(task[at]);
    }
}
