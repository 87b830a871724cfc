package clew.attribution.evaluation;

import clew.engine.tensor.Shape;
import clew.model.Edit;
import clew.model.Pass;
import java.util.List;
import java.util.Random;

/// `max_δ ‖φ(x + δ) − φ(x)‖ / ‖φ(x)‖` — how much the explanation moves when the input hardly does (Yeh et al. 2019,
/// definition 3.1, divided by the length as in Captum).
///
/// δ is uniform in `[−r, r]` for every feature of every embedding, r being `radius` times their root mean square; the
/// largest of `draws` stands for the maximum. Zero is easy to have: an explanation that never changes.
///
/// @param seed the same δ for every method
public record MaxSensitivity(double radius, int draws, long seed) implements Metric {
    @Override
    public String name() {
        return "max-sensitivity";
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public double of(Judged judged) {
        var trial = judged.trial();
        var before = judged.scores();
        var length = length(before);
        if (length == 0) return Double.NaN;
        var e = embeddings(trial);
        var r = radius * length(e) / Math.sqrt(e.length);
        var random = new Random(seed);
        var largest = 0.0;
        for (int i = 0; i < draws; i++) {
            var after = judged.scorer().scores(trial.model(), moved(trial, e.length, r, random), trial.explained());
            var change = new double[before.length];
            for (int t = 0; t < change.length; t++) change[t] = after[t] - before[t];
            largest = Math.max(largest, length(change) / length);
        }
        return largest;
    }

    private static double[] embeddings(Trial trial) {
        try (var run = trial.model().run(trial.pass().forgetting())) {
            return run.embeddings().tensor().toDoubles();
        }
    }

    private static Pass moved(Trial trial, int size, double r, Random random) {
        var T = trial.ids().length;
        var noise = random.doubles(size).map(u -> r * (2 * u - 1)).toArray();
        var delta = trial.model().kernels().tensor(Shape.of(T, size / T), noise);
        return trial.pass().edits(List.of(new Edit.Add(Edit.Where.all("hook_embed"), delta)));
    }

    private static double length(double[] v) {
        var sum = 0.0;
        for (double x : v) sum += x * x;
        return Math.sqrt(sum);
    }
}
