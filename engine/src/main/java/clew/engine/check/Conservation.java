package clew.engine.check;

import clew.engine.rule.RuleSet;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/// `taken = sent + booked + gap` of one op, per seed: what became of the relevance that it was given.
///
/// `taken − sent` is the op's defect, measured; `booked` is what the op says it is, by closed form. A gap other than
/// rounding means that one of the two is wrong, or that the rules let both factors of a product move and so conserve
/// nothing.
///
/// @param taken  `⟨y, g_y⟩`
/// @param sent   `Σ ⟨x, g_x⟩` over the inputs, weights and biases left out. An op that reads weights alone, such as
///               Embed, is where relevance arrives: it sends what it takes.
/// @param booked what the op books, all entries together
public record Conservation(Op op, double[] taken, double[] sent, double[] booked) {
    /// What the op takes and does not send on.
    public double[] defect() {
        return minus(taken, sent);
    }

    /// What the op takes, does not send on and does not book.
    public double[] gap() {
        return minus(defect(), booked);
    }

    /// One op under a cotangent of its output.
    public static Conservation of(Tape tape, Tape.Node node, Cotangent g, RuleSet rules) {
        var back = tape.backward(node, g, rules);
        var seeds = g.rows().seeds();
        var taken = new double[seeds];
        addProduct(tape, taken, node.y(), g);
        var sent = new double[seeds];
        var inputs = new LinkedHashSet<>(node.op().inputs());
        for (var x : inputs) if (back.reached(x) && !back.summed(x)) addProduct(tape, sent, x, back.of(x));
        var arrives = inputs.stream().allMatch(back::summed);
        return new Conservation(node.op(), taken, arrives ? taken.clone() : sent, booked(back, seeds));
    }

    /// Every op that a pass from `from` reaches, the last first, each under the cotangent that arrives at it.
    public static List<Conservation> of(Tape tape, Value from, Cotangent seed, RuleSet rules) {
        var made = new HashSet<Value>();
        for (var node : tape.nodes()) made.add(node.y());
        var arriving = tape.backward(from, seed, rules, made);
        var all = new ArrayList<Conservation>();
        for (var node : tape.nodes().reversed())
            if (arriving.reached(node.y())) all.add(of(tape, node, arriving.of(node.y()), rules));
        return all;
    }

    static double[] booked(Cotangents back, int seeds) {
        var booked = new double[seeds];
        for (var entry : Entry.values()) add(booked, back.entry(entry));
        return booked;
    }

    static void addProduct(Tape tape, double[] to, Value x, Cotangent g) {
        add(to, tape.kernels().dot(g.g(), x.tensor(), g.rows()));
    }

    static void add(double[] to, double[] amounts) {
        for (int i = 0; i < amounts.length; i++) to[i] += amounts[i];
    }

    static double[] minus(double[] a, double[] b) {
        var difference = a.clone();
        for (int i = 0; i < b.length; i++) difference[i] -= b[i];
        return difference;
    }
}
