package clew.app;

import clew.attribution.Aggregate;
import clew.attribution.Attention;
import clew.attribution.AttributionMethod;
import clew.attribution.Baseline;
import clew.attribution.InputXGradient;
import clew.attribution.IntegratedGradients;
import clew.attribution.Lrp;
import clew.attribution.Quadrature;
import clew.attribution.Saliency;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The methods by the names of the command line.
enum MethodName {
    SALIENCY, INPUT_X_GRADIENT, INTEGRATED_GRADIENTS, LRP, ATTENTION;

    /// One line for a list of methods.
    String definition() {
        return switch (this) {
            case SALIENCY             -> "‖∂f/∂e‖ of the token's embedding e";
            case INPUT_X_GRADIENT     -> "Σ e · ∂f/∂e";
            case INTEGRATED_GRADIENTS -> "Σ (e − e′) · ∫ ∂f/∂e, baseline e′ to e (--baseline --steps --quadrature)";
            case LRP                  -> "Σ e · g, the gradient g modified at every operation (--rules)";
            case ATTENTION            -> "mean attention of the explained row, over layers and heads";
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The methods asked for, in that order; LRP if none is.
    static List<MethodName> of(Given given) {
        if (!given.has(Key.METHOD)) return List.of(LRP);
        var name = given.name(Key.METHOD);
        var methods = given.list(Key.METHOD).stream()
            .map(text -> Given.named(name, text, List.of(values()), MethodName::label)).toList();
        if (methods.isEmpty()) throw new UsageException(name + " names no method; known are "
            + String.join(", ", Arrays.stream(values()).map(MethodName::label).toList()));
        if (methods.stream().distinct().count() < methods.size())
            throw new UsageException(name + " names a method twice; name it once");
        return methods;
    }

    /// The options of all methods: each is read, so that a wrong one is noticed whichever method is asked for.
    record Settings(RuleSet rules, Baseline baseline, int steps, Quadrature quadrature, Optional<Aggregate> aggregate) {
        static Settings of(Given given) {
            var quadrature = given.oneOf(Key.QUADRATURE, List.of(Quadrature.values()), Quadrature::label,
                Quadrature.GAUSS_LEGENDRE);
            return new Settings(given.oneOf(Key.RULES, RuleSets.named(), RuleSet::name, RuleSets.ATTN_LRP),
                given.text(Key.BASELINE).map(text -> UsageException.unless(() -> Baseline.named(text)))
                    .orElse(new Baseline.Zero()),
                given.number(Key.STEPS, quadrature == Quadrature.RIEMANN_TRAPEZOID ? 2 : 1, 100_000).orElse(50),
                quadrature, given.value(Key.AGGREGATE)
                    .map(a -> Given.named(a.name(), a.text(), List.of(Aggregate.values()), Aggregate::label)));
        }
    }

    /// The options given that none of the methods asked for reads.
    static List<String> idle(Given given) {
        var methods = of(given);
        return SETTINGS.stream().filter(key -> given.has(key) && methods.stream().noneMatch(m -> m.reads(key)))
            .map(given::name).toList();
    }

    private static final List<Key> SETTINGS =
        List.of(Key.RULES, Key.BASELINE, Key.STEPS, Key.QUADRATURE, Key.AGGREGATE);

    private boolean reads(Key key) {
        return switch (this) {
            case SALIENCY, INPUT_X_GRADIENT -> key == Key.AGGREGATE;
            case INTEGRATED_GRADIENTS       -> key != Key.RULES;
            case LRP                        -> key == Key.AGGREGATE || key == Key.RULES;
            case ATTENTION                  -> false;
        };
    }

    AttributionMethod with(Settings s) {
        var aggregate = s.aggregate.orElse(this == SALIENCY ? Aggregate.L2 : Aggregate.SUM);
        return switch (this) {
            case SALIENCY             -> new Saliency(aggregate);
            case INPUT_X_GRADIENT     -> new InputXGradient(aggregate);
            case INTEGRATED_GRADIENTS -> new IntegratedGradients(s.baseline, s.steps, s.quadrature, aggregate);
            case LRP                  -> new Lrp(s.rules, aggregate);
            case ATTENTION            -> new Attention();
        };
    }
}
