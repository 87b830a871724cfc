package clew.app;

import clew.model.token.Encoding;
import clew.model.token.Token;
import clew.model.token.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A prompt: text that the tokenizer turns into ids, or the ids themselves, to which nothing is added.
sealed interface Input {
    record Text(String text) implements Input {}

    record Ids(List<Integer> ids) implements Input {}

    /// @throws UsageException if there is none, or more than one
    static Input of(Given given) {
        given.requireOne(Key.PROMPT.alternatives());
        if (given.has(Key.IDS))
            return new Ids(given.list(Key.IDS).stream()
                .map(t -> Given.whole(given.name(Key.IDS), t, 0, Integer.MAX_VALUE)).toList());
        var text = given.text(Key.PROMPT).orElseThrow(() -> new UsageException(
            "there is no prompt; give it in quotes, as - for standard input, with --prompt-file or as --ids"));
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE))
            throw new UsageException("the prompt is not valid Unicode: it has half a surrogate pair; correct it");
        return new Text(text);
    }

    /// The ids and what they stand for: offsets into the prompt, or into the decoding of the ids.
    ///
    /// @throws UsageException if the prompt is text and there is no tokenizer
    default Encoding on(Optional<Tokenizer> tokenizer, Path model) {
        return switch (this) {
            case Text(var text) -> tokenizer.orElseThrow(() -> needed(model, "a prompt in text")).encode(text);
            case Ids(var list)  -> {
                var ids = list.stream().mapToInt(i -> i).toArray();
                yield new Encoding(ids, tokenizer.map(t -> t.describe(ids)).orElseGet(() -> bare(ids)));
            }
        };
    }

    /// The same for a model, which wants one id at least.
    default Encoding forModel(Optional<Tokenizer> tokenizer, Path model) {
        var encoding = on(tokenizer, model);
        if (encoding.size() == 0) throw new UsageException("the prompt yields no ids; give it at least one token");
        return encoding;
    }

    static UsageException needed(Path model, String what) {
        return new UsageException(model + " has no tokenizer files, which " + what
            + " needs; add its tokenizer.json, or give --ids and --target-id");
    }

    private static List<Token> bare(int[] ids) {
        return IntStream.range(0, ids.length)
            .mapToObj(i -> new Token(i, ids[i], Integer.toString(ids[i]), Integer.toString(ids[i]), -1, -1, false))
                .toList();
    }
}
