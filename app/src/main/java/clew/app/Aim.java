package clew.app;

import clew.attribution.Contrast;
import clew.attribution.Score;
import clew.attribution.Target;
import clew.model.LanguageModel;
import clew.model.token.Token;
import clew.model.token.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is to be explained, before a model says which ids the texts mean.
///
/// @param foil the contrast: `mean`, `id:N` or `text:…`
record Aim(Choice choice, int position, Score score, Optional<Given.Value> foil) {
    private static final String MEAN = "mean", ID = "id:", TEXT = "text:";

    /// Which tokens.
    sealed interface Choice {
        record Text(Given.Value given) implements Choice {}

        record Id(int id) implements Choice {}

        record Top(int k) implements Choice {}
    }

    /// The default is the logit of the likeliest next token, of a continuation the log-probability of each.
    static Aim of(Given given) {
        given.requireOne(Key.TARGET.alternatives());
        var choice = given.value(Key.TARGET).<Choice>map(Choice.Text::new).orElseGet(() -> {
            var id = given.number(Key.TARGET_ID, 0, Integer.MAX_VALUE);
            return id.isPresent() ? new Choice.Id(id.getAsInt())
                : new Choice.Top(given.number(Key.TOP_K, 1, Integer.MAX_VALUE).orElse(1));
        });
        var score = given.oneOf(Key.SCORE, List.of(Score.values()), Score::label,
            given.has(Key.CONTINUATION) || given.has(Key.CONTINUATION_IDS) || given.has(Key.CONTINUATION_LENGTH)
                ? Score.LOGPROB : Score.LOGIT);
        var foil = given.value(Key.CONTRAST);
        foil.ifPresent(f -> requireContrast(f, score));
        var position = given.number(Key.POSITION, Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(-1);
        return new Aim(choice, position, score, foil);
    }

    private static void requireContrast(Given.Value foil, Score score) {
        if (score.ofRow())
            throw new UsageException(score.label() + " belongs to a whole row and has no contrast; leave " + foil.name()
                + " out");
        if (foil.text().startsWith(ID)) Given.whole(foil.name() + " id:N", idText(foil), 0, Integer.MAX_VALUE);
        else if (!foil.text().equals(MEAN) && !foil.text().startsWith(TEXT))
            throw new UsageException(foil.name() + ": '" + foil.text()
                + "' is unknown; known are mean, id:N and text:TEXT");
    }

    /// @throws UsageException if a text is not one token, or the model has no tokenizer to say so
    Target on(LanguageModel model) {
        var which = switch (choice) {
            case Choice.Text(var given) -> new Target.Choice.Id(id(model, given.name(), given.text()));
            case Choice.Id(var id)      -> new Target.Choice.Id(id);
            case Choice.Top(var k)      -> new Target.Choice.Top(k);
        };
        return new Target(which, position, score, foil.map(f -> contrast(model, f)).orElseGet(Contrast.None::new));
    }

    private static Contrast contrast(LanguageModel model, Given.Value foil) {
        if (foil.text().equals(MEAN)) return new Contrast.Mean();
        return new Contrast.Foil(foil.text().startsWith(ID) ? Integer.parseInt(idText(foil))
            : id(model, foil.name(), foil.text().substring(TEXT.length())));
    }

    private static String idText(Given.Value foil) {
        return foil.text().substring(ID.length());
    }

    private static int id(LanguageModel model, String option, String text) {
        var labels = model.spec().labels();
        if (labels.contains(text)) return labels.indexOf(text);
        if (!labels.isEmpty())
            throw new UsageException(option + ": no class is called '" + text + "'; the classes are "
                + labels.stream().limit(12).map(l -> "'" + l + "'").collect(Collectors.joining(", "))
                    + (labels.size() > 12 ? ", …" : ""));
        var tokenizer = model.tokenizer().orElseThrow(() -> Reader.needed(model.path(), option));
        var ids = idsOf(tokenizer, text);
        if (ids.size() == 1) return ids.getFirst();
        if (ids.size() > 1)
            throw new UsageException(option + ": " + ids.size() + " tokens have the text '" + text + "', their ids are "
                + ids.stream().limit(8).map(String::valueOf).collect(Collectors.joining(", "))
                    + "; name one by its id");
        var pieces = pieces(tokenizer, text);
        throw new UsageException(option + ": no single token has the text '" + text + "'; its pieces are "
            + list(pieces)
            + ": explain one of them, by its text or with --target-id");
    }

    /// The ids whose text is exactly this; a raw byte is not meant where a proper piece has the text too.
    static List<Integer> idsOf(Tokenizer tokenizer, String text) {
        var all = tokenizer.idsWithText(text);
        var proper = all.stream().filter(id -> !tokenizer.piece(id).matches("<0x[0-9A-F]{2}>")).toList();
        return proper.isEmpty() ? all : proper;
    }

    /// A tokenizer that puts a space before every text has it twice where the text begins with one.
    static List<Token> pieces(Tokenizer tokenizer, String text) {
        var pieces = tokenizer.encodePlain(text).tokens();
        if (!text.startsWith(" ") || !pieces.getFirst().text().equals(" ")) return pieces;
        var bare = tokenizer.encodePlain(text.substring(1)).tokens();
        var said = String.join("", tokenizer.texts(bare.stream().mapToInt(Token::id).toArray()));
        return said.equals(text) ? bare : pieces;
    }

    private static String list(List<Token> pieces) {
        return pieces.isEmpty() ? "none" : pieces.stream().limit(12).map(p -> "'" + p.text() + "' (" + p.id() + ")")
            .collect(Collectors.joining(", ")) + (pieces.size() > 12 ? ", …" : "");
    }
}
