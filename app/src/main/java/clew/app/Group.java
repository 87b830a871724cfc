package clew.app;

import clew.model.token.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What has one score of its own.
enum Group {
    TOKEN,
    /// Tokens one behind the other that one author of a chat wrote.
    ROLE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The tokens at these places as members of groups, in order.
    ///
    /// @throws UsageException if it takes a chat, and the prompt is none
    List<int[]> of(int[] kept, Prompt prompt) {
        return switch (this) {
            case TOKEN -> Arrays.stream(kept).mapToObj(i -> new int[] {i}).toList();
            case ROLE  -> runs(kept, prompt);
        };
    }

    private static List<int[]> runs(int[] kept, Prompt prompt) {
        if (prompt.roles().isEmpty())
            throw new UsageException(Key.GROUP.option() + " role merges what one author of a chat wrote, and the prompt"
                + " is no chat; give messages with --chat");
        var runs = new ArrayList<int[]>();
        for (int from = 0, to; from < kept.length; from = to) {
            for (to = from + 1; to < kept.length && kept[to] == kept[to - 1] + 1; to++)
                if (prompt.roles().get(kept[to]) != prompt.roles().get(kept[from])) break;
            runs.add(Arrays.copyOfRange(kept, from, to));
        }
        return runs;
    }

    /// The tokens of one group as one: with the place and the id of the first, the text of all, and as its piece the
    /// role.
    static Token merged(int[] members, Prompt prompt) {
        var all = Arrays.stream(members).mapToObj(prompt.encoding().tokens()::get).toList();
        var first = all.getFirst();
        if (all.size() == 1) return first;
        var text = all.stream().map(Token::text).collect(Collectors.joining());
        return new Token(first.index(), first.id(), text, prompt.roles().get(first.index()).label(), first.start(),
            all.getLast().end(), all.stream().allMatch(Token::special));
    }
}
