package clew.bench;

import clew.attribution.Ablation;
import clew.attribution.Aggregate;
import clew.attribution.Attribution;
import clew.attribution.AttributionMethod;
import clew.attribution.Baseline;
import clew.attribution.Continuation;
import clew.attribution.Contrast;
import clew.attribution.IntegratedGradients;
import clew.attribution.Lrp;
import clew.attribution.Occlusion;
import clew.attribution.Quadrature;
import clew.attribution.Score;
import clew.attribution.Removal;
import clew.attribution.ShapleySampling;
import clew.attribution.Target;
import clew.engine.kernel.Devices;
import clew.engine.kernel.Kernels;
import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import clew.model.Run;
import clew.weights.Quantisation;
import clew.weights.QuantisedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Scanner;
import java.util.Set;

/// Times one task per line of standard input on one model, for `peers/rows.py` to set beside transformers.
///
/// | line | seconds of |
/// |---|---|
/// | `lrp T` | a forward pass and one LRP explanation of its last row |
/// | `ig T STEPS` | integrated gradients of the last row |
/// | `ablation T` | a forward pass and the removal of each of its tokens, from the removed one on |
/// | `forwards T` | T forward passes of T tokens, what removals take that share nothing |
/// | `occlusion T` | a window of 3 removed at every place, for the last row |
/// | `shapley T N` | Shapley values of T tokens by N drawn orders |
/// | `targets T K` | LRP of K tokens behind T, each as predicted by the row before it: one run, K seeds together |
/// | `sum T K` | the same of their sum alone: one run, one seed |
/// | `prefill T` | a forward pass without a tape |
/// | `decode T N` | one of N new tokens behind a prompt of T |
/// | `peak` | – the peak resident memory so far, in bytes (Linux) |
///
/// Arguments: the model's directory and the number of threads; for quantised weights also their `--dtype`.
public final class ModelServer {
    /// What stands for a removed token.
    private static final Removal NOTHING = new Removal.Token(0);

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
            case "lrp"     -> explain(new Lrp(), number(task, 1));
            case "targets" -> continuation(task, Continuation::explain);
            case "sum"     -> continuation(task, Continuation::explainSum);
            case "ig"      -> explain(new IntegratedGradients(new Baseline.Zero(), number(task, 2),
                                          Quadrature.GAUSS_LEGENDRE, Aggregate.SUM), number(task, 1));
            case "occlusion" -> explain(new Occlusion(NOTHING, 3, 1), number(task, 1));
            case "shapley" -> explain(new ShapleySampling(NOTHING, number(task, 2), 0, 0), number(task, 1));
            case "ablation" -> explain(new Ablation(new Removal.Token(0)), number(task, 1));
            case "forwards" -> forwards(number(task, 1));
            case "prefill" -> model.run(Pass.of(ids(number(task, 1))).forgetting()).close();
            case "decode"  -> { return decode(number(task, 1), number(task, 2)); }
            case "peak"    -> { return peak(); }
            default        -> throw new IllegalArgumentException("task " + task[0]);
        }
        return (System.nanoTime() - start) * 1e-9;
    }

    private void explain(AttributionMethod method, int tokens) {
        try (var run = model.run(Pass.of(ids(tokens)))) {
            method.explain(run, Target.top());
        }
    }

    private void forwards(int tokens) {
        var ids = ids(tokens);
        for (int t = 0; t < tokens; t++) {
            ids[t] = 0;
            model.run(Pass.of(ids).forgetting()).close();
        }
    }

    private interface Explanation {
        Attribution of(Continuation continuation, Run run, AttributionMethod method);
    }

    private void continuation(String[] task, Explanation how) {
        int prompt = number(task, 1), count = number(task, 2);
        var ids = ids(prompt + count);
        var said = new Continuation(Arrays.copyOf(ids, prompt), Arrays.copyOfRange(ids, prompt, prompt + count),
            Score.LOGIT, new Contrast.None());
        try (var run = model.run(said.pass())) {
            how.of(said, run, new Lrp());
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
        return BenchModels.ids(model, count);
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
