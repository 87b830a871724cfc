package clew.engine.op;

import clew.engine.check.Net;
import clew.engine.kernel.ScalarKernels;
import clew.engine.rule.RuleSet;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Op;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One op at awkward sizes, with what every law needs to know about it.
///
/// @param inputs     activations first, then weights
/// @param relevances how many of the inputs are activations and so carry relevance
/// @param spreads    the rows that the cotangents of its output list: one seed, three seeds, three shortened ones
/// @param reference  its relevance rule, written from the paper; `null` on ops that no relevance passes
public record Case(String name, Class<? extends Op> op, Net net, List<Tensor> inputs, int relevances,
                   List<Rows> spreads, @Nullable Reference reference) {
    /// Relevance of the activations from the relevance R of the output y, each dense and row-major.
    @FunctionalInterface
    public interface Reference {
        double[][] of(RuleSet rules, double[][] x, double[] y, double[] R);
    }

    /// The op recorded on a tape of its own.
    public record Recorded(Tape tape, List<Value> inputs, Value y) {
        public Cotangents backward(Cotangent g, RuleSet rules) {
            return tape.backward(y, g, rules, new HashSet<>(inputs));
        }

        public Tape.Node node() {
            return tape.nodes().getLast();
        }
    }

    public Recorded record() {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var leaves = inputs.stream().map(tape::leaf).toList();
        return new Recorded(tape, leaves, net.of(tape, leaves));
    }

    /// A random cotangent of y on the rows listed.
    public static Cotangent cotangent(Value y, Rows rows, long draw) {
        var random = new SplittableRandom(draw);
        var g = new double[rows.count() * y.cols()];
        for (int i = 0; i < g.length; i++) g[i] = random.nextGaussian();
        return new Cotangent(Tensor.of(g, rows.count(), y.cols()), rows);
    }

    @Override
    public String toString() {
        return name;
    }
}
