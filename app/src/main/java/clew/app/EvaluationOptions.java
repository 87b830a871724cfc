package clew.app;

import clew.attribution.evaluation.Agreement;
import clew.attribution.evaluation.Evaluation;
import clew.attribution.evaluation.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How explanations are judged.
final class EvaluationOptions {
    static final String RANDOMISATION = "randomisation", ALL = "all";

    @Option(names = "--metrics", paramLabel = "NAME,…",
        description = "docs/evaluating.md explains them; all, or by default all but randomisation, for"
            + " compare the cheap ones")
    @Nullable String metrics;

    @Option(names = "--draws", paramLabel = "N",
        description = "random rankings of each prompt to compare with; 20 by default")
    @Nullable String draws;

    @Option(names = "--perturbations", paramLabel = "N",
        description = "moved inputs that max-sensitivity explains a prompt at, 3 by default")
    @Nullable String perturbations;

    @Option(names = "--agreement-top", paramLabel = "N",
        description = "tokens at the top whose overlap is part of the agreement of two methods, 3 by default")
    @Nullable String agreementTop;

    @Option(names = "--replacement-id", paramLabel = "N",
        description = "the id that stands in for a token; by default the padding token, or 0")
    @Nullable String replacement;

    @Option(names = "--remove-all",
        description = "replace special tokens, a chat template's and the explained row's too; they stay by default")
    boolean removeAll;

    /// Of the random rankings and of the metrics that draw; methods that draw have 0 where none is given.
    long seed(Given given) {
        return given.number(Key.SEED, 0, Integer.MAX_VALUE).orElse(1);
    }

    int draws() {
        return draws == null ? 20 : Given.whole("--draws", draws, 1, 10_000);
    }

    int top() {
        return agreementTop == null ? Agreement.TOP : Given.whole("--agreement-top", agreementTop, 1, 10_000);
    }

    int perturbations() {
        return perturbations == null ? 3 : Given.whole("--perturbations", perturbations, 1, 1000);
    }

    /// The metrics asked for, in their own order; what [#RANDOMISATION] needs is left to who has a model.
    ///
    /// @param usual the names that stand for none named, or all
    List<Metric> metrics(long seed, Set<String> usual) {
        var all = Evaluation.standard(seed, perturbations());
        if (ALL.equals(metrics)) return all;
        if (metrics == null)
            return all.stream().filter(m -> usual.isEmpty() || usual.contains(m.name())).toList();
        var names = names();
        return all.stream().filter(m -> names.contains(m.name())).toList();
    }

    boolean wantsRandomisation() {
        return metrics != null && (metrics.equals(ALL) || names().contains(RANDOMISATION));
    }

    /// @throws UsageException if one is unknown
    private Set<String> names() {
        var known = new ArrayList<>(Evaluation.standard(0, 1).stream().map(Metric::name).toList());
        known.add(RANDOMISATION);
        var named = Arrays.stream(String.valueOf(metrics).split(",", -1)).map(String::strip)
            .map(name -> Given.named("--metrics", name, known, n -> n)).toList();
        return Set.copyOf(named);
    }
}
