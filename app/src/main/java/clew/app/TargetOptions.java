package clew.app;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is explained; [Aim] reads these, from the command line and from jsonl lines alike.
final class TargetOptions {
    @Option(names = "--target", paramLabel = "TEXT",
        description = "explain the token with exactly this text, its leading space counted")
    @Nullable String target;

    @Option(names = "--target-id", paramLabel = "N", description = "explain the token with this id")
    @Nullable String targetId;

    @Option(names = "--top-k", paramLabel = "K", description = "explain the K likeliest tokens; 1 by default")
    @Nullable String topK;

    @Option(names = "--position", paramLabel = "P",
        description = "the row explained, from 0, negative from the end; -1 (default) predicts the next token")
    @Nullable String position;

    @Option(names = "--score", paramLabel = "SCORE",
        description = "logit (default; of a continuation logprob), logprob, prob, entropy or kl")
    @Nullable String score;

    @Option(names = "--contrast", paramLabel = "FOIL",
        description = "explain the difference to mean (over all tokens), id:N or text:TEXT")
    @Nullable String contrast;
}
