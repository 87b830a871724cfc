package clew.attribution;

import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Run;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// `(1/n_i) Σ_{W ∋ i} (f(x) − f(x without W))` — removal of a sliding window W of features; i gets the mean over the
/// n_i windows that cover it (Zeiler & Fergus 2014; averaged as Captum does).
///
/// Windows start at 0, `stride`, 2·`stride`, …; the last may be cut short by the end. With a window of 1 this is
/// [Ablation].
public record Occlusion(Removal removal, int window, int stride) implements JointMethod {
    public Occlusion {
        if (window < 1) throw new IllegalArgumentException("an occlusion window has at least 1 token, not " + window);
        if (stride < 1 || stride > window)
            throw new IllegalArgumentException("stride " + stride + " of a window of " + window
                + " would leave tokens out; take one from 1 to the window");
    }

    @Override
    public String name() {
        return "occlusion";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        if (groups.size() < window)
            throw new ModelException("an occlusion window of " + window + " does not fit " + groups.size()
                + (groups.size() == 1 ? " feature" : " features") + "; take a smaller one");
        new Ablation(removal).require(model, groups);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return windows(groups.size());
    }

    private int windows(int features) {
        return Math.ceilDiv(features - window, stride) + 1;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, Groups groups) {
        var work = new Explanation(run, targets);
        var drops = drops(run, targets, groups, work);
        var G = groups.size();
        var scores = new double[targets.size()][];
        for (int t = 0; t < scores.length; t++) {
            double[] sum = new double[G], covered = new double[G];
            for (int w = 0; w < drops[t].length; w++)
                for (int g = w * stride; g < Math.min(G, w * stride + window); g++) {
                    sum[g] += drops[t][w];
                    covered[g]++;
                }
            for (int g = 0; g < G; g++) sum[g] /= covered[g];
            scores[t] = groups.atFirst(sum, run.pass().tokens());
        }
        var parameters = Map.<String, Object>of("removal", removal.toString(), "window", window, "stride", stride);
        return work.removed(name(), parameters, scores, new double[0][]);
    }

    /// `f(x) − f(x without W)` of every window, in their order: `[targets][windows]`.
    public double[][] regions(Run run, List<Explained> targets, Groups groups) {
        return drops(run, targets, groups, new Explanation(run, targets));
    }

    private double[][] drops(Run run, List<Explained> targets, Groups groups, Explanation work) {
        require(run.model(), groups);
        var game = new PromptGame(run, targets, groups, removal);
        var sets = new ArrayList<BitSet>();
        IntStream.range(0, windows(groups.size())).forEach(w -> {
            var gone = new BitSet();
            gone.set(w * stride, Math.min(groups.size(), w * stride + window));
            sets.add(game.without(gone));
        });
        var values = game.values(sets);
        work.evaluated(game.sequences());
        var out = new double[targets.size()][sets.size()];
        for (int t = 0; t < out.length; t++)
            for (int w = 0; w < sets.size(); w++) out[t][w] = targets.get(t).value() - values[w][t];
        return out;
    }
}
