package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Contrast;
import clew.attribution.Explained;
import clew.attribution.Ledger;
import clew.attribution.Provenance;
import clew.attribution.Regions;
import clew.attribution.render.SafeTensorsFormat.Features;
import clew.model.token.Token;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// `{"schema":"clew.attribution/1", …}` — one object per explanation, floats in full precision.
///
/// Every double reads back as the same double; a number that is not finite is null. Text without a counterpart in UTF-8
/// (half a surrogate pair) becomes U+FFFD.
///
/// @param features whether `features`, `[targets, T, D]`, are written where the method has them
public record JsonFormat(Layout layout, Particulars particulars, Features features) implements Renderer {
    /// The version of the keys' meaning.
    public static final String SCHEMA = "clew.attribution/1";

    private static final JsonMapper MAPPER = new JsonMapper();

    /// How the object is laid out; both end with a line feed.
    public enum Layout {
        /// On one line, for JSON lines.
        LINE,
        /// One line for each key, token, target and row of scores.
        PAGE
    }

    /// What the program around an explanation knows.
    ///
    /// @param name      the input's name, or null to leave the key out
    /// @param peakBytes the most memory in use, or null where nobody measured
    public record Particulars(@Nullable String name, @Nullable Long peakBytes) {
        public static final Particulars NONE = new Particulars(null, null);
    }

    /// One line per explanation.
    public static JsonFormat compact() {
        return new JsonFormat(Layout.LINE, Particulars.NONE, Features.LEFT_OUT);
    }

    /// For a reader.
    public static JsonFormat pretty() {
        return new JsonFormat(Layout.PAGE, Particulars.NONE, Features.LEFT_OUT);
    }

    /// The same with these particulars.
    public JsonFormat with(Particulars other) {
        return new JsonFormat(layout, other, features);
    }

    @Override
    public void write(Attribution a, OutputStream out) throws IOException {
        var json = new ByteArrayOutputStream();
        var writer = layout == Layout.LINE ? MAPPER.writer() : MAPPER.writer().with(new JsonPage());
        try (var g = writer.createGenerator(json)) {
            object(g, a);
        }
        json.write('\n');
        json.writeTo(out);
    }

    private void object(JsonGenerator g, Attribution a) {
        g.writeStartObject();
        g.writeStringProperty("schema", SCHEMA);
        if (particulars.name() != null) text(g, "name", particulars.name());
        g.writeObjectPropertyStart("model");
        text(g, "path", a.model().path().toString());
        text(g, "family", a.model().family());
        text(g, "fingerprint", a.model().fingerprint());
        g.writeEndObject();
        g.writeObjectPropertyStart("method");
        text(g, "name", a.method().name());
        g.writeObjectPropertyStart("parameters");
        a.method().parameters().forEach((name, value) -> parameter(g, name, value));
        g.writeEndObject();
        g.writeEndObject();
        array(g, "tokens", a.tokens(), t -> token(g, t));
        g.writeArrayPropertyStart("targets");
        for (int i = 0; i < a.targets().size(); i++) target(g, a.targets().get(i), a.target(i));
        g.writeEndArray();
        array(g, "scores", List.of(a.scores()), row -> numbers(g, row));
        var all = a.features();
        if (features == Features.KEPT && all != null)
            array(g, "features", List.of(all), target -> rows(g, target, a.tokens().size()));
        if (a.positions().length > 0) array(g, "positions", List.of(a.positions()), row -> numbers(g, row));
        var table = a.regions();
        if (table != null) regions(g, table);
        sequence(g, a.sequence());
        diagnostics(g, a);
        var from = a.model().provenance();
        if (from != null) provenance(g, from);
        array(g, "warnings", a.warnings(), w -> g.writeString(Visible.wellFormed(w)));
        g.writeEndObject();
    }

    private static void regions(JsonGenerator g, Regions regions) {
        g.writeObjectPropertyStart("regions");
        array(g, "spans", regions.spans(), span -> {
            g.writeStartArray();
            g.writeNumber(span[0]);
            g.writeNumber(span[1]);
            g.writeEndArray();
        });
        array(g, "scores", List.of(regions.scores()), row -> numbers(g, row));
        g.writeEndObject();
    }

    private static void sequence(JsonGenerator g, Attribution.@Nullable Sequence s) {
        if (s == null) {
            g.writeNullProperty("sequence");
            return;
        }
        g.writeName("sequence");
        numbers(g, s.scores());
        array(g, "continuation", s.tokens(), t -> {
            g.writeStartObject();
            identity(g, t);
            g.writeBooleanProperty("special", t.special());
            g.writeEndObject();
        });
        g.writeName("continuationShare");
        numbers(g, s.shares());
        array(g, "continuationScores", List.of(s.earlier()), row -> numbers(g, row));
    }

    static void provenance(JsonGenerator g, Provenance p) {
        g.writeObjectPropertyStart("provenance");
        text(g, "weights", p.weights());
        if (p.tokenizer() == null) g.writeNullProperty("tokenizer");
        else text(g, "tokenizer", p.tokenizer());
        text(g, "clew", p.clew());
        text(g, "java", p.java());
        text(g, "device", p.device());
        text(g, "dtype", p.dtype());
        g.writeEndObject();
    }

    private static void token(JsonGenerator g, Token t) {
        g.writeStartObject();
        identity(g, t);
        offset(g, "start", t.start());
        offset(g, "end", t.end());
        g.writeBooleanProperty("special", t.special());
        g.writeEndObject();
    }

    private static void identity(JsonGenerator g, Token t) {
        g.writeNumberProperty("index", t.index());
        g.writeNumberProperty("id", t.id());
        text(g, "text", t.text());
        text(g, "piece", t.piece());
    }

    private static void target(JsonGenerator g, Explained t, String text) {
        g.writeStartObject();
        g.writeNumberProperty("position", t.position());
        g.writeNumberProperty("id", t.id());
        text(g, "text", text);
        g.writeStringProperty("score", t.score().label());
        number(g, "value", t.value());
        if (t.contrast() instanceof Contrast.None) g.writeNullProperty("contrast");
        else g.writeStringProperty("contrast", t.contrast().toString());
        g.writeNumberProperty("rank", t.rank());
        g.writeEndObject();
    }

    private void diagnostics(JsonGenerator g, Attribution a) {
        var d = a.diagnostics();
        g.writeObjectPropertyStart("diagnostics");
        if (!d.convergenceDelta().isEmpty())
            array(g, "convergenceDelta", d.convergenceDelta(), v -> number(g, v));
        if (!d.ledgers().isEmpty()) array(g, "ledger", d.ledgers(), l -> ledger(g, l));
        if (d.drawn().isKnown()) {
            array(g, "standardError", List.of(d.standardErrors()), row -> numbers(g, row));
            array(g, "interval", List.of(d.drawn().intervals(a.scores())), row -> pairs(g, row));
        }
        var sum = d.drawn().together();
        var sequence = a.sequence();
        if (sequence != null && sum.isKnown()) {
            g.writeName("sequenceStandardError");
            numbers(g, sum.errors()[0]);
            g.writeName("sequenceInterval");
            pairs(g, sum.intervals(new double[][] {sequence.scores()})[0]);
        }
        d.figures().forEach((name, perTarget) -> {
            g.writeName(name);
            numbers(g, perTarget);
        });
        g.writeNumberProperty("evaluations", d.evaluations());
        number(g, "seconds", d.seconds());
        if (particulars.peakBytes() == null) g.writeNullProperty("peakBytes");
        else g.writeNumberProperty("peakBytes", particulars.peakBytes());
        g.writeEndObject();
    }

    private static void ledger(JsonGenerator g, Ledger l) {
        g.writeStartObject();
        number(g, "explained", l.explained());
        number(g, "tokens",    l.tokens());
        number(g, "positions", l.positions());
        number(g, "biases",    l.biases());
        number(g, "softmax",   l.softmax());
        if (l.edits() != 0) number(g, "edits", l.edits());
        number(g, "epsilon",   l.epsilon());
        if (l.past() != 0) number(g, "past", l.past());
        number(g, "closure",   l.closure());
        g.writeEndObject();
    }

    private static void parameter(JsonGenerator g, String name, Object value) {
        switch (value) {
            case Boolean b               -> g.writeBooleanProperty(name, b);
            case Integer i               -> g.writeNumberProperty(name, i);
            case Long l                  -> g.writeNumberProperty(name, l);
            case Number n                -> number(g, name, n.doubleValue());
            default                      -> text(g, name, value.toString());
        }
    }

    private static <E> void array(JsonGenerator g, String name, List<E> elements, Consumer<E> each) {
        g.writeArrayPropertyStart(name);
        elements.forEach(each);
        g.writeEndArray();
    }

    /// `[T·D]` as T arrays of D.
    private static void rows(JsonGenerator g, double[] all, int T) {
        g.writeStartArray();
        for (int t = 0; t < T; t++) numbers(g, Arrays.copyOfRange(all, all.length / T * t, all.length / T * (t + 1)));
        g.writeEndArray();
    }

    private static void numbers(JsonGenerator g, double[] row) {
        g.writeStartArray();
        for (double v : row) number(g, v);
        g.writeEndArray();
    }

    private static void pairs(JsonGenerator g, double[][] row) {
        g.writeStartArray();
        for (double[] pair : row) numbers(g, pair);
        g.writeEndArray();
    }

    private static void number(JsonGenerator g, String name, double v) {
        g.writeName(name);
        number(g, v);
    }

    private static void number(JsonGenerator g, double v) {
        if (Double.isFinite(v)) g.writeNumber(v);
        else g.writeNull();
    }

    private static void offset(JsonGenerator g, String name, int at) {
        if (at < 0) g.writeNullProperty(name);
        else g.writeNumberProperty(name, at);
    }

    private static void text(JsonGenerator g, String name, String text) {
        g.writeStringProperty(name, Visible.wellFormed(text));
    }
}
