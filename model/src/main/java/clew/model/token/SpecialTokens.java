package clew.model.token;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tokens that a model directory names for a role, by the names of the roles: `bos_token`, `eos_token`, …
///
/// As Hugging Face reads them: tokenizer_config.json's, and over them special_tokens_map.json's where the directory is
/// old, so that its tokenizer_config.json has no `added_tokens_decoder`.
public record SpecialTokens(Map<String, String> texts) {
    private static final List<String> NAMES = List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token",
        "cls_token", "mask_token");
    private static final String CONFIG = "tokenizer_config.json", MAP = "special_tokens_map.json";

    public SpecialTokens {
        texts = Map.copyOf(texts);
    }

    /// Those of a directory; files that are not there say nothing.
    ///
    /// @throws IllegalArgumentException if a file is damaged, or a role is neither a text nor an object with a
    ///     `content`
    public static SpecialTokens of(Path directory) {
        return of(Optional.of(directory.resolve(CONFIG)), directory.resolve(MAP));
    }

    static SpecialTokens of(Optional<Path> config, Path map) {
        var texts = new LinkedHashMap<String, String>();
        var settings = config.filter(Files::exists).map(SpecialTokens::part);
        settings.ifPresent(part -> add(part, texts));
        var old = settings.filter(part -> part.has("added_tokens_decoder")).isEmpty();
        if (old && Files.exists(map)) add(part(map), texts);
        return new SpecialTokens(texts);
    }

    private static Part part(Path file) {
        return Json.read(file, bytes -> new Part(Json.tree(bytes), "the file"));
    }

    private static void add(Part part, Map<String, String> texts) {
        for (var name : NAMES) if (part.has(name)) texts.put(name, text(part, name));
    }

    /// A role is a string or an object with its content.
    private static String text(Part part, String name) {
        return part.node().get(name).isString() ? part.string(name) : part.part(name).string("content");
    }

    @Nullable String text(String name) {
        return texts.get(name);
    }
}
