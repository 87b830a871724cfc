package clew.attribution;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// `∫₀¹ ∂f/∂e dα` along a line over nested intervals: the one that misses most is halved until the whole is complete.
///
/// How much an interval misses is known exactly, `⟨to − from, ∫⟩ − (f(b) − f(a))`; misses of all intervals are added up
/// without their signs, so that none hides another.
final class NestedQuadrature {
    /// Intervals at most.
    static final int MOST = 128;

    private final Inputs inputs;
    private final List<Explained> targets;
    private final Line line;
    private final Quadrature.Rule rule;
    private final double tolerance;
    private final double[] scale;
    private final double[][] total;
    private final double[] done;
    private final PriorityQueue<Piece> open = new PriorityQueue<>(Comparator.comparingDouble(p -> -worst(p)));
    private int pieces;
    private long evaluations;

    /// @param tolerance of Σ |miss| as a share of `max(|f(from)|, |f(to)|)`
    NestedQuadrature(Inputs inputs, List<Explained> targets, Line line, Quadrature.Rule rule, double tolerance) {
        this.inputs = inputs;
        this.targets = targets;
        this.line = line;
        this.rule = rule;
        this.tolerance = tolerance;
        this.scale = new double[targets.size()];
        this.total = new double[targets.size()][line.to().length];
        this.done = new double[targets.size()];
    }

    /// @param start  f at `from`, per target
    /// @param end    f at `to`
    /// @param inside the integral, `[targets][T·D]`
    /// @param misses `⟨to − from, inside⟩ − (end − start)`
    private record Piece(double from, double to, double[] start, double[] end, double[][] inside, double[] misses) {}

    /// What came out.
    ///
    /// @param integral  `[targets][T·D]`
    /// @param intervals how many were needed
    /// @param missing   the largest Σ |miss| of a target, as a share of its scale
    record Result(double[][] integral, int intervals, long evaluations, double missing) {}

    Result integrate(double[] start, double[] end) {
        for (int t = 0; t < scale.length; t++)
            scale[t] = Math.max(Double.MIN_NORMAL, Math.max(Math.abs(start[t]), Math.abs(end[t])));
        add(piece(0, 1, start, end));
        while (missing() > tolerance && pieces < MOST && !open.isEmpty()) {
            var p = open.remove();
            pieces--;
            var middle = (p.from + p.to) / 2;
            var value = inputs.values(line.at(middle));
            evaluations++;
            add(piece(p.from, middle, p.start, value));
            add(piece(middle, p.to, value, p.end));
        }
        var missing = missing();
        for (var p : open) keep(p);
        return new Result(total, pieces, evaluations, missing);
    }

    /// One that misses too little to be halved ever is added up at once.
    private void add(Piece p) {
        pieces++;
        if (worst(p) <= tolerance / (2 * MOST)) keep(p);
        else open.add(p);
    }

    private void keep(Piece p) {
        for (int t = 0; t < total.length; t++) {
            done[t] += Math.abs(p.misses[t]);
            for (int i = 0; i < total[t].length; i++) total[t][i] += p.inside[t][i];
        }
    }

    private double missing() {
        var most = 0.0;
        for (int t = 0; t < done.length; t++) {
            var sum = done[t];
            for (var p : open) sum += Math.abs(p.misses[t]);
            most = Math.max(most, sum / scale[t]);
        }
        return most;
    }

    private double worst(Piece p) {
        var worst = 0.0;
        for (int t = 0; t < scale.length; t++) worst = Math.max(worst, Math.abs(p.misses[t]) / scale[t]);
        return worst;
    }

    private Piece piece(double from, double to, double[] start, double[] end) {
        var inside = new double[targets.size()][line.to().length];
        var weights = rule.weights().clone();
        for (int i = 0; i < weights.length; i++) weights[i] *= to - from;
        inputs.each(weights.length, i -> line.at(from + rule.alphas()[i] * (to - from)), batch -> {
            for (int t = 0; t < inside.length; t++)
                Line.add(inside[t], batch.gradient(targets.get(t), batch.run().embeddings()), weights, batch.first());
        });
        evaluations += weights.length;
        var misses = new double[inside.length];
        for (int t = 0; t < misses.length; t++)
            misses[t] = Products.sum(line.times(inside[t])) - (end[t] - start[t]);
        return new Piece(from, to, start, end, inside, misses);
    }
}
