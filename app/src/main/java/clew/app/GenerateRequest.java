package clew.app;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// A continuation asked for.
///
/// @param length   how many tokens at most; empty for as many as [#USUAL] and the model's positions allow
/// @param stops    texts that end it, which are not part of its text
/// @param stopIds  ids that end it
record GenerateRequest(Input input, OptionalInt length, End end, Sampling sampling, List<String> stops,
    Set<Integer> stopIds) {
    static final Set<Key> KEYS = Set.of(Key.PROMPT, Key.IDS, Key.MESSAGES, Key.MAX_NEW_TOKENS, Key.IGNORE_EOS,
        Key.TEMPERATURE, Key.TOP_K_SAMPLING, Key.TOP_P, Key.MIN_P, Key.REPETITION_PENALTY, Key.STOP, Key.STOP_IDS,
        Key.SEED);
    static final int USUAL = 64;

    /// What an end-of-sequence token does.
    enum End { STOP, IGNORE }

    static GenerateRequest of(Given given) {
        var stops = given.texts(Key.STOP);
        if (stops.contains("")) throw new UsageException(given.name(Key.STOP) + " is empty; name the text to stop at");
        return new GenerateRequest(Input.of(given), given.number(Key.MAX_NEW_TOKENS, 1, Integer.MAX_VALUE),
            given.flag(Key.IGNORE_EOS) ? End.IGNORE : End.STOP, Sampling.of(given), stops,
            Set.copyOf(given.numbers(Key.STOP_IDS)));
    }
}
