package clew.model.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tokens that are found in the text before the model sees it: the `added_tokens` of tokenizer.json.
///
/// Those with `normalized: false` are looked for in the text as it came, the others in the normalised pieces between,
/// in their own normalised form. The leftmost match wins, then the longest.
final class AddedTokens {
    private final List<Added> all;
    private final Map<Integer, Added> byId = new HashMap<>();
    private final Map<Integer, String> forms = new HashMap<>();
    private final Set<String> specials = new HashSet<>();
    private final Trie raw = new Trie();                    // contents with their places in `all`
    private final Trie normalised = new Trie();

    /// One added token; `edges` says what else a match must or may contain.
    record Added(int id, String content, Edges edges, Kind kind, Matching matching) {
        /// A special token that matches its content wherever it stands.
        static Added special(int id, String content) {
            return new Added(id, content, new Edges(false, false, false), Kind.SPECIAL, Matching.RAW);
        }

        boolean isSpecial() {
            return kind == Kind.SPECIAL;
        }
    }

    record Edges(boolean singleWord, boolean stripsLeft, boolean stripsRight) {}

    enum Kind { SPECIAL, ORDINARY }

    enum Matching { RAW, NORMALISED }

    AddedTokens(List<Added> all, Normalizer normalizer) {
        this.all = List.copyOf(all);
        for (var kind : Kind.values()) for (int i = 0; i < all.size(); i++) if (all.get(i).kind() == kind) {
            var token = all.get(i);
            var form = token.matching() == Matching.RAW ? token.content()
                : normalizer.apply(Aligned.of(token.content())).text();
            byId.put(token.id(), token);
            forms.put(token.id(), form);
            if (token.isSpecial()) specials.add(token.content());
            if (form.isEmpty())
                throw new IllegalArgumentException("added token '" + token.content() + "' matches the empty text");
            (token.matching() == Matching.RAW ? raw : normalised).put(form, i);
        }
    }

    List<Added> all() {
        return all;
    }

    @Nullable Added get(int id) {
        return byId.get(id);
    }

    /// What the decoder is given for an added token: its content, normalised if it is matched so; null for other ids.
    @Nullable String form(int id) {
        return forms.get(id);
    }

    /// Whether decoding leaves the id out. As in Hugging Face tokenizers 0.23 the form decides: a special token whose
    /// normalised form differs from its content stays in the text.
    boolean isSkipped(int id) {
        var form = forms.get(id);
        return form != null && specials.contains(form);
    }

    /// The text in pieces: added tokens, and normalised text between them.
    List<Piece> split(Aligned text, Normalizer normalizer) {
        var pieces = new ArrayList<Piece>();
        for (var piece : cut(text, raw)) {
            if (piece.token() != null) pieces.add(piece);
            else pieces.addAll(cut(normalizer.apply(piece.text()), normalised));
        }
        return pieces;
    }

    /// A piece of text, and the added token that it is, if it is one.
    record Piece(Aligned text, @Nullable Added token) {}

    private List<Piece> cut(Aligned text, Trie trie) {
        var pieces = new ArrayList<Piece>();
        int done = 0, n = text.text().length();
        for (int at = trie.isEmpty() ? n : 0; at < n; ) {
            int length = trie.longest(text.text(), at);
            if (length == 0) {
                at++;
                continue;
            }
            int start = at, end = at += length;
            var token = all.get(trie.value(text.text(), start, end));
            if (token.edges().singleWord() && !isAlone(text.text(), start, end)) continue;
            if (token.edges().stripsLeft()) start = Math.max(done, spacesBefore(text.text(), start));
            if (token.edges().stripsRight()) end = spacesBehind(text.text(), end);
            if (done < start) pieces.add(new Piece(text.slice(done, start), null));
            pieces.add(new Piece(text.slice(start, end), token));
            done = end;
        }
        if (done < n) pieces.add(new Piece(text.slice(done, n), null));
        return pieces;
    }

    private static boolean isAlone(String text, int start, int end) {
        return (start == 0 || !Unicode.isWord(text.codePointBefore(start)))
            && (end == text.length() || !Unicode.isWord(text.codePointAt(end)));
    }

    private static int spacesBefore(String text, int at) {
        while (at > 0 && Unicode.isSpace(text.charAt(at - 1))) at--;         // every space is in the basic plane
        return at;
    }

    private static int spacesBehind(String text, int at) {
        while (at < text.length() && Unicode.isSpace(text.charAt(at))) at++;
        return at;
    }
}
