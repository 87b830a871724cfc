package clew.attribution;

import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Run;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// `(1/n_i) Σ_{W ∋ i} (f(x) − f(x without W))` — removal of a sliding window W of features; i gets the mean over the
/// n_i windows that cover it (Zeiler & Fergus 2014; averaged as Captum does).
///
/// Windows start at 0, `stride`, 2·`stride`, …; the last may be cut short by the end. With a window of 1 this is
/// [Ablation]. What each window took away stands in the result's [Regions].
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
                + (groups.size() == 1 ? " feature" : " features") + "; take a smaller one, 1 at least");
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
        require(run.model(), groups);
        var work = new Explanation(run, targets);
        var games = Games.of(run, targets, groups, removal);
        var parameters = Map.<String, Object>of("window", window, "stride", stride);
        var table = new Tally(targets.size(), windows(groups.size()));
        var drawn = Drawn.of(games, g -> {
            var drops = drops(g, targets);
            table.add(drops);
            return means(drops, g);
        });
        return work.removed(name(), parameters, games, groups, drawn)
            .beside(new Regions(spans(groups), table.means()));
    }

    private List<int[]> spans(Groups groups) {
        var G = groups.size();
        return IntStream.range(0, windows(G)).mapToObj(w -> {
            int[] first = groups.members().get(w * stride);
            int[] last = groups.members().get(Math.min(G, w * stride + window) - 1);
            return new int[] {first[0], last[last.length - 1] + 1};
        }).toList();
    }

    /// Over the windows that cover a feature.
    private double[][] means(double[][] drops, PromptGame game) {
        var G = game.players();
        var means = new double[drops.length][G];
        for (int t = 0; t < means.length; t++) {
            var covered = new int[G];
            for (int w = 0; w < drops[t].length; w++)
                for (int g = w * stride; g < Math.min(G, w * stride + window); g++) {
                    means[t][g] += drops[t][w];
                    covered[g]++;
                }
            for (int g = 0; g < G; g++) means[t][g] /= covered[g];
        }
        return means;
    }

    /// `f(x) − f(x without W)` of every window, in their order: `[targets][windows]`.
    public double[][] regions(Run run, List<Explained> targets, Groups groups) {
        require(run.model(), groups);
        return drops(new PromptGame(run, targets, groups, removal), targets);
    }

    private double[][] drops(PromptGame game, List<Explained> targets) {
        var G = game.players();
        var values = game.values(IntStream.range(0, windows(G)).mapToObj(w -> {
            var gone = new BitSet();
            gone.set(w * stride, Math.min(G, w * stride + window));
            return game.without(gone);
        }).toList());
        var drops = new double[targets.size()][values.length];
        for (int t = 0; t < drops.length; t++)
            for (int w = 0; w < values.length; w++) drops[t][w] = targets.get(t).value() - values[w][t];
        return drops;
    }
}
