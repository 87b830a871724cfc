package clew.engine.check;

import clew.engine.kernel.ScalarKernels;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// `⟨v, J u⟩` two ways: by central differences of the forward pass along u, and as `⟨Jᵀ v, u⟩` by the backward pass.
///
/// A random projection sees every entry of the Jacobian at once, so one number per input says whether a gradient is
/// right. Everything is computed on the float64 device: a step of 1e-4 leaves errors of 2⁻⁵²/10⁻⁴ ≈ 2e-12 by rounding,
/// and next to none by curvature unless a net bends within the step. What has a kink (ReLU) must be checked more than a
/// few steps away from it.
public record GradientCheck(List<Projection> projections) {
    private static final double STEP = 1e-4;

    /// One comparison.
    ///
    /// @param input    which of the inputs moved along u
    /// @param draw     seed of the random directions u and v
    /// @param seed     which seed of the backward pass; weights sum over all of them and are listed once, as seed 0
    /// @param numeric  `⟨v, J u⟩` by differences
    /// @param analytic `⟨Jᵀ v, u⟩` by the backward pass
    /// @param scale    `max(Σ |v_i (J u)_i|, Σ |v_i y_i|)`: what the rounding of `numeric` is relative to
    public record Projection(int input, long draw, int seed, double numeric, double analytic, double scale) {
        /// The difference in units of `scale`.
        public double error() {
            var difference = Math.abs(numeric - analytic);
            return difference == 0 ? 0 : difference / scale;
        }
    }

    public GradientCheck {
        projections = List.copyOf(projections);
    }

    /// Checks every input of a net, weights included, with v on all rows of its output.
    public static GradientCheck of(Net net, List<Tensor> inputs, long... draws) {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.FORGET);
        return of(net, inputs, Rows.all(net.of(tape, leaves(tape, inputs)).rows()), draws);
    }

    /// Checks every input of a net, weights included, with several v at once, each on the rows of the output it lists.
    public static GradientCheck of(Net net, List<Tensor> inputs, Rows rows, long... draws) {
        var projections = new ArrayList<Projection>();
        for (long draw : draws) projections.addAll(project(net, inputs, rows, draw));
        return new GradientCheck(projections);
    }

    /// The largest error of all projections.
    public double worst() {
        return projections.stream().mapToDouble(Projection::error).max().orElse(0);
    }

    private static List<Projection> project(Net net, List<Tensor> inputs, Rows rows, long draw) {
        var random = new SplittableRandom(draw);
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var leaves = leaves(tape, inputs);
        var y = net.of(tape, leaves);
        var v = new Cotangent(Tensor.of(normal(random, rows.count() * y.cols()), rows.count(), y.cols()), rows);
        var pulled = tape.backward(y, v, RuleSets.GRADIENT, new HashSet<>(leaves));
        var projections = new ArrayList<Projection>();
        for (int i = 0; i < inputs.size(); i++) {
            var x = leaves.get(i);
            var u = normal(random, Math.toIntExact(x.tensor().size()));
            var ju = pushed(net, inputs, i, u);
            var directions = directions(v, pulled.summed(x));
            for (int k = 0; k < directions.size(); k++) {
                var back = pulled.reached(x) ? pulled.of(x).of(k) : new double[u.length];
                var along = directions.get(k);
                var scale = Math.max(size(along, ju), size(along, y.tensor().toDoubles()));
                projections.add(new Projection(i, draw, k, dot(along, ju), dot(back, u), scale));
            }
        }
        return projections;
    }

    /// v seed by seed, or the one sum that a weight's gradient belongs to.
    private static List<double[]> directions(Cotangent v, boolean summed) {
        var each = IntStream.range(0, v.rows().seeds()).mapToObj(v::of).toList();
        return summed ? List.of(each.stream().reduce(GradientCheck::plus).orElseThrow()) : each;
    }

    /// `J u` by the four-point central difference `(8(y₊ − y₋) − (y₊₊ − y₋₋)) / 12h`.
    private static double[] pushed(Net net, List<Tensor> inputs, int i, double[] u) {
        double[] far = shifted(net, inputs, i, u, 2 * STEP), back = shifted(net, inputs, i, u, -2 * STEP);
        double[] near = shifted(net, inputs, i, u, STEP), behind = shifted(net, inputs, i, u, -STEP);
        for (int n = 0; n < far.length; n++) far[n] = (8 * (near[n] - behind[n]) - (far[n] - back[n])) / (12 * STEP);
        return far;
    }

    private static double[] shifted(Net net, List<Tensor> inputs, int i, double[] u, double step) {
        var x = inputs.get(i).toDoubles();
        for (int n = 0; n < x.length; n++) x[n] += step * u[n];
        var moved = new ArrayList<>(inputs);
        moved.set(i, wide(inputs.get(i).shape(), x));
        var tape = new Tape(new ScalarKernels(), Tape.Memory.FORGET);
        return net.of(tape, leaves(tape, moved)).tensor().toDoubles();
    }

    private static List<Value> leaves(Tape tape, List<Tensor> inputs) {
        return inputs.stream().map(x -> tape.leaf(wide(x.shape(), x.toDoubles()))).toList();
    }

    private static Tensor wide(Shape shape, double[] values) {
        return new Tensor(shape, new Storage.Doubles(values));
    }

    private static double[] normal(SplittableRandom random, int count) {
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = random.nextGaussian();
        return values;
    }

    private static double dot(double[] a, double[] b) {
        var sum = 0.0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[] plus(double[] a, double[] b) {
        var sum = a.clone();
        for (int i = 0; i < b.length; i++) sum[i] += b[i];
        return sum;
    }

    private static double size(double[] a, double[] b) {
        var sum = 0.0;
        for (int i = 0; i < a.length; i++) sum += Math.abs(a[i] * b[i]);
        return sum;
    }
}
