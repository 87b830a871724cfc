package clew.model.token;

import clew.model.token.Tokenizer.Roles;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the tokenizer of a model directory.
final class TokenizerFiles {
    private TokenizerFiles() {}

    static Tokenizer open(Path directory) {
        var json = directory.resolve("tokenizer.json");
        var vocab = directory.resolve("vocab.json");
        var merges = directory.resolve("merges.txt");
        if (Files.exists(json)) {
            var read = Json.read(json, TokenizerJson::read);
            var own = new Roles(read.first(), null, null, read.unknown());
            return new Tokenizer(read.parts(), Roles.of(SpecialTokens.of(directory)).or(own));
        }
        if (Files.exists(vocab) && Files.exists(merges)) return Gpt2Files.open(directory);
        var model = directory.resolve("tokenizer.model");
        if (Files.exists(model)) return OriginalFiles.open(model);
        throw new IllegalArgumentException(directory + ": has no tokenizer.json, no vocab.json with merges.txt and no"
            + " tokenizer.model; save one with transformers' AutoTokenizer.save_pretrained");
    }
}
