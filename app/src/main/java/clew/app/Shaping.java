package clew.app;

import clew.attribution.Attribution;
import clew.attribution.Deviations;
import clew.attribution.Groups;
import clew.attribution.Regions;
import clew.attribution.render.Normalize;
import clew.model.LanguageModel;
import clew.model.token.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A result as the request wants it: with the prompt's own tokens and offsets, without special tokens and those of
/// a chat's template, those of one group added up, scaled.
///
/// @param groups the tokens that stay; those of a group have one score
/// @param T      how many tokens there are
record Shaping(ExplainRequest request, Groups groups, List<Token> tokens, int T) {
    /// @throws UsageException if special tokens are to be left out and nothing says which those are
    static Shaping of(ExplainRequest request, LanguageModel model, Prompt prompt) {
        var skips = request.details().contains(ExplainRequest.Detail.SKIP_SPECIAL);
        if (skips && model.tokenizer().isEmpty()) throw Reader.needed(model.path(), Key.SKIP_SPECIAL.option());
        var reads = request.group() == Group.WORD || request.group() == Group.SENTENCE;
        if (reads && model.tokenizer().isEmpty()) throw Reader.needed(model.path(), Key.GROUP.option());
        var tokens = prompt.encoding().tokens();
        var skipped = request.skip().positions(tokens.size());
        IntStream.range(0, tokens.size()).filter(i -> skips && (tokens.get(i).special() || prompt.isTemplate(i)))
            .forEach(skipped::set);
        if (skipped.cardinality() == tokens.size())
            throw new UsageException(skips && request.skip().all().isEmpty()
                ? "every token of the prompt is special" + (prompt.roles().isEmpty() ? "" : " or the template's")
                    + "; leave " + Key.SKIP_SPECIAL.option() + " out"
                : "every token of the prompt is skipped; leave one in");
        var groups = request.template().map(t -> UsageException.unless(() -> t.groups(tokens)))
            .orElseGet(() -> request.merge().in(request.group().of(prompt), tokens.size())).without(skipped);
        var merged = groups.members().stream()
            .map(g -> named(request.group().merged(g, prompt, model.tokenizer()), request, tokens)).toList();
        return new Shaping(request, groups, merged, tokens.size());
    }

    /// Of a slot the piece is its name.
    private static Token named(Token slot, ExplainRequest request, List<Token> tokens) {
        if (request.template().isEmpty()) return slot;
        var template = request.template().get();
        var all = template.groups(tokens).members();
        var at = IntStream.range(0, all.size())
            .filter(i -> Arrays.stream(all.get(i)).anyMatch(t -> t == slot.index())).findFirst().orElseThrow();
        return new Token(slot.index(), slot.id(), slot.text(), template.slots().get(at).name(), slot.start(),
            slot.end(), slot.special());
    }

    /// @param joint whether a group was explained as one, and has its score at its first token
    Attribution apply(Attribution a, boolean joint, List<String> hints) {
        var wantsFeatures = request.details().contains(ExplainRequest.Detail.FEATURES);
        double[][] raw = new double[a.scores().length][], scores = raw.clone();
        for (int t = 0; t < raw.length; t++) {
            raw[t] = columns(a.scores()[t], 1);
            scores[t] = request.normalize().of(raw[t]);
        }
        var drawn = request.normalize().of(a.diagnostics().drawn().sums(groups), raw);
        var warnings = new ArrayList<>(a.warnings());
        warnings.addAll(hints);
        warnings.addAll(unknown(a, drawn));
        if (wantsFeatures && a.features() == null)
            warnings.add(a.method().name() + (a.sequence() == null || joint ? " has no features"
                : " has no features, or they take more memory than is kept for a continuation"));
        return new Attribution(a.model(), method(a.method()), tokens, a.targets(), a.texts(), scores,
            wantsFeatures ? features(a.features()) : null, positions(a.positions()), map(a.map()),
            a.diagnostics().with(drawn), warnings, sequence(a.sequence())).beside(regions(a.regions()));
    }

    /// Which errors are left out although something was drawn.
    ///
    /// @param drawn what is known of the shaped scores
    private List<String> unknown(Attribution a, Deviations drawn) {
        if (!a.diagnostics().drawn().isKnown()) return List.of();
        if (!drawn.isKnown())
            return List.of("the draws were too many numbers to keep, so the standard errors of merged tokens are left"
                + " out");
        return a.sequence() == null || a.targets().size() == 1 || request.normalize() == Normalize.NONE ? List.of()
            : List.of(Key.NORMALIZE.option() + " divides each token's scores by a number of its own, so the standard"
                + " error of the continuation's sum is left out");
    }

    private @Nullable Regions regions(@Nullable Regions all) {
        return all == null || !request.details().contains(ExplainRequest.Detail.REGIONS) ? null : all.in(groups);
    }

    /// What was done to the scores is one of the method's parameters.
    private Attribution.Method method(Attribution.Method m) {
        var parameters = new TreeMap<>(m.parameters());
        if (request.normalize() != Normalize.NONE)
            parameters.put(Key.NORMALIZE.property(), request.normalize().label());
        if (request.group() != Group.TOKEN) parameters.put(Key.GROUP.property(), request.group().label());
        request.template().ifPresent(t -> t.slots().forEach(s -> parameters.put("slot " + s.name(), s.value()
            + (Objects.equals(m.parameters().get(Key.REMOVAL.property()), "texts") ? " → " + s.instead() : ""))));
        for (var spans : List.of(request.merge(), request.skip()))
            if (!spans.all().isEmpty()) parameters.put(spans == request.merge() ? Key.MERGE.property()
                : Key.SKIP.property(), spans.text());
        if (request.details().contains(ExplainRequest.Detail.SKIP_SPECIAL))
            parameters.put(Key.SKIP_SPECIAL.property(), true);
        return new Attribution.Method(m.name(), parameters);
    }

    private Attribution.@Nullable Sequence sequence(Attribution.@Nullable Sequence s) {
        return s == null ? null
            : new Attribution.Sequence(s.tokens(), s.text(), request.normalize().of(columns(s.scores(), 1)),
                s.earlier());
    }

    private int[] members(int group) {
        return groups.members().get(group);
    }

    private double[][] positions(double[][] all) {
        var out = new double[all.length][];
        for (int t = 0; t < out.length; t++) out[t] = columns(all[t], 1);
        return out;
    }

    private double @Nullable [][] features(double @Nullable [][] all) {
        if (all == null) return null;
        var out = new double[all.length][];
        for (int t = 0; t < out.length; t++) out[t] = columns(all[t], all[t].length / T);       // [T, D]
        return out;
    }

    /// Keys of a group add up; its queries are averaged, so that the rows of a pattern still sum to 1.
    private double @Nullable [] map(double @Nullable [] map) {
        if (map == null) return null;
        int G = groups.size();
        var out = new double[G * G];
        for (int q = 0; q < G; q++)
            for (int k = 0; k < G; k++) {
                double sum = 0;
                for (int i : members(q)) for (int j : members(k)) sum += map[i * T + j];
                out[q * G + k] = sum / members(q).length;
            }
        return out;
    }

    /// Stretches of `width` each, added up for every group.
    private double[] columns(double[] all, int width) {
        var out = new double[groups.size() * width];
        for (int g = 0; g < groups.size(); g++)
            for (int i : members(g))
                for (int d = 0; d < width; d++) out[g * width + d] += all[i * width + d];
        return out;
    }
}
