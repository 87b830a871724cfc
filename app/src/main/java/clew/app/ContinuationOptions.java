package clew.app;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What follows the prompt, where that is explained; [Following] reads these, from the command line and from jsonl
/// lines alike.
final class ContinuationOptions {
    @Option(names = "--continuation", paramLabel = "TEXT",
        description = "explain every token of this text, which follows the prompt, and their sum")
    @Nullable String continuation;

    @Option(names = "--continuation-ids", paramLabel = "N,N,…", description = "the same, as token ids")
    @Nullable String continuationIds;

    @Option(names = "--continuation-length", paramLabel = "N",
        description = "explain the N likeliest tokens, one after another, that the model goes on with")
    @Nullable String continuationLength;

    @Option(names = "--continuation-sum",
        description = "explain the sum alone: one way back instead of one for each token, where the method allows it")
    boolean continuationSum;
}
