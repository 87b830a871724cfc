package clew.app;

import clew.model.token.Token;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Objects on one line each, as the verbs write them, and the strict reader of jsonl lines.
final class JsonText {
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();

    private JsonText() {}

    /// `{"name":…, …}\n`; without a name where there is none.
    static byte[] object(@Nullable String name, Consumer<JsonGenerator> members) {
        var json = new ByteArrayOutputStream();
        try (var g = MAPPER.createGenerator(json)) {
            g.writeStartObject();
            if (name != null) text(g, "name", name);
            members.accept(g);
            g.writeEndObject();
        }
        json.write('\n');
        return json.toByteArray();
    }

    static void text(JsonGenerator g, String name, @Nullable String text) {
        if (text == null) g.writeNullProperty(name);
        else g.writeStringProperty(name, unicode(text));
    }

    static void ids(JsonGenerator g, String name, int[] ids) {
        g.writeArrayPropertyStart(name);
        for (int id : ids) g.writeNumber(id);
        g.writeEndArray();
    }

    static void tokens(JsonGenerator g, String name, List<Token> tokens) {
        g.writeArrayPropertyStart(name);
        for (var t : tokens) {
            g.writeStartObject();
            g.writeNumberProperty("index", t.index());
            g.writeNumberProperty("id", t.id());
            text(g, "text", t.text());
            text(g, "piece", t.piece());
            g.writeNumberProperty("start", t.start());
            g.writeNumberProperty("end", t.end());
            g.writeBooleanProperty("special", t.special());
            g.writeEndObject();
        }
        g.writeEndArray();
    }

    /// A number without a point where it needs none.
    static String number(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
    }

    /// Half a surrogate pair has no UTF-8; it becomes U+FFFD.
    private static String unicode(String text) {
        return text.codePoints().map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}
