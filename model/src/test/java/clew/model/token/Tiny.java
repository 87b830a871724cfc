package clew.model.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Two small tokenizers of our own, written to a folder as tokenizer.json.
final class Tiny {
    private static final Map<String, ?> BYTE_LEVEL =
        Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true);

    private Tiny() {}

    /// All 256 bytes, a few merges, `<|end|>` (256 + 5) special, BOS by template.
    static String byteLevel() {
        var vocab = new TreeMap<String, Integer>();
        for (int b = 0; b < 256; b++) vocab.put(spelled((byte) b), b);
        var merges = List.of(List.of("t", "h"), List.of("th", "e"), List.of("Ġ", "the"), List.of("l", "l"),
            List.of("Ã", "©"));
        int next = 256;
        for (var merge : merges) vocab.put(String.join("", merge), next++);
        return json(vocab, merges, Map.of(
            "added_tokens", List.of(special(next, "<|end|>")),
            "pre_tokenizer", BYTE_LEVEL,
            "post_processor", template("<|end|>", next),
            "decoder", BYTE_LEVEL), Map.of());
    }

    /// SentencePiece's way: `▁` for spaces, `<0x..>` for what is missing.
    static String byteFallback() {
        var vocab = new TreeMap<String, Integer>(Map.of("<unk>", 0, "<s>", 1, "</s>", 2));
        for (int b = 0; b < 256; b++) vocab.put("<0x%02X>".formatted(b), 3 + b);
        var merges = List.of(List.of("▁", "a"), List.of("▁a", "b"), List.of("b", "a"));
        for (var piece : List.of("▁", "a", "b", "é", "▁a", "▁ab", "ba")) vocab.put(piece, vocab.size());
        return json(vocab, merges, Map.of(
            "added_tokens", List.of(special(1, "<s>")),
            "normalizer", Map.of("type", "Sequence", "normalizers", List.of(Map.of("type", "Prepend", "prepend", "▁"),
                Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", "▁"))),
            "post_processor", template("<s>", 1),
            "decoder", Map.of("type", "Sequence", "decoders", List.of(
                Map.of("type", "Replace", "pattern", Map.of("String", "▁"), "content", " "),
                Map.of("type", "ByteFallback"), Map.of("type", "Fuse"),
                Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0)))),
            Map.of("type", "BPE", "byte_fallback", true, "fuse_unk", true, "unk_token", "<unk>"));
    }

    static Tokenizer open(Path folder, String json) {
        try {
            Files.writeString(folder.resolve("tokenizer.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Tokenizer.open(folder);
    }

    private static String spelled(byte b) {
        for (char c = 0; c < 0x180; c++) {
            var back = ByteAlphabet.bytes(String.valueOf(c));
            if (back != null && back[0] == b) return String.valueOf(c);
        }
        throw new AssertionError("byte " + b + " has no character");
    }

    private static Map<String, ?> special(int id, String content) {
        return Map.of("id", id, "content", content, "single_word", false, "lstrip", false, "rstrip", false,
            "normalized", false, "special", true);
    }

    private static Map<String, ?> template(String piece, int id) {
        return Map.of("type", "TemplateProcessing",
            "single", List.of(Map.of("SpecialToken", Map.of("id", piece, "type_id", 0)),
                Map.of("Sequence", Map.of("id", "A", "type_id", 0))),
            "pair", List.of(),
            "special_tokens", Map.of(piece, Map.of("id", piece, "ids", List.of(id), "tokens", List.of(piece))));
    }

    private static String json(Map<String, Integer> vocab, List<List<String>> merges, Map<String, ?> parts,
            Map<String, ?> settings) {
        var model = new TreeMap<String, Object>(settings);
        model.put("vocab", vocab);
        model.put("merges", new ArrayList<>(merges));
        var all = new TreeMap<String, Object>(parts);
        all.put("model", model);
        return Peer.MAPPER.writeValueAsString(all);
    }
}
