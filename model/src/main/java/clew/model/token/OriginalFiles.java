package clew.model.token;

import clew.model.token.Tokenizer.Roles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;

/// Opens a `tokenizer.model` that stands alone: SentencePiece's protocol buffers or tiktoken's ranks, with what the
/// tokenizer_config.json beside it says. The start of a text is marked unless `add_bos_token` is false.
///
/// SentencePiece's file is read as SentencePiece does; where a `LlamaTokenizer` is named, as that class of transformers
/// does, which puts a space in front where `legacy` and `add_prefix_space` say:
///
/// | | `legacy: true` | else |
/// |---|---|---|
/// | `add_prefix_space: false` | nowhere | nowhere |
/// | else | at every part between special tokens that begins with none | at the beginning of a text that has none |
final class OriginalFiles {
    private static final Set<String> CLASSES = Set.of("LlamaTokenizer", "LlamaTokenizerFast", "GemmaTokenizer",
        "GemmaTokenizerFast", "PreTrainedTokenizerFast");

    private static final List<String> PREFIXING = List.of("legacy", "add_prefix_space");

    private OriginalFiles() {}

    static Tokenizer open(Path model) {
        var config = model.resolveSibling("tokenizer_config.json");
        var added = model.resolveSibling("added_tokens.json");
        var settings = Files.exists(config)
            ? Json.read(config, bytes -> settings(new Part(Json.tree(bytes), "the file")))
            : new Part(JsonNodeFactory.instance.objectNode(), "the file");
        if (Files.exists(added) && !settings.has("added_tokens_decoder")) throw new IllegalArgumentException(
            added + ": is not read; save a tokenizer.json with transformers' AutoTokenizer.save_pretrained");
        var named = Roles.of(
            SpecialTokens.of(Optional.of(config), model.resolveSibling("special_tokens_map.json")));
        return Json.read(model, bytes -> TiktokenFile.isRanks(bytes) ? tiktoken(bytes, settings, named)
            : sentencePiece(read(bytes, settings), settings, named));
    }

    private static Part settings(Part part) {
        if (part.has("tokenizer_class") && !CLASSES.contains(part.string("tokenizer_class")))
            throw new IllegalArgumentException("names the tokenizer " + part.string("tokenizer_class")
                + ", which needs a tokenizer.json; save one with transformers' AutoTokenizer.save_pretrained");
        if (part.flagOrNull("add_eos_token", Part.Default.FALSE))
            throw part.wrong("add_eos_token", "false; save a tokenizer.json that adds the token");
        if (part.flagOrNull("split_special_tokens", Part.Default.FALSE))
            throw part.wrong("split_special_tokens", "false; special tokens are found in every text");
        return part;
    }

    private static SentencePieceFile.Read read(byte[] bytes, Part settings) {
        var reader = settings.has("tokenizer_class") ? settings.string("tokenizer_class").replace("Fast", "") : "";
        return switch (reader) {
            case "LlamaTokenizer" -> SentencePieceFile.readLlama(bytes, prefix(settings));
            case "GemmaTokenizer" -> SentencePieceFile.readGemma(bytes);
            default               -> {
                for (var key : PREFIXING) if (settings.has(key)) throw new IllegalArgumentException(
                    "is not read by a LlamaTokenizer, but '" + key + "' in tokenizer_config.json says something to"
                        + " that only; name it as tokenizer_class, or leave the key out");
                yield SentencePieceFile.read(bytes);
            }
        };
    }

    private static PreTokenizer.Prefix prefix(Part settings) {
        if (!settings.flagOrNull("add_prefix_space", Part.Default.TRUE)) return PreTokenizer.Prefix.NEVER;
        return settings.flagOrNull("legacy", Part.Default.FALSE) ? PreTokenizer.Prefix.ALWAYS
            : PreTokenizer.Prefix.FIRST;
    }

    private static Tokenizer tiktoken(byte[] bytes, Part settings, Roles named) {
        var ranks = TiktokenFile.ranks(bytes);
        var known = TiktokenFile.known(ranks);
        var added = settings.has("added_tokens_decoder") ? Gpt2Files.addedTokens(settings) : known.added();
        var roles = named.or(new Roles(known.first(), null, null, null));
        return TiktokenFile.tokenizer(ranks, known.pattern(), added, template(settings, roles, added), roles);
    }

    private static Tokenizer sentencePiece(SentencePieceFile.Read read, Part settings, Roles named) {
        var roles = named.or(read.roles());
        var added = new ArrayList<>(read.added());
        if (settings.has("added_tokens_decoder")) for (var token : Gpt2Files.addedTokens(settings)) {
            var piece = read.model().vocabulary().piece(token.id());
            if (piece != null && !piece.equals(token.content())) throw new IllegalArgumentException(
                "added token '" + token.content() + "' has the id of the piece '" + piece + "'; correct one of them");
            added.removeIf(known -> known.id() == token.id());
            added.add(token);
        }
        Normalizer raw = new Normalizer.Sequence(List.of());             // added tokens are matched as they are written
        return new Tokenizer(new Tokenizer.Parts(new AddedTokens(added, raw), read.normalizer(),
            read.preTokenizer(), read.model(), template(settings, roles, added), read.decoder()),
            roles);
    }

    private static PostProcessor template(Part settings, Roles roles, List<AddedTokens.Added> added) {
        boolean begins = settings.flagOrNull("add_bos_token", Part.Default.TRUE);
        return PostProcessor.Template.before(begins ? roles.bos() : null, added);
    }
}
