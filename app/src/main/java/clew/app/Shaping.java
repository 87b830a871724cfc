package clew.app;

import clew.attribution.Attribution;
import clew.attribution.render.Normalize;
import clew.model.LanguageModel;
import clew.model.token.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A result as the request wants it: with the prompt's own tokens and offsets, without special tokens and those of
/// a chat's template, scaled.
///
/// @param kept the tokens that stay, by index
record Shaping(Set<ExplainRequest.Detail> details, Normalize normalize, List<Token> tokens, int[] kept) {
    /// @throws UsageException if special tokens are to be left out and nothing says which those are
    static Shaping of(ExplainRequest request, LanguageModel model, Prompt prompt) {
        var skips = request.details().contains(ExplainRequest.Detail.SKIP_SPECIAL);
        if (skips && model.tokenizer().isEmpty()) throw Reader.needed(model.path(), Key.SKIP_SPECIAL.option());
        var tokens = prompt.encoding().tokens();
        var kept = IntStream.range(0, tokens.size())
            .filter(i -> !skips || !tokens.get(i).special() && !prompt.isTemplate(i)).toArray();
        if (kept.length == 0)
            throw new UsageException("every token of the prompt is special" + (prompt.roles().isEmpty() ? ""
                : " or the template's") + "; leave " + Key.SKIP_SPECIAL.option() + " out");
        return new Shaping(request.details(), request.normalize(), tokens, kept);
    }

    Attribution apply(Attribution a, List<String> hints) {
        var T = tokens.size();
        var wantsFeatures = details.contains(ExplainRequest.Detail.FEATURES);
        var scores = new double[a.scores().length][];
        for (int t = 0; t < scores.length; t++) scores[t] = normalize.of(columns(a.scores()[t], 1));
        var warnings = new ArrayList<>(a.warnings());
        warnings.addAll(hints);
        if (wantsFeatures && a.features() == null) warnings.add(a.method().name() + " has no features");
        return new Attribution(a.model(), method(a.method()), IntStream.of(kept).mapToObj(tokens::get).toList(),
            a.targets(),
            a.texts(), scores, wantsFeatures ? features(a.features(), T) : null, map(a.map(), T), a.diagnostics(),
                warnings);
    }

    /// What was done to the scores is one of the method's parameters.
    private Attribution.Method method(Attribution.Method m) {
        var parameters = new TreeMap<>(m.parameters());
        if (normalize != Normalize.NONE) parameters.put(Key.NORMALIZE.property(), normalize.label());
        if (details.contains(ExplainRequest.Detail.SKIP_SPECIAL)) parameters.put(Key.SKIP_SPECIAL.property(), true);
        return new Attribution.Method(m.name(), parameters);
    }

    private double @Nullable [][] features(double @Nullable [][] all, int T) {
        if (all == null) return null;
        var out = new double[all.length][];
        for (int t = 0; t < out.length; t++) out[t] = columns(all[t], all[t].length / T);       // [T, D]
        return out;
    }

    private double @Nullable [] map(double @Nullable [] map, int T) {
        if (map == null) return null;
        var out = new double[kept.length * kept.length];
        for (int i = 0; i < out.length; i++) out[i] = map[kept[i / kept.length] * T + kept[i % kept.length]];
        return out;
    }

    /// The kept tokens' stretches of `width` each.
    private double[] columns(double[] all, int width) {
        var out = new double[kept.length * width];
        for (int i = 0; i < kept.length; i++) System.arraycopy(all, kept[i] * width, out, i * width, width);
        return out;
    }
}
