package clew.app;

import clew.model.token.Encoding;
import clew.model.token.Tokenizer;
import java.util.Set;

/// Tokens asked for.
record TokensRequest(Input input, Specials specials) {
    static final Set<Key> KEYS = Set.of(Key.PROMPT, Key.IDS, Key.NO_SPECIAL);

    /// What becomes of the tokens that a template adds.
    enum Specials { ADDED, LEFT_OUT }

    /// @throws UsageException if the ids are given, to which nothing is added anyway, and special tokens refused
    static TokensRequest of(Given given) {
        var input = Input.of(given);
        var specials = given.flag(Key.NO_SPECIAL) ? Specials.LEFT_OUT : Specials.ADDED;
        return new TokensRequest(input, specials);
    }

    /// @throws UsageException if an id is beyond the vocabulary
    Encoding on(Tokenizer tokenizer) {
        return switch (input) {
            case Input.Text(var text) -> specials == Specials.ADDED ? tokenizer.encode(text)
                : tokenizer.encodePlain(text);
            case Input.Ids(var list)  -> {
                var ids = list.stream().mapToInt(i -> i).toArray();
                for (int id : ids)
                    if (id >= tokenizer.size())
                        throw new UsageException("id " + id + " is outside the vocabulary of " + tokenizer.size()
                            + " (0 … "
                            + (tokenizer.size() - 1) + ")");
                yield new Encoding(ids, tokenizer.describe(ids));
            }
        };
    }
}
