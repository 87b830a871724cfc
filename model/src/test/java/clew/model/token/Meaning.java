package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a tokenizer.json means: what texts become, spelled as `hf_tokenizers.py` and `tokenizer_keys.py` spell it.
final class Meaning {
    private static final String REFUSED = "refused";

    private Meaning() {}

    /// The bytes as a folder's tokenizer.json. In a new file: some file systems bring one that is cut short and written
    /// again to the disk at once, which takes far longer than all the rest.
    static Path write(Path folder, byte[] bytes) {
        var file = folder.resolve("tokenizer.json");
        try {
            Files.deleteIfExists(file);
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What every text becomes; nothing if the file is refused, which takes one sentence with the file's name.
    static List<String> of(Path file, List<String> texts) {
        Tokenizer tokenizer;
        try {
            tokenizer = Tokenizer.open(file.getParent());
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().indexOf('\n') < 0, e::getMessage);
            return List.of();
        }
        return texts.stream().map(text -> row(tokenizer, text)).toList();
    }

    /// What the other library made of a text: a list, or not one where it refused the text.
    static String shown(JsonNode row) {
        return row.isArray() ? row.toString() : REFUSED;
    }

    private static String row(Tokenizer tokenizer, String text) {
        try {
            var encoding = tokenizer.encode(text);
            var offsets = encoding.tokens().stream().map(t -> List.of(t.start(), t.end())).toList();
            return Peer.MAPPER.writeValueAsString(List.of(encoding.ids(), offsets, tokenizer.encodePlain(text).ids(),
                tokenizer.decode(encoding.ids()), tokenizer.decodeSkipSpecial(encoding.ids())));
        } catch (IllegalArgumentException _) {
            return REFUSED;
        }
    }
}
