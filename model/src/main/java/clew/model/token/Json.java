package clew.model.token;

import clew.weights.JsonTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// Strict JSON from files that nobody vouches for: one value, no duplicate keys, bounded size and depth.
final class Json {
    private static final int LONGEST_MESSAGE = 400;
    private static final long LARGEST_FILE = 256L << 20;               // the largest known tokenizer.json has 35 MB

    /// More than any tokenizer, and shallow enough for every stack that reads what nests.
    static final int DEEPEST = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
        .build();

    private static final JsonTrees TREES = new JsonTrees(FACTORY);

    private Json() {}

    /// What `reader` makes of the file's bytes; whatever it refuses is refused with the file's name in front.
    static <T> T read(Path file, Function<byte[], T> reader) {
        try {
            return reader.apply(bytes(file));
        } catch (JacksonException e) {
            var why = ": is not valid JSON (" + e.getOriginalMessage() + "); fetch it again";
            throw new IllegalArgumentException(file + why, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    /// Pieces of a hostile file may be long and hold line breaks; a message is one line of bounded length.
    private static String oneLine(String message) {
        var out = new StringBuilder();
        message.codePoints().limit(LONGEST_MESSAGE).forEach(c -> {
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) out.append("\\u%04x".formatted(c));
            else                                                        out.appendCodePoint(c);
        });
        return out.append(message.codePointCount(0, message.length()) > LONGEST_MESSAGE ? "…" : "").toString();
    }

    static JsonNode tree(byte[] bytes) {
        try (var parser = FACTORY.createParser(TREES, bytes)) {
            @Nullable JsonNode tree = parser.readValueAsTree();
            if (tree == null) throw new IllegalArgumentException("holds no JSON value");
            if (parser.nextToken() != null) throw new IllegalArgumentException("has more than one JSON value");
            return tree;
        }
    }

    static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) throw new IllegalArgumentException(
                "has " + Files.size(file) + " bytes, more than any tokenizer file (limit " + LARGEST_FILE + ")");
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": is not there; fetch it from the model's repository", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
