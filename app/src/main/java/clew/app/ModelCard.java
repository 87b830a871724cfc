package clew.app;

import clew.attribution.Baseline;
import clew.attribution.render.Visible;
import clew.model.HookPoint;
import clew.model.LanguageModel;
import clew.model.Spec;
import clew.model.token.Tokenizer;
import clew.weights.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// What there is to know about a model without running it.
///
/// @param roles `bos`, `eos` and `pad` with the ids that the files name for them
/// @param hooks empty unless asked for
/// @param hash  SHA-256 of the weights, if asked for
record ModelCard(Path path, Spec spec, Map<String, Long> dtypes, long parameters, long bytes,
    Optional<String> tokenizer,
                 Map<String, Set<Integer>> roles, String fingerprint, List<HookPoint> hooks, Optional<String> hash) {
    /// What is only told when asked for.
    enum Extra { HOOKS, HASH }

    static ModelCard of(LanguageModel model, Set<Extra> extras) {
        var files = model.checkpoint();
        return new ModelCard(model.path(), model.spec(), files.dtypes(), files.parameters(), files.bytes(),
            model.tokenizer().map(Tokenizer::kind), roles(model), model.fingerprint(),
            extras.contains(Extra.HOOKS) ? model.family().hooks() : List.of(),
            extras.contains(Extra.HASH) ? Optional.of(files).map(Checkpoint::hash) : Optional.empty());
    }

    private static Map<String, Set<Integer>> roles(LanguageModel model) {
        var bos = new TreeSet<>(model.config().ids("bos_token_id"));
        if (bos.isEmpty()) add(bos, model.tokenizer().map(Tokenizer::bosId));
        var pad = new TreeSet<Integer>();
        add(pad, Optional.of(Baseline.pad(model)));
        return Map.of("bos", bos, "eos", new TreeSet<>(OwnSettings.of(model).ends()), "pad", pad);
    }

    private static void add(Set<Integer> ids, Optional<OptionalInt> id) {
        id.ifPresent(known -> known.ifPresent(ids::add));
    }

    byte[] json() {
        return JsonText.object(null, g -> {
            JsonText.text(g, "path", path.toString());
            g.writeStringProperty("family", spec.family());
            sizes(g);
            g.writeObjectPropertyStart("dtypes");
            dtypes.forEach((type, elements) -> number(g, type, elements));
            g.writeEndObject();
            number(g, "parameters", parameters);
            number(g, "bytes", bytes);
            JsonText.text(g, "tokenizer", tokenizer.orElse(null));
            for (var role : ROLES)
                JsonText.ids(g, role, roles.getOrDefault(role, Set.of()).stream().mapToInt(i -> i).toArray());
            g.writeBooleanProperty("tied", spec.head() instanceof Spec.Head.Tied);
            if (spec.head() instanceof Spec.Head.Classes(var labels)) labels(g, labels);
            rope(g);
            number(g, "positions", spec.positions());
            g.writeStringProperty("fingerprint", fingerprint);
            hash.ifPresent(h -> g.writeStringProperty("sha256", h));
            if (!hooks.isEmpty()) hooks(g);
        });
    }

    private static final List<String> ROLES = List.of("bos", "eos", "pad");

    private void sizes(JsonGenerator g) {
        number(g, "layers", spec.layers());
        number(g, "width", spec.width());
        number(g, "heads", spec.heads());
        number(g, "kvHeads", spec.kvHeads());
        number(g, "headWidth", spec.headWidth());
        number(g, "hidden", spec.hidden());
        number(g, "vocabulary", spec.vocabulary());
    }

    private static void labels(JsonGenerator g, List<String> labels) {
        g.writeArrayPropertyStart("labels");
        for (var label : labels) g.writeString(label);
        g.writeEndArray();
    }

    private void rope(JsonGenerator g) {
        var rope = spec.rope();
        if (rope == null) {
            g.writeNullProperty("rope");
            return;
        }
        g.writeObjectPropertyStart("rope");
        JsonText.text(g, "kind", rope.kind());
        g.writeName("theta");
        g.writeNumber(rope.theta());
        g.writeEndObject();
    }

    private void hooks(JsonGenerator g) {
        g.writeArrayPropertyStart("hooks");
        for (var hook : hooks) {
            g.writeStartObject();
            g.writeStringProperty("name", hook.name());
            g.writeStringProperty("shape", hook.letters());
            g.writeEndObject();
        }
        g.writeEndArray();
    }

    private static void number(JsonGenerator g, String name, long value) {
        g.writeName(name);
        g.writeNumber(value);
    }

    String text() {
        var out = new StringBuilder();
        line(out, "model", Visible.of(path.toString()));
        line(out, "family", spec.family());
        line(out, "layers L", spec.layers());
        line(out, "width D", spec.width());
        line(out, "heads H", spec.heads());
        line(out, "key heads K", spec.kvHeads());
        line(out, "head width d", spec.headWidth());
        line(out, "hidden F", spec.hidden());
        line(out, "vocabulary V", spec.vocabulary());
        line(out, "positions", spec.positions() + ", " + positions());
        line(out, "head", switch (spec.head()) {
            case Spec.Head.Tied _              -> "tied to the embeddings";
            case Spec.Head.Own _               -> "its own matrix";
            case Spec.Head.Classes(var labels) -> "classes " + Visible.of(String.join(", ", labels));
        });
        line(out, "dtype", dtypes.entrySet().stream()
            .map(e -> dtypes.size() == 1 ? e.getKey() : e.getKey() + " × " + grouped(e.getValue()))
            .collect(Collectors.joining(", ")));
        line(out, "parameters", grouped(parameters));
        line(out, "bytes", grouped(bytes));
        line(out, "tokenizer", tokenizer.orElse("none"));
        for (var role : ROLES) line(out, role, roles.getOrDefault(role, Set.of()).stream().map(String::valueOf)
            .collect(Collectors.joining(", ")));
        line(out, "fingerprint", fingerprint);
        hash.ifPresent(h -> line(out, "sha256", h));
        if (!hooks.isEmpty()) out.append('\n');
        var widest = hooks.stream().mapToInt(h -> h.name().length()).max().orElse(0);
        for (var hook : hooks) out.append(hook.name()).append(" ".repeat(widest - hook.name().length() + 2))
            .append(hook.letters()).append('\n');
        return out.toString();
    }

    private String positions() {
        var rope = spec.rope();
        return rope == null ? "learned" : "RoPE " + Visible.of(rope.kind()) + ", θ = " + rope.theta();
    }

    private static String grouped(long number) {
        return "%,d".formatted(number).replace(',', ' ');
    }

    private static void line(StringBuilder out, String name, Object value) {
        var text = value.toString();
        out.append("%-14s%s\n".formatted(name, text.isEmpty() ? "none" : text));
    }
}
