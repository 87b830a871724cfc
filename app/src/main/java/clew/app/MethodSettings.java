package clew.app;

import clew.attribution.Aggregate;
import clew.attribution.Baseline;
import clew.attribution.Fusion;
import clew.attribution.Neuron;
import clew.attribution.Quadrature;
import clew.attribution.Removal;
import clew.engine.rule.Recipe;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The settings of all methods: each is read, so that a wrong one is noticed whichever method is asked for.
record MethodSettings(Given given, RuleSet rules, Optional<Baseline> chosen, int steps, Quadrature quadrature,
                      Optional<Aggregate> aggregate, Optional<Neuron> neuron, Fusion fusion) {
    /// The largest number of draws.
    private static final int MOST = 1_000_000;

    static MethodSettings of(Given given) {
        var quadrature = given.oneOf(Key.QUADRATURE, List.of(Quadrature.values()), Quadrature::label,
            Quadrature.GAUSS_LEGENDRE);
        var settings = new MethodSettings(given, given.value(Key.RULES).map(MethodSettings::rules)
            .orElse(RuleSets.ATTN_LRP),
            given.text(Key.BASELINE).map(text -> UsageException.unless(() -> Baseline.named(text))),
            given.number(Key.STEPS, quadrature.least(), 100_000).orElse(50), quadrature,
            given.value(Key.AGGREGATE)
                .map(a -> Given.named(a.name(), a.text(), List.of(Aggregate.values()), Aggregate::label)),
            given.value(Key.NEURON).map(n -> UsageException.unless(() -> Neuron.named(n.text()))),
            given.oneOf(Key.FUSION, List.of(Fusion.values()), Fusion::label, Fusion.MEAN));
        settings.samples(1);
        settings.orders();
        settings.coalitions();
        settings.removal();
        settings.stride();
        settings.seed();
        settings.noise();
        settings.tolerance();
        settings.discard();
        settings.threshold();
        return settings;
    }

    /// A named rule set, or a file of rules.
    private static RuleSet rules(Given.Value given) {
        var named = RuleSets.named().stream().filter(r -> r.name().equals(given.text())).findFirst();
        if (named.isPresent()) return named.get();
        try {
            var file = Path.of(given.text());
            if (!Files.isRegularFile(file)) throw neither(given);
            var text = Files.readString(file);
            return UsageException.unless(() -> Recipe.parse(given.text(), text));
        } catch (InvalidPathException _) {
            throw neither(given);
        } catch (IOException e) {
            throw new UsageException(given.name() + ": '" + given.text() + "' cannot be read as text in UTF-8");
        }
    }

    private static UsageException neither(Given.Value given) {
        var known = RuleSets.named().stream().map(RuleSet::name).collect(Collectors.joining(", "));
        return new UsageException(given.name() + ": '" + given.text()
            + "' is neither a rule set nor a file that exists; the rule sets are " + known);
    }

    Baseline baseline() {
        return chosen.orElseGet(Baseline.Zero::new);
    }

    /// GIM compares with the space token, every other rule set with nothing.
    Baseline relevanceBaseline() {
        return rules.name().equals(RuleSets.GIM.name()) ? chosen.orElseGet(Baseline.Space::new) : new Baseline.Zero();
    }

    String hook(MethodName method) {
        return given.text(Key.HOOK).orElseThrow(() -> new UsageException(method.label() + " needs --hook NAME;"
            + " clew inspect --hooks lists the names"));
    }

    Neuron neuron(MethodName method) {
        return neuron.orElseThrow(() -> new UsageException(method.label() + " needs --neuron HOOK:TOKEN:UNIT, such as"
            + " blocks.0.mlp.hook_post:-1:17"));
    }

    int samples(int otherwise) {
        return given.number(Key.SAMPLES, 1, MOST).orElse(otherwise);
    }

    /// Every order takes as many passes as there are features, so that there may be fewer of them than of samples.
    int orders() {
        return given.number(Key.ORDERS, 1, MOST).orElse(samples(200));
    }

    int coalitions() {
        return given.number(Key.COALITIONS, 1, MOST).orElse(samples(500));
    }

    /// A template whose slots have texts in their place is removed by those.
    Removal removal() {
        var template = Slots.of(given);
        if (given.has(Key.SLOT_BASELINE)) return new Removal.Texts(template.orElseThrow());
        return given.value(Key.REMOVAL)
            .map(r -> UsageException.unless(() -> Removal.named(r.text(), seed()))).orElseGet(Removal.Usual::new);
    }

    int window() {
        return given.number(Key.WINDOW, 1, MOST).orElse(3);
    }

    int stride() {
        return given.number(Key.STRIDE, 1, window()).orElse(1);
    }

    long seed() {
        return given.number(Key.SEED, 0, Integer.MAX_VALUE).orElse(0);
    }

    double noise() {
        return given.real(Key.NOISE, 1e-9, 1e3).orElse(0.15);
    }

    double tolerance() {
        return given.real(Key.TOLERANCE, 0, 0.999).orElse(0);
    }

    double discard() {
        return given.real(Key.DISCARD, 0, 0.999).orElse(0);
    }

    double threshold() {
        return given.real(Key.THRESHOLD, 0, 0.999).orElse(0.01);
    }
}
