package clew.model.token;

import clew.model.token.Tokenizer.Roles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the tokenizer of a model directory, and the pieces with a role in it.
final class TokenizerFiles {
    private TokenizerFiles() {}

    static Tokenizer open(Path directory) {
        var json = directory.resolve("tokenizer.json");
        var vocab = directory.resolve("vocab.json");
        var merges = directory.resolve("merges.txt");
        if (Files.exists(json)) {
            var read = Json.read(json, TokenizerJson::read);
            var named = roles(
                List.of(directory.resolve("tokenizer_config.json"), directory.resolve("special_tokens_map.json")));
            return new Tokenizer(read.parts(), named.or(new Roles(read.first(), null, null, read.unknown())));
        }
        if (Files.exists(vocab) && Files.exists(merges)) return Gpt2Files.open(directory);
        var model = directory.resolve("tokenizer.model");
        if (Files.exists(model)) return OriginalFiles.open(model);
        throw new IllegalArgumentException(directory + ": has no tokenizer.json, no vocab.json with merges.txt and no"
            + " tokenizer.model; save one with transformers' AutoTokenizer.save_pretrained");
    }

    /// The roles that the files name, the first file first; files that are not there say nothing.
    static Roles roles(List<Path> files) {
        var roles = new Roles(null, null, null, null);
        for (var file : files) {
            if (!Files.exists(file)) continue;
            var more = Json.read(file, bytes -> roles(new Part(Json.tree(bytes), "the file")));
            roles = roles.or(more);
        }
        return roles;
    }

    private static Roles roles(Part part) {
        return new Roles(
            role(part, "bos_token"), role(part, "eos_token"), role(part, "pad_token"), role(part, "unk_token"));
    }

    /// A role is a string or an object with its content.
    private static @Nullable String role(Part part, String key) {
        if (!part.has(key)) return null;
        return Optional.of(part.node().get(key)).filter(v -> v.isString()).map(v -> v.stringValue())
            .orElseGet(() -> part.part(key).string("content"));
    }
}
