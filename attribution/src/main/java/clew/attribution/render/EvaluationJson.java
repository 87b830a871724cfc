package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.evaluation.Mean;
import clew.attribution.evaluation.Report;
import clew.attribution.evaluation.Summary;
import clew.attribution.evaluation.Verdict;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// `{"schema":"clew.evaluation/1", …}` on one line; a number that is not finite is null.
public record EvaluationJson() {
    /// The version of the keys' meaning.
    public static final String SCHEMA = "clew.evaluation/1";

    private static final JsonMapper MAPPER = new JsonMapper();

    /// The object and a line feed.
    public byte[] bytes(Report r) {
        var json = new ByteArrayOutputStream();
        try (var g = MAPPER.createGenerator(json)) {
            write(g, r);
        }
        json.write('\n');
        return json.toByteArray();
    }

    private static void write(JsonGenerator g, Report r) {
        var s = r.summary();
        g.writeStartObject();
        g.writeStringProperty("schema", SCHEMA);
        g.writeObjectPropertyStart("model");
        g.writeStringProperty("path", Visible.wellFormed(r.model().path().toString()));
        g.writeStringProperty("family", r.model().family());
        g.writeStringProperty("fingerprint", r.model().fingerprint());
        g.writeEndObject();
        var from = r.model().provenance();
        if (from != null) JsonFormat.provenance(g, from);
        values(g, "settings", r.settings());
        g.writeNumberProperty("prompts", s.prompts());
        g.writeArrayPropertyStart("metrics");
        for (var m : s.metrics()) {
            g.writeStartObject();
            g.writeStringProperty("name", m.name());
            g.writeStringProperty("better", m.better().name().toLowerCase(Locale.ROOT));
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeArrayPropertyStart("methods");
        for (var row : s.methods()) method(g, row, s, r.methods());
        g.writeEndArray();
        chance(g, s);
        g.writeObjectPropertyStart("agreement");
        matrix(g, "spearman", s.agreements().spearman());
        matrix(g, "kendall", s.agreements().kendall());
        matrix(g, "top" + s.agreements().top(), s.agreements().overlap());
        g.writeEndObject();
        g.writeArrayPropertyStart("verdicts");
        for (var v : r.verdicts()) verdict(g, v, s);
        g.writeEndArray();
        g.writeEndObject();
    }

    private static void method(JsonGenerator g, Summary.Row row, Summary s, Map<String, Attribution.Method> methods) {
        g.writeStartObject();
        text(g, "label", row.label());
        var method = methods.get(row.label());
        if (method != null) {
            text(g, "name", method.name());
            values(g, "parameters", method.parameters());
        }
        number(g, "seconds", row.seconds());
        named(g, "values", s, k -> mean(g, row.values().get(k)));
        named(g, "gains", s, k -> mean(g, row.gains().get(k)));
        g.writeEndObject();
    }

    private static void chance(JsonGenerator g, Summary s) {
        g.writeObjectPropertyStart("random");
        named(g, "values", s, k -> mean(g, s.chance().values().get(k)));
        named(g, "spread", s, k -> {
            g.writeStartArray();
            number(g, s.chance().spread().get(k).low());
            number(g, s.chance().spread().get(k).high());
            g.writeEndArray();
        });
        g.writeEndObject();
    }

    private static void verdict(JsonGenerator g, Verdict v, Summary s) {
        g.writeStartObject();
        text(g, "name", v.name());
        number(g, "probability", v.probability());
        g.writeArrayPropertyStart("methods");
        for (var ranking : v.rankings()) {
            g.writeStartObject();
            text(g, "label", ranking.label());
            number(g, "seconds", ranking.seconds());
            named(g, "metrics", s, k -> number(g, ranking.metrics()[k]));
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    /// An object with one member per metric.
    private static void named(JsonGenerator g, String name, Summary s, IntConsumer each) {
        g.writeObjectPropertyStart(name);
        for (int k = 0; k < s.metrics().size(); k++) {
            g.writeName(s.metrics().get(k).name());
            each.accept(k);
        }
        g.writeEndObject();
    }

    private static void mean(JsonGenerator g, Mean mean) {
        g.writeStartObject();
        number(g, "mean", mean.value());
        number(g, "half", mean.half());
        g.writeNumberProperty("count", mean.count());
        g.writeEndObject();
    }

    private static void matrix(JsonGenerator g, String name, double[][] rows) {
        g.writeArrayPropertyStart(name);
        for (var row : List.of(rows)) {
            g.writeStartArray();
            for (double v : row) number(g, v);
            g.writeEndArray();
        }
        g.writeEndArray();
    }

    private static void values(JsonGenerator g, String name, Map<String, Object> values) {
        g.writeObjectPropertyStart(name);
        new TreeMap<>(values).forEach((key, value) -> {
            switch (value) {
                case Boolean b -> g.writeBooleanProperty(key, b);
                case Integer i -> g.writeNumberProperty(key, i);
                case Long l    -> g.writeNumberProperty(key, l);
                case Number n  -> number(g, key, n.doubleValue());
                default        -> text(g, key, value.toString());
            }
        });
        g.writeEndObject();
    }

    private static void number(JsonGenerator g, String name, double v) {
        g.writeName(name);
        number(g, v);
    }

    private static void number(JsonGenerator g, double v) {
        if (Double.isFinite(v)) g.writeNumber(v);
        else g.writeNull();
    }

    private static void text(JsonGenerator g, String name, String text) {
        g.writeStringProperty(name, Visible.wellFormed(text));
    }
}
