package clew.model.token;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads tokenizer.json. `truncation` and `padding` are left aside: they concern batches of training texts.
final class TokenizerJson {
    private static final Set<String> KEYS = Set.of("version", "truncation", "padding", "added_tokens", "normalizer",
        "pre_tokenizer", "post_processor", "decoder");

    private static final String[] DIRECTIONS = {"Left", "Right"};
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized", "special");

    private final ObjectNode components = JsonNodeFactory.instance.objectNode();
    private ModelReader.@Nullable Read model;

    /// What a file says, and the pieces it names for unknown characters and for the start of a text.
    record Read(Tokenizer.Parts parts, @Nullable String unknown, @Nullable String first) {}

    static Read read(byte[] bytes) {
        var file = new TokenizerJson();
        var cursor = new JsonCursor(bytes);
        if (cursor.peek() != '{') throw new IllegalArgumentException("is not a JSON object");
        cursor.object(name -> file.property(name, cursor));
        cursor.needEnd();
        return file.assemble();
    }

    private void property(String name, JsonCursor cursor) {
        if (name.equals("model"))      model = ModelReader.read(cursor);
        else if (KEYS.contains(name)) components.set(name, cursor.tree());
        else throw new IllegalArgumentException("has the unsupported key '" + name + "'");
    }

    private Read assemble() {
        if (model == null) throw new IllegalArgumentException("has no model");
        var all = new Part(components, "tokenizer");
        if (components.has("version") && !all.string("version").equals("1.0")) throw all.wrong("version", "1.0");
        all.optional("truncation").ifPresent(TokenizerJson::requireTruncation);
        all.optional("padding").ifPresent(TokenizerJson::requirePadding);
        Normalizer normalizer = component(all, "normalizer").map(Components::normalizer)
            .orElse(new Normalizer.Sequence(List.of()));
        PreTokenizer preTokenizer = component(all, "pre_tokenizer").map(Components::preTokenizer)
            .orElse(new PreTokenizer.Sequence(List.of()));
        PostProcessor postProcessor = component(all, "post_processor").map(Components::postProcessor)
            .orElse(new PostProcessor.Sequence(List.of()));
        Decoder decoder = component(all, "decoder").map(Components::decoder).orElse(new Decoder.Spaced());
        var added = new AddedTokens(added(all, model.model().vocabulary()), normalizer);
        var parts = new Tokenizer.Parts(added, normalizer, preTokenizer, model.model(), postProcessor, decoder);
        return new Read(parts, model.unknown(), first(postProcessor));
    }

    private static void requireTruncation(Part part) {
        part.only("direction", "max_length", "strategy", "stride").unsigned("max_length", 64).unsigned("stride", 64)
            .word("strategy", "LongestFirst", "OnlyFirst", "OnlySecond");
        if (part.node().has("direction")) part.word("direction", DIRECTIONS);
    }

    private static void requirePadding(Part part) {
        part.only("strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token")
            .unsigned("pad_id", 32).unsigned("pad_type_id", 32).word("direction", DIRECTIONS);
        part.string("pad_token");
        if (part.has("pad_to_multiple_of")) part.unsigned("pad_to_multiple_of", 64);
        if (part.node().path("strategy").isObject()) part.part("strategy").only("Fixed").unsigned("Fixed", 64);
        else                                         part.word("strategy", "BatchLongest");
    }

    private static Optional<Part> component(Part all, String key) {
        return all.has(key) ? Optional.of(new Part(all.part(key).node(), key)) : Optional.empty();
    }

    private static List<AddedTokens.Added> added(Part all, Vocabulary vocabulary) {
        if (!all.node().has("added_tokens")) return List.of();
        var list = new ArrayList<AddedTokens.Added>();
        var seen = new HashSet<String>();
        int next = vocabulary.count();
        for (var part : all.parts("added_tokens")) {
            for (var flag : FLAGS) part.flag(flag);
            var token = added(part, part.count("id"));
            if (!seen.add(token.content()))
                throw part.wrong("content", "new: '" + token.content() + "' is there already");
            int known = vocabulary.id(token.content());
            if (token.id() != (known >= 0 ? known : next)) throw new IllegalArgumentException(
                "added token '" + token.content() + "' has id " + token.id() + " where the vocabulary gives it "
                    + (known >= 0 ? known : next) + "; correct one of them");
            if (known < 0 && vocabulary.piece(next++) != null) throw part.wrong("id", "free: the vocabulary uses it");
            list.add(token);
        }
        return list;
    }

    /// One added token with the keys that tokenizer.json and tokenizer_config.json share; the latter may omit flags.
    static AddedTokens.Added added(Part part, int id) {
        part.only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
        var edges = new AddedTokens.Edges(part.flag("single_word", Part.Default.FALSE),
            part.flag("lstrip", Part.Default.FALSE), part.flag("rstrip", Part.Default.FALSE));
        boolean special = part.flag("special", Part.Default.FALSE);
        boolean normalised = part.flag("normalized", special ? Part.Default.FALSE : Part.Default.TRUE);
        return new AddedTokens.Added(id, part.string("content"), edges,
            special ? AddedTokens.Kind.SPECIAL : AddedTokens.Kind.ORDINARY,
            normalised ? AddedTokens.Matching.NORMALISED : AddedTokens.Matching.RAW);
    }

    /// The piece that a template puts in front of a text.
    private static @Nullable String first(PostProcessor processor) {
        return switch (processor) {
            case PostProcessor.Template t -> t.before().isEmpty() ? null : t.before().getFirst().piece();
            case PostProcessor.Sequence s -> s.steps().stream().map(TokenizerJson::first)
                .filter(p -> p != null).findFirst().orElse(null);
            case PostProcessor.TrimSpaces _ -> null;
        };
    }
}
