package clew.app;

import clew.model.token.Tokenizer;
import java.util.List;
import java.util.Set;

/// Tokens asked for.
record TokensRequest(Input input, Specials specials) {
    static final Set<Key> KEYS = Set.of(Key.PROMPT, Key.IDS, Key.MESSAGES, Key.NO_SPECIAL);

    /// What becomes of the tokens that a template adds.
    enum Specials { ADDED, LEFT_OUT }

    /// @throws UsageException if the ids are given, to which nothing is added anyway, and special tokens refused
    static TokensRequest of(Given given) {
        var input = Input.of(given);
        var specials = given.flag(Key.NO_SPECIAL) ? Specials.LEFT_OUT : Specials.ADDED;
        return new TokensRequest(input, specials);
    }

    /// @throws UsageException if an id is beyond the vocabulary
    Prompt on(Reader reader, Tokenizer tokenizer) {
        return switch (input) {
            case Input.Text(var text) when specials == Specials.LEFT_OUT ->
                new Prompt(tokenizer.encodePlain(text), List.of(), List.of());
            case Input.Text _, Input.Messages _ -> reader.read(input);
            case Input.Ids(var list)  -> {
                for (int id : list)
                    if (id >= tokenizer.size())
                        throw new UsageException("id " + id + " is outside the vocabulary of " + tokenizer.size()
                            + " (0 … "
                            + (tokenizer.size() - 1) + ")");
                yield reader.read(input);
            }
        };
    }
}
