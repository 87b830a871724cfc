package clew.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// Strict JSON: valid UTF-8, no duplicate keys, no comments, nothing after the value, at most 64 levels deep.
public final class Json {
    /// Deeper than any header, config or tokenizer, and shallow enough for every parser's stack.
    static final int MAX_DEPTH = 64;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)       // a header's names come once each
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private static final JsonTrees TREES = new JsonTrees(FACTORY);

    private Json() {}

    /// The whole of a file as a tree.
    ///
    /// @throws WeightsException if the file is missing, longer than `maxBytes`, or not strict JSON
    public static JsonNode tree(Path file, long maxBytes) {
        return read(file, maxBytes, parser -> {
            @Nullable JsonNode tree = parser.readValueAsTree();
            if (tree == null) throw new WeightsException(file + " holds no JSON value; download it again");
            return tree;
        });
    }

    /// What `body` reads from a file's one value, token by token; for files whose tree would be large.
    ///
    /// @throws WeightsException if the file is missing, longer than `maxBytes`, or not strict JSON
    public static <R> R read(Path file, long maxBytes, Function<JsonParser, R> body) {
        if (!Files.exists(file)) throw new WeightsException(file + " does not exist; complete the model directory");
        if (!Files.isRegularFile(file)) throw new WeightsException(file + " is not a file; put one in its place");
        try (var in = Files.newInputStream(file)) {
            var size = Files.size(file);
            if (size > maxBytes)
                throw new WeightsException(file + " has " + size + " bytes where at most " + maxBytes
                        + " are sensible; check that it is the file it is named after");
            return parse(file + "", in, body);
        } catch (IOException e) {
            throw new WeightsException(file + " cannot be read (" + Quote.reason(e) + "); check the file", e);
        }
    }

    /// The same from bytes at hand; `what` names them in messages.
    static <R> R parse(String what, byte[] json, Function<JsonParser, R> body) {
        return parse(what, new ByteArrayInputStream(json), body);
    }

    /// A reader rather than the stream itself: Jackson would guess UTF-16 or UTF-32 and forgive some malformed UTF-8.
    private static <R> R parse(String what, InputStream in, Function<JsonParser, R> body) {
        var text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
        try (var parser = FACTORY.createParser(TREES, text)) {
            var result = body.apply(parser);
            if (parser.nextToken() != null)
                throw new WeightsException(what + " has more than one JSON value; download it again");
            return result;
        } catch (JacksonException e) {
            throw new WeightsException(what + " is not valid " + describe(e) + "; download it again", e);
        }
    }

    private static String describe(JacksonException e) {
        if (e.getCause() instanceof CharacterCodingException) return "UTF-8";
        var at = e.getLocation();
        var message = Quote.line(e.getOriginalMessage().lines().findFirst().orElse(""));
        return at == null ? "JSON (" + message + ")"
                          : "JSON (line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + message + ")";
    }
}
