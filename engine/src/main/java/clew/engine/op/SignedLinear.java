package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.Part;
import clew.engine.rule.LinearRule;
import clew.engine.tape.Entry;
import clew.engine.tape.Pull;
import clew.engine.tensor.Tensor;
import java.util.Objects;
import java.util.function.Supplier;

/// The rules that treat positive and negative contributions `x_i W_ji` apart.
///
/// `P = x⁺W⁺ + x⁻W⁻` collects the positive contributions to each output, `N = x⁺W⁻ + x⁻W⁺` the negative ones. In g-form
/// no division by x is needed: which part of W a coefficient multiplies depends on the sign of x_i alone, 0 counting as
/// positive.
final class SignedLinear {
    private final Linear op;
    private final Pull p;
    private final Kernels k;

    SignedLinear(Linear op, Pull p) {
        this.op = op;
        this.p = p;
        this.k = p.k();
    }

    /// `c = g·z/δ(z + γ·Q)`, `Q = P + b⁺` where z > 0 and `N + b⁻` where z < 0; where z = 0 nothing passes.
    ///
    /// `g_x = Wᵀc + γ·(W⁺ᵀc₊ + W⁻ᵀc₋)` for `x_i ≥ 0`, with W⁺ and W⁻ exchanged for `x_i < 0`; c₊ is c where z > 0, c₋
    /// where z < 0.
    void gamma(LinearRule.Gamma rule) {
        var z     = p.y();                                                                                  // [R, out]
        var side  = k.add(k.where(sum(Part.POSITIVE), z, Part.POSITIVE, op.all()),
                          k.where(sum(Part.NEGATIVE), z, Part.NEGATIVE, op.all()));                         // [R, out]
        var total = k.add(z, k.scale(side, rule.gamma()));                                                  // [R, out]
        var c     = k.ratio(p.g(), z, total, rule.eps(), p.rows());                                         // [N, out]
        var plus  = k.where(c, z, Part.POSITIVE, p.rows());
        var minus = k.where(c, z, Part.NEGATIVE, p.rows());
        p.to(op.x(),
             () -> k.add(k.linearTransposed(c, op.view(), Part.ALL), k.scale(split(plus, minus), rule.gamma())));
        book(Entry.BIAS, () -> plus(bias(c, Part.ALL),
                                    times(rule.gamma(), plus(bias(plus, Part.POSITIVE), bias(minus, Part.NEGATIVE)))));
        p.book(Entry.EPSILON, () -> minus(k.dot(p.g(), z, p.rows()), k.dot(c, total, p.rows())));
    }

    /// `c₊ = α·g·z/δ(P + b⁺)`, `c₋ = −β·g·z/δ(N + b⁻)`, each 0 where its side is empty.
    ///
    /// `g_x = W⁺ᵀc₊ + W⁻ᵀc₋` for `x_i ≥ 0`, with W⁺ and W⁻ exchanged for `x_i < 0`.
    void alphaBeta(LinearRule.AlphaBeta rule) {
        Tensor z = p.y(), up = sum(Part.POSITIVE), down = sum(Part.NEGATIVE);
        var plus  = side(rule.alpha(), up, rule.eps(), Part.POSITIVE);                                      // [N, out]
        var minus = side(-rule.beta(), down, rule.eps(), Part.NEGATIVE);                                    // [N, out]
        p.to(op.x(), () -> split(plus, minus));
        book(Entry.BIAS, () -> plus(bias(plus, Part.POSITIVE), bias(minus, Part.NEGATIVE)));
        p.book(Entry.EPSILON, () -> minus(k.dot(p.g(), z, p.rows()),
                                          plus(k.dot(plus, up, p.rows()), k.dot(minus, down, p.rows()))));
    }

    /// `c·g·z/δ(total)`, 0 where the total has not the sign of its side: there the side is empty.
    private Tensor side(double c, Tensor total, double eps, Part sign) {
        return k.where(k.scale(k.ratio(p.g(), p.y(), total, eps, p.rows()), c), total, sign, p.rows());
    }

    /// P + b⁺ or N + b⁻, `[R, out]`.
    private Tensor sum(Part sign) {
        var other = sign == Part.POSITIVE ? Part.NEGATIVE : Part.POSITIVE;
        var x = op.x().tensor();
        var sum = k.add(k.linear(k.part(x, Part.POSITIVE), op.view(), sign),
                        k.linear(k.part(x, Part.NEGATIVE), op.view(), other));
        return op.b() == null ? sum : k.addToRows(sum, k.part(op.b().tensor(), sign));
    }

    /// `W⁺ᵀa + W⁻ᵀb` where x ≥ 0, `W⁻ᵀa + W⁺ᵀb` where x < 0 — `[N, in]`.
    private Tensor split(Tensor a, Tensor b) {
        var w     = op.view();
        var same  = k.add(k.linearTransposed(a, w, Part.POSITIVE), k.linearTransposed(b, w, Part.NEGATIVE));
        var cross = k.add(k.linearTransposed(a, w, Part.NEGATIVE), k.linearTransposed(b, w, Part.POSITIVE));
        return k.choose(op.x().tensor(), same, cross, p.rows());
    }

    private void book(Entry entry, Supplier<double[]> amount) {
        if (op.b() != null) p.book(entry, amount);
    }

    private double[] bias(Tensor c, Part part) {
        var b = Objects.requireNonNull(op.b()).tensor();
        return k.dotRow(c, part == Part.ALL ? b : k.part(b, part), p.rows());
    }

    static double[] plus(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) a[i] += b[i];
        return a;
    }

    static double[] minus(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) a[i] -= b[i];
        return a;
    }

    private static double[] times(double c, double[] a) {
        for (int i = 0; i < a.length; i++) a[i] *= c;
        return a;
    }
}
