package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.evaluation.Report;
import java.util.Map;
import java.util.stream.Collectors;

/// What a result was made with, as one line for the forms that have no fields for it: `lrp (aggregate sum, rules
/// attnlrp) · model demo · weights 3f9a… · tokenizer 60c1… · clew 0.1.0 · java 25.0.1 · device simd · dtype stored`.
///
/// Hashes are whole, SHA-256 in hexadecimal, of which a terminal has the first eight digits. Seeds and rule sets are
/// the methods' parameters.
public final class Origin {
    private static final int WHOLE = 64, SHORT = 8;

    private Origin() {}

    /// Of an explanation.
    public static String of(Attribution a) {
        return method(a.method().name(), a.method()) + " · " + model(a.model());
    }

    /// Of several on one prompt, by their labels.
    public static String of(Map<String, Attribution> methods) {
        return methods.entrySet().stream().map(e -> method(e.getKey(), e.getValue().method()))
            .collect(Collectors.joining("; ")) + " · " + model(methods.values().iterator().next().model());
    }

    /// Of an evaluation.
    public static String of(Report r) {
        return r.methods().entrySet().stream().map(e -> method(e.getKey(), e.getValue()))
            .collect(Collectors.joining("; ")) + " · " + EvaluationText.settings(r) + " · " + model(r.model());
    }

    /// Where the methods are told elsewhere.
    static String model(Attribution.Model m) {
        return "model " + Wording.model(m) + " · " + entries(m, WHOLE);
    }

    /// Where the model is told too, and room is scarce.
    static String brief(Attribution.Model m) {
        return entries(m, SHORT);
    }

    private static String method(String label, Attribution.Method m) {
        var parameters = Wording.parameters(m);
        return Visible.of(label) + (parameters.isEmpty() ? "" : " (" + parameters + ")");
    }

    private static String entries(Attribution.Model m, int digits) {
        var from = m.provenance();
        var entries = from == null ? Map.of("weights", m.fingerprint()) : from.entries();
        return entries.entrySet().stream()
            .map(e -> e.getKey() + " " + Visible.of(isHash(e.getValue()) ? e.getValue().substring(0, digits)
                : e.getValue())).collect(Collectors.joining(" · "));
    }

    private static boolean isHash(String text) {
        return text.matches("[0-9a-f]{64}");
    }
}
