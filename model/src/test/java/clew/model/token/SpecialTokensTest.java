package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokenizer and chat template hear of the same special tokens, from the files that transformers 5 reads.
final class SpecialTokensTest {
    @TempDir
    Path dir;

    private Map<String, String> read(String config, String map) throws IOException {
        Files.writeString(dir.resolve("tokenizer_config.json"), config);
        Files.writeString(dir.resolve("special_tokens_map.json"), map);
        return SpecialTokens.of(dir).texts();
    }

    @Test
    void theOlderFileCountsInOlderDirectories() throws IOException {
        assertEquals(Map.of(), SpecialTokens.of(dir).texts());
        var config = "{\"bos_token\": \"<s>\", \"eos_token\": null%s}";
        var map = "{\"bos_token\": {\"content\": \"<b>\"}, \"eos_token\": \"</b>\"}";
        assertEquals(Map.of("bos_token", "<b>", "eos_token", "</b>"), read(config.formatted(""), map));
        assertEquals(Map.of("bos_token", "<s>"), read(config.formatted(", \"added_tokens_decoder\": {}"), map));
        Files.delete(dir.resolve("tokenizer_config.json"));
        assertEquals(Map.of("bos_token", "<b>", "eos_token", "</b>"), SpecialTokens.of(dir).texts());
    }

    @Test
    void theTokenizerHasTheRolesOfTheTemplate() throws IOException {
        Files.writeString(dir.resolve("tokenizer.json"), Tiny.byteFallback());
        read("{\"bos_token\": \"<unk>\"}", "{\"bos_token\": \"<s>\"}");
        var tokenizer = Tokenizer.open(dir);
        assertEquals("<s>", tokenizer.piece(tokenizer.bosId().orElseThrow()));
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (var wrong : new String[] {"3", "[]", "{}", "{\"content\": 3}"})
            assertThrows(IllegalArgumentException.class, () -> read("{\"bos_token\": " + wrong + "}", "{}"), wrong);
    }
}
