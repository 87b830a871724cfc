package clew.app;

import java.util.Set;
import java.util.OptionalInt;

/// A continuation asked for.
///
/// @param length how many tokens at most; empty for as many as [#USUAL] and the model's positions allow
record GenerateRequest(Input input, OptionalInt length, End end) {
    static final Set<Key> KEYS = Set.of(Key.PROMPT, Key.IDS, Key.MAX_NEW_TOKENS, Key.IGNORE_EOS);
    static final int USUAL = 64;

    /// What an end-of-sequence token does.
    enum End { STOP, IGNORE }

    static GenerateRequest of(Given given) {
        return new GenerateRequest(Input.of(given), given.number(Key.MAX_NEW_TOKENS, 1, Integer.MAX_VALUE),
            given.flag(Key.IGNORE_EOS) ? End.IGNORE : End.STOP);
    }
}
