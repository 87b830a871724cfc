package clew.app;

import clew.attribution.Aggregate;
import clew.attribution.Attention;
import clew.attribution.AttributionMethod;
import clew.attribution.Baseline;
import clew.attribution.Explained;
import clew.attribution.InputXGradient;
import clew.attribution.IntegratedGradients;
import clew.attribution.Lrp;
import clew.attribution.Quadrature;
import clew.attribution.Saliency;
import clew.attribution.Target;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Pass;
import clew.model.Run;
import clew.model.token.Tokenizer;
import clew.training.world.Example;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Do methods find the token that a model retrieves? Held-out passages whose answer stands in them exactly once.
///
/// Tokens but the first, which begins every text, are ranked by signed score. *Found*: where the logit of the answer's
/// first token is explained, the token of the passage that is to be retrieved is among the top three.
/// *Comprehensiveness*: where the logit of the likeliest token ŷ is explained, `1 − p(ŷ | top k replaced)/p(ŷ)`, the
/// mean over k = 1, 3, 5, the replacement being the padding token. A random ranking is drawn [#DRAWS] times for each
/// prompt.
final class RetrievalStudy {
    private static final int[] REMOVED = {1, 3, 5};
    private static final int TOP = 3;
    private static final int DRAWS = 20;

    /// The 97.5 % quantile of the normal distribution.
    private static final double Z = 1.959964;

    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final int replacement;

    RetrievalStudy(LanguageModel model) {
        this.model = model;
        this.tokenizer = model.tokenizer().orElseThrow(() ->
            new ModelException(model.path() + " has no tokenizer files; the study needs them"));
        this.replacement = Baseline.pad(model).orElse(0);
    }

    /// A mean over the prompts and half the width of its 95 % interval.
    record Mean(double value, double half) {
        static Mean of(List<Double> samples) {
            var mean = samples.stream().mapToDouble(d -> d).average().orElseThrow();
            var sum = samples.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
            return new Mean(mean, Z * Math.sqrt(sum / Math.max(1, samples.size() - 1) / samples.size()));
        }
    }

    /// @param found             the share of prompts whose retrieved token is among the top three
    /// @param comprehensiveness its mean
    /// @param gain              of the same over the random ranking of the same prompts; for that ranking, nothing
    record Row(String ranking, Mean found, Mean comprehensiveness, Mean gain) {}

    /// One ranking on one prompt.
    private record Outcome(double found, double comprehensiveness) {}

    /// A prompt with its answer's first token, the position of the token to be retrieved, ŷ and p(ŷ).
    private record Prompt(int[] ids, int answer, int evidence, int top, double p) {}

    /// Positions, the most relevant first: for the answer, and for ŷ.
    private record Ranking(List<Integer> answer, List<Integer> top) {}

    /// One row for each method, the last for the random ranking.
    List<Row> rows(List<Example> examples) {
        var prompts = examples.stream().map(this::prompt).toList();
        var random = new Random(1);
        var chance = prompts.stream().map(p -> chance(p, random)).toList();
        var rows = new ArrayList<Row>();
        for (var method : methods())
            rows.add(row(method.name() + (method instanceof Lrp lrp ? " (" + lrp.rules().name() + ")" : ""),
                prompts.stream().map(p -> outcome(p, ranking(p, method))).toList(), chance));
        rows.add(row("random", chance, chance));
        return rows;
    }

    private static List<AttributionMethod> methods() {
        return List.of(new Lrp(), new Saliency(), new InputXGradient(),
            new IntegratedGradients(new Baseline.Mean(), 50, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM),
            new Attention());
    }

    private static Row row(String ranking, List<Outcome> outcomes, List<Outcome> chance) {
        var gains = IntStream.range(0, outcomes.size())
            .mapToObj(i -> outcomes.get(i).comprehensiveness - chance.get(i).comprehensiveness).toList();
        return new Row(ranking, Mean.of(outcomes.stream().map(Outcome::found).toList()),
            Mean.of(outcomes.stream().map(Outcome::comprehensiveness).toList()), Mean.of(gains));
    }

    private Prompt prompt(Example example) {
        var tokens = tokenizer.encode(example.prompt()).tokens();
        var at = example.evidence().getFirst().from();
        var evidence = IntStream.range(0, tokens.size())
            .filter(t -> tokens.get(t).start() <= at && at < tokens.get(t).end()).findFirst().orElseThrow();
        var ids = tokenizer.encode(example.prompt()).ids();
        var answer = tokenizer.encodePlain(example.answer()).ids()[0];
        try (var run = model.run(Pass.of(ids).forgetting())) {
            var top = Target.top().on(run).getFirst().id();
            return new Prompt(ids, answer, evidence, top, probability(run, top));
        }
    }

    private static double probability(Run run, int id) {
        return Math.exp(Explained.logSoftmax(run.logits(0, run.pass().tokens() - 1))[id]);
    }

    private Ranking ranking(Prompt prompt, AttributionMethod method) {
        try (var run = model.run(Pass.of(prompt.ids).hooks(Attention.PATTERNS))) {
            var targets = Stream.of(prompt.answer, prompt.top).flatMap(id -> Target.id(id).on(run).stream()).toList();
            var scores = method.explain(run, targets).scores();
            return new Ranking(positions(scores[0]), positions(scores[1]));
        }
    }

    private static List<Integer> positions(double[] scores) {
        return IntStream.range(1, scores.length).boxed()
            .sorted(Comparator.comparingDouble((Integer t) -> -scores[t])).toList();
    }

    private Outcome outcome(Prompt prompt, Ranking ranking) {
        var sum = 0.0;
        for (int k : REMOVED) {
            var ids = prompt.ids.clone();
            for (int t : ranking.top.subList(0, Math.min(k, ranking.top.size()))) ids[t] = replacement;
            try (var run = model.run(Pass.of(ids).forgetting())) {
                sum += 1 - probability(run, prompt.top) / prompt.p;
            }
        }
        return new Outcome(ranking.answer.indexOf(prompt.evidence) < TOP ? 1 : 0, sum / REMOVED.length);
    }

    private Outcome chance(Prompt prompt, Random random) {
        var ranking = new ArrayList<>(IntStream.range(1, prompt.ids.length).boxed().toList());
        double found = 0, comprehensiveness = 0;
        for (int i = 0; i < DRAWS; i++) {
            Collections.shuffle(ranking, random);
            var outcome = outcome(prompt, new Ranking(ranking, ranking));
            found += outcome.found / DRAWS;
            comprehensiveness += outcome.comprehensiveness / DRAWS;
        }
        return new Outcome(found, comprehensiveness);
    }
}
