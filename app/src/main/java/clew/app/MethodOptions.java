package clew.app;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How it is explained; [MethodName] reads these, from the command line and from jsonl lines alike.
final class MethodOptions {
    @Option(names = "--method", paramLabel = "NAME,…",
        description = "lrp (default), saliency, input-x-gradient, integrated-gradients or attention; "
            + "several give one result each")
    @Nullable String method;

    @Option(names = "--rules", paramLabel = "NAME",
        description = "lrp: attnlrp (default), cp-lrp, epsilon, gamma, alphabeta or zplus")
    @Nullable String rules;

    @Option(names = "--baseline", paramLabel = "NAME",
        description = "integrated-gradients: zero (default), pad, token:ID or mean")
    @Nullable String baseline;

    @Option(names = "--steps", paramLabel = "N",
        description = "integrated-gradients: points on the path, 50 by default")
    @Nullable String steps;

    @Option(names = "--quadrature", paramLabel = "NAME",
        description = "integrated-gradients: gausslegendre (default), riemann-left, riemann-right, "
            + "riemann-middle or riemann-trapezoid")
    @Nullable String quadrature;

    @Option(names = "--aggregate", paramLabel = "NAME",
        description = "a token's score from its features: sum (default), l2 (default of saliency) or l1")
    @Nullable String aggregate;

    @Option(names = "--normalize", paramLabel = "NAME",
        description = "scores as none (default: raw), absmax (s / max |s|), minmax (0 to 1) or sum (s / Σ |s|)")
    @Nullable String normalize;

    @Option(names = "--group", paramLabel = "NAME",
        description = "scores of every token (default), or of a chat's role: what one author wrote in one go is one")
    @Nullable String group;

    @Option(names = "--skip-special",
        description = "leave special tokens out of the result, and those of a chat's template")
    boolean skipSpecial;

    @Option(names = "--features", description = "add the scores of all features, [T, D], to json and safetensors")
    boolean features;
}
