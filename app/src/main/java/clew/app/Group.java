package clew.app;

import clew.attribution.Groups;
import clew.model.token.Token;
import clew.model.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What has one score of its own.
enum Group {
    TOKEN,
    /// Tokens up to the next white space.
    WORD,
    /// Tokens up to a full stop, or its like, or a line feed.
    SENTENCE,
    /// Tokens one behind the other that one author of a chat wrote.
    ROLE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// All tokens of the prompt in groups, in order.
    ///
    /// @throws UsageException if it takes a chat, and the prompt is none
    Groups of(Prompt prompt) {
        var tokens = prompt.encoding().tokens();
        return switch (this) {
            case TOKEN    -> Groups.each(tokens.size());
            case WORD     -> Groups.words(tokens);
            case SENTENCE -> Groups.sentences(tokens);
            case ROLE     -> runs(prompt);
        };
    }

    private static Groups runs(Prompt prompt) {
        var roles = prompt.roles();
        if (roles.isEmpty())
            throw new UsageException(Key.GROUP.option() + " role merges what one author of a chat wrote, and the prompt"
                + " is no chat; give messages with --chat");
        var runs = new ArrayList<int[]>();
        for (int from = 0, to; from < roles.size(); from = to) {
            for (to = from + 1; to < roles.size() && roles.get(to) == roles.get(from);) to++;
            runs.add(IntStream.range(from, to).toArray());
        }
        return new Groups(runs);
    }

    /// The tokens of one group as one: with the place and the id of the first, what all say together, and as its piece
    /// the role, or the pieces of all.
    Token merged(int[] members, Prompt prompt, Optional<Tokenizer> tokenizer) {
        var all = Arrays.stream(members).mapToObj(prompt.encoding().tokens()::get).toList();
        var first = all.getFirst();
        if (all.size() == 1) return first;
        var piece = this == ROLE ? prompt.roles().get(first.index()).label() : joined(all.stream().map(Token::piece)
            .toList());
        var texts = tokenizer.map(t -> t.texts(all.stream().mapToInt(Token::id).toArray()))
            .orElseGet(() -> all.stream().map(Token::text).toList());
        return new Token(first.index(), first.id(), joined(texts), piece, first.start(), all.getLast().end(),
            all.stream().allMatch(Token::special));
    }

    private static String joined(List<String> parts) {
        return parts.stream().collect(Collectors.joining());
    }
}
