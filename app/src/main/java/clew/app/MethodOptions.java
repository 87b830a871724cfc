package clew.app;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How it is explained; [MethodName] reads these, from the command line and from jsonl lines alike.
final class MethodOptions {
    @Option(names = "--method", paramLabel = "NAME,…",
        description = "lrp (default) or any other that clew methods lists; several give one result each")
    @Nullable String method;

    @Option(names = "--rules", paramLabel = "NAME",
        description = "lrp, layer-lrp: attnlrp (default), cp-lrp, epsilon, gamma, alphabeta, zplus, pa-lrp, gim, or "
            + "a file with a rule per site")
    @Nullable String rules;

    @Option(names = "--baseline", paramLabel = "NAME",
        description = "what the input is compared with: zero (default), pad, token:ID, mean or space")
    @Nullable String baseline;

    @Option(names = "--steps", paramLabel = "N",
        description = "points on the path from the baseline, 50 by default")
    @Nullable String steps;

    @Option(names = "--quadrature", paramLabel = "NAME",
        description = "of the path: gausslegendre (default), riemann-left, riemann-right, "
            + "riemann-middle or riemann-trapezoid")
    @Nullable String quadrature;

    @Option(names = "--tolerance", paramLabel = "R",
        description = "integrated-gradients: halve the path where it misses most until the scores are complete up to "
            + "this share of f; methods that draw: stop when every 95 %% interval is within ± this share of the "
            + "largest score; a result that falls short is printed all the same, and the exit code is 3")
    @Nullable String tolerance;

    @Option(names = "--samples", paramLabel = "N",
        description = "draws of a method that draws, 50 by default, of shapley-sampling 200 orders, of kernel-shap "
            + "and lime 500 coalitions")
    @Nullable String samples;

    @Option(names = "--orders", paramLabel = "N",
        description = "shapley-sampling: orders, each of as many passes as there are features; as --samples by default")
    @Nullable String orders;

    @Option(names = "--coalitions", paramLabel = "N",
        description = "kernel-shap and lime: coalitions, each of one pass; as --samples by default")
    @Nullable String coalitions;

    @Option(names = "--seed", paramLabel = "N",
        description = "of the draws, 0 by default; of random rankings and of what metrics draw, 1")
    @Nullable String seed;

    @Option(names = "--removal", paramLabel = "NAME",
        description = "what stands for a removed token: token:ID, zero, mean, delete, mask, resample or "
            + "resample:DRAWS; by default the padding token, else the unknown one, else 0")
    @Nullable String removal;

    @Option(names = "--window", paramLabel = "N", description = "occlusion: features removed together, 3 by default")
    @Nullable String window;

    @Option(names = "--stride", paramLabel = "N", description = "occlusion: from window to window, 1 by default")
    @Nullable String stride;

    @Option(names = "--regions",
        description = "occlusion: add what every window takes away to text and json, or write it as csv")
    boolean regions;

    @Option(names = "--noise", paramLabel = "R",
        description = "smoothgrad: standard deviation of the noise in that of the embeddings, 0.15 by default")
    @Nullable String noise;

    @Option(names = "--hook", paramLabel = "NAME",
        description = "layer methods: the hook point; clew inspect --hooks lists them")
    @Nullable String hook;

    @Option(names = "--neuron", paramLabel = "HOOK:TOKEN:UNIT", description = "neuron methods: the neuron")
    @Nullable String neuron;

    @Option(names = "--fusion", paramLabel = "NAME",
        description = "attention-rollout: heads as their mean (default), max or min")
    @Nullable String fusion;

    @Option(names = "--discard", paramLabel = "R",
        description = "attention-rollout: share of the smallest entries that is dropped, 0 by default")
    @Nullable String discard;

    @Option(names = "--threshold", paramLabel = "R",
        description = "information-flow: importance below which an edge is dropped, 0.01 by default")
    @Nullable String threshold;

    @Option(names = "--aggregate", paramLabel = "NAME",
        description = "a token's score from its features: sum (default), l2 (default of saliency) or l1")
    @Nullable String aggregate;

    @Option(names = "--normalize", paramLabel = "NAME",
        description = "scores as none (default: raw), absmax (s / max |s|), minmax (0 to 1) or sum (s / Σ |s|)")
    @Nullable String normalize;

    @Option(names = "--group", paramLabel = "NAME",
        description = "scores of every token (default), word, sentence, or role of a chat: what one author wrote "
            + "in one go; methods that remove features remove groups whole, scores of other methods add up")
    @Nullable String group;

    @Option(names = "--merge", paramLabel = "A-B,…",
        description = "these tokens as one, by their positions, which clew tokens lists; as --group treats groups")
    @Nullable String merge;

    @Option(names = "--slot", paramLabel = "NAME=TEXT",
        description = "fill {NAME} in the prompt; the slots are the features, and nothing else is scored")
    List<String> slot = new ArrayList<>();

    @Option(names = "--slot-baseline", paramLabel = "NAME=TEXT",
        description = "methods that remove features: what stands in the place of a slot that is gone, nothing by "
            + "default where another slot has one")
    List<String> slotBaseline = new ArrayList<>();

    @Option(names = "--skip", paramLabel = "N,A-B,…",
        description = "leave these tokens out of the result, and let ablation and its like never remove them")
    @Nullable String skip;

    @Option(names = "--skip-special",
        description = "leave special tokens out of the result, and those of a chat's template")
    boolean skipSpecial;

    @Option(names = "--features", description = "add the scores of all features, [T, D], to json and safetensors")
    boolean features;
}
