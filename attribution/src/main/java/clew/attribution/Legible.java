package clew.attribution;

import clew.model.token.Token;
import clew.model.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/// Tokens as a reader sees them: of a character that several make together the first shows it, and every other one a
/// mark, so that its colour has a place.
final class Legible {
    private static final String MARK = "·";

    private Legible() {}

    static List<Token> of(List<Token> tokens, Tokenizer tokenizer) {
        var out = new ArrayList<Token>(tokens.size());
        for (int from = 0, to; from < tokens.size(); from = to) {
            to = from + 1;
            if (!isOne(tokens.get(from), tokenizer)) {
                out.add(tokens.get(from));
                continue;
            }
            while (to < tokens.size() && tokens.get(to).index() == tokens.get(to - 1).index() + 1
                && isOne(tokens.get(to), tokenizer)) to++;
            var some = tokens.subList(from, to);
            var texts = tokenizer.texts(some.stream().mapToInt(Token::id).toArray());
            for (int i = 0; i < some.size(); i++) out.add(saying(some.get(i), texts.get(i)));
        }
        return out;
    }

    /// Of merged tokens the id is that of the first alone.
    private static boolean isOne(Token t, Tokenizer tokenizer) {
        return t.text().equals(tokenizer.texts(t.id()).getFirst());
    }

    private static Token saying(Token t, String text) {
        if (text.equals(t.text())) return t;
        return new Token(t.index(), t.id(), text.isEmpty() ? MARK : text, t.piece(), t.start(), t.end(), t.special());
    }
}
