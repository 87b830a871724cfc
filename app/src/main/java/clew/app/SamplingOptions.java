package clew.app;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a continuation's tokens are chosen, and where it ends.
final class SamplingOptions {
    @Option(names = "--temperature", paramLabel = "T",
        description = "draw tokens, logits divided by T; 0 takes the likeliest, whatever generation_config.json says")
    @Nullable String temperature;

    @Option(names = "--top-k-sampling", paramLabel = "K",
        description = "draw from the K likeliest tokens; 50 by default, 0 for all")
    @Nullable String topK;

    @Option(names = "--top-p", paramLabel = "P",
        description = "draw from the likeliest tokens whose probabilities reach P")
    @Nullable String topP;

    @Option(names = "--min-p", paramLabel = "P",
        description = "draw from the tokens at least P times as likely as the likeliest")
    @Nullable String minP;

    @Option(names = "--repetition-penalty", paramLabel = "X",
        description = "logits of tokens already there divided by X, or multiplied where they are negative")
    @Nullable String repetitionPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "which draws; 0 by default, the same seed the same text")
    @Nullable String seed;

    @Option(names = "--stop", paramLabel = "TEXT",
        description = "end before this text; may be given several times")
    List<String> stop = new ArrayList<>();

    @Option(names = "--stop-ids", paramLabel = "N,N,…", description = "end before these tokens")
    @Nullable String stopIds;
}
