package clew.attribution;

import clew.engine.kernel.Heads;
import clew.engine.rule.RuleSet;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import clew.model.ModelException;
import clew.model.Run;
import java.util.HashSet;
import java.util.List;

/// `A ⊙ ∇A` with `∇A = g_z Vᵀ` — the relevance of every attention edge, per layer and head.
///
/// ∇A is the cotangent of the pattern before the SHARE factor, under CP-LRP too, although nothing flows on from there.
/// Summed over a head's query–key pairs it equals `Σ z ⊙ g_z`, so totals need no T×T matrix.
///
/// @param edges  `[L][H·T·T]`
/// @param totals `[L][H]`
public record HeadRelevance(double[][] edges, double[][] totals) {
    /// What a run must declare.
    public static final List<String> HOOKS =
        List.of("blocks.*.attn.hook_pattern", "blocks.*.attn.hook_v", "blocks.*.attn.hook_z");

    /// Under a rule set, or `RuleSets.GRADIENT` for plain attention × gradient.
    ///
    /// @throws ModelException if the run did not declare [#HOOKS]
    public static HeadRelevance of(Run run, Explained target, RuleSet rules) {
        var s = run.model().spec();
        var T = run.pass().tokens();
        var wanted = new HashSet<Value>();
        for (int l = 0; l < s.layers(); l++) wanted.add(run.value(at(l, "z")));
        var seed = Run.Seed.of(target.position(), target.derivative(run.logits(0, target.position())));
        var back = run.backward(List.of(seed), rules, wanted);
        double[][] edges = new double[s.layers()][], totals = new double[s.layers()][s.heads()];
        for (int l = 0; l < s.layers(); l++) {
            Value z = run.value(at(l, "z")), v = run.value(at(l, "v"));
            var pattern = run.value(at(l, "pattern")).tensor().toDoubles();                     // [H, T, T]
            edges[l] = new double[pattern.length];
            if (!back.reached(z)) continue;
            var g = back.of(z);
            var heads = Heads.causal(s.heads(), s.kvHeads(), s.headWidth(), T);
            var slope = run.model().kernels().score(g.g(), v.tensor(), heads, 1, g.rows());     // [H·n, T]
            spread(slope, g.rows().count(), s.heads(), T, pattern, edges[l]);
            for (int i = 0; i < edges[l].length; i++) totals[l][i / (T * T)] += edges[l][i];
        }
        return new HeadRelevance(edges, totals);
    }

    private static void spread(Tensor slope, int n, int heads, int T, double[] pattern, double[] out) {
        var g = slope.toDoubles();
        for (int h = 0; h < heads; h++)
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= i; j++) {
                    var edge = (h * T + i) * T + j;
                    out[edge] = pattern[edge] * g[(h * n + i) * T + j];
                }
    }

    private static String at(int layer, String what) {
        return "blocks." + layer + ".attn.hook_" + what;
    }
}
