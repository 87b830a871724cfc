package clew.attribution;

import clew.model.Run;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Mean over layers and heads of the attention that the explained row pays to each token.
///
/// Says where the model looked, not what it used; the target token plays no part.
public record Attention() implements AttributionMethod {
    /// What a run may declare beforehand, so that it serves this method too.
    public static final String PATTERNS = "blocks.*.attn.hook_pattern";

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var declared = run.pass().hooks().contains(PATTERNS);
        var map = declared ? mean(run) : again(run, work);                                      // [T, T]
        var T = run.pass().tokens();
        var scores = new double[targets.size()][];
        for (int t = 0; t < scores.length; t++)
            scores[t] = Arrays.copyOfRange(map, targets.get(t).position() * T, (targets.get(t).position() + 1) * T);
        return work.result(name(), Map.of(), scores, null, map, List.of(), List.of());
    }

    private static double[] again(Run run, Explanation work) {
        work.evaluated(1);
        try (var once = run.model().run(run.pass().hooks(PATTERNS).forgetting())) {
            return mean(once);
        }
    }

    private static double[] mean(Run run) {
        var s = run.model().spec();
        var T = run.pass().tokens();
        var out = new double[T * T];
        for (int l = 0; l < s.layers(); l++) {
            var p = run.value("blocks." + l + ".attn.hook_pattern").tensor().toDoubles();       // [H, T, T]
            for (int i = 0; i < p.length; i++) out[i % out.length] += p[i] / (s.layers() * s.heads());
        }
        return out;
    }
}
