package clew.model.token;

import clew.model.token.PreTokenizer.Prefix;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads vocab.json and merges.txt, GPT-2's original pair. Other tokenizers use files of these names with other
/// rules; what names another family is refused.
final class Gpt2Files {
    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final Set<String> CLASSES = Set.of("GPT2Tokenizer", "GPT2TokenizerFast");
    private static final Set<String> FAMILIES = Set.of("gpt2", "gpt_neo", "gptj");

    private Gpt2Files() {}

    static Tokenizer open(Path directory) {
        requireFamily(directory.resolve("config.json"));
        var added = directory.resolve("added_tokens.json");
        if (Files.exists(added)) throw new IllegalArgumentException(
            added + ": is not read; save a tokenizer.json with transformers' AutoTokenizer.save_pretrained");
        var config = Optional.of(directory.resolve("tokenizer_config.json")).filter(Files::exists);
        return read(directory.resolve("vocab.json"), directory.resolve("merges.txt"), config);
    }

    static Tokenizer read(Path vocab, Path merges, Optional<Path> config) {
        var vocabulary = Json.read(vocab, Gpt2Files::vocabulary);
        var table = Json.read(merges, bytes -> merges(vocabulary, bytes));
        var settings = config.map(file -> Json.read(file, bytes -> settings(Json.tree(bytes))))
            .orElse(new Part(JsonNodeFactory.instance.objectNode(), "the file"));
        var roles = Tokenizer.Roles.of(SpecialTokens.of(config, merges.resolveSibling("special_tokens_map.json")));
        var named = Stream.of(roles.bos(), roles.eos(), roles.unk(), roles.pad()).filter(Objects::nonNull).toList();
        Normalizer none = new Normalizer.Sequence(List.of());
        var prefix = settings.flagOrNull("add_prefix_space", Part.Default.FALSE) ? Prefix.ALWAYS : Prefix.NEVER;
        return new Tokenizer(new Tokenizer.Parts(
            new AddedTokens(added(settings, vocabulary, named), none), none,
            new PreTokenizer.ByteLevel(prefix, List.of(Finder.Expression.of(PreTokenizer.GPT2))),
            Bpe.of(vocabulary, table, Bpe.DROPPED, EnumSet.noneOf(Bpe.Option.class)),
            new PostProcessor.Sequence(List.of()), new Decoder.ByteLevel()), roles);
    }

    private static Vocabulary vocabulary(byte[] bytes) {
        var cursor = new JsonCursor(bytes);
        var vocabulary = ModelReader.vocabulary(cursor);
        cursor.needEnd();
        return vocabulary;
    }

    private static MergeTable merges(Vocabulary vocabulary, byte[] bytes) {
        var builder = new MergeTable.Builder(vocabulary);
        int line = 0;
        for (var text : text(bytes).stripTrailing().split("\r?\n")) {
            line++;
            if (text.startsWith("#version") || text.isEmpty() && line == 1) continue;
            var utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (!builder.addWritten(utf8, 0, utf8.length))
                throw new IllegalArgumentException("line " + line + " is not two pieces with a space between");
        }
        return builder.build();
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8; fetch it again", e);
        }
    }

    private static Part settings(JsonNode tree) {
        var part = new Part(tree, "the file");
        if (part.has("tokenizer_class") && !CLASSES.contains(part.string("tokenizer_class")))
            throw new IllegalArgumentException("names the tokenizer " + part.string("tokenizer_class")
                + ", which needs a tokenizer.json; save one with transformers' AutoTokenizer.save_pretrained");
        if (part.flagOrNull("add_bos_token", Part.Default.FALSE))
            throw part.wrong("add_bos_token", "false; save a tokenizer.json that adds the token");
        return part;
    }

    private static void requireFamily(Path config) {
        if (!Files.exists(config)) return;
        var part = Json.read(config, bytes -> new Part(Json.tree(bytes), "the file"));
        if (part.has("model_type") && !FAMILIES.contains(part.string("model_type")))
            throw new IllegalArgumentException(config + ": names the family " + part.string("model_type")
                + ", which needs a tokenizer.json; save one with transformers' AutoTokenizer.save_pretrained");
    }

    /// `added_tokens_decoder` as it stands, or else the named roles and the end of text as special tokens.
    private static List<AddedTokens.Added> added(Part settings, Vocabulary vocabulary, List<String> named) {
        var added = new ArrayList<AddedTokens.Added>();
        if (settings.has("added_tokens_decoder")) return addedTokens(settings);
        var specials = new LinkedHashSet<>(named);
        specials.add(END_OF_TEXT);
        for (var content : specials) if (vocabulary.id(content) >= 0)
            added.add(AddedTokens.Added.special(vocabulary.id(content), content));
        return added;
    }

    /// The tokens of tokenizer_config.json's `added_tokens_decoder`.
    static List<AddedTokens.Added> addedTokens(Part settings) {
        var decoder = settings.part("added_tokens_decoder");
        return decoder.node().properties().stream()
            .map(entry -> TokenizerJson.added(decoder.part(entry.getKey()), id(decoder, entry.getKey()))).toList();
    }

    private static int id(Part decoder, String key) {
        if (!key.matches("\\d{1,8}")) throw decoder.wrong(key, "named by an id");
        return Integer.parseInt(key);
    }
}
