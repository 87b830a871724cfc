package clew.engine.kernel;

import static clew.engine.kernel.Case.vector;

import clew.engine.kernel.Activation.Curve;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// The table of verbs: for every method of [Kernels], calls whose rows have `n` columns and whose activations have at
/// least `R` rows, in all ways that rows may face each other.
final class Verbs {
    private static final int SEQUENCES = 2;

    /// Makes the cases of one verb.
    interface Cases {
        void add(List<Case> to, Draw draw, int n, int R);
    }

    static final TreeMap<String, Cases> TABLE = new TreeMap<>();

    private Verbs() {}

    static List<Case> of(String verb, Draw draw, int n, int R) {
        var cases = new ArrayList<Case>();
        TABLE.get(verb).add(cases, draw, n, R);
        return cases;
    }

    static {
        TABLE.put("tensor", (to, draw, n, R) -> {
            var values = draw.tensor(R, n).toDoubles();
            to.add(new Case("tensor", "[" + R + ", " + n + "]", 0, 0, k -> k.tensor(Shape.of(R, n), values)));
        });
        products();
        elementwise();
        faced();
        rows();
        rowsFaced();
        AttentionVerbs.put(TABLE);
    }

    // ── products with weights ───────────────────────────────────────────────────────────────────────────────────────

    private static void products() {
        TABLE.put("linear", (to, draw, n, R) -> weights(to, draw, n, R, (w, part) -> {
            var x = draw.tensor(R, w.in());
            to.add(new Case("linear", x.shape() + " " + w.layout() + " " + part, w.in(), 1, k -> k.linear(x, w, part)));
        }));
        TABLE.put("linearTransposed", (to, draw, n, R) -> weights(to, draw, n, R, (w, part) -> {
            var g = draw.tensor(R, w.out());
            to.add(new Case("linearTransposed", g.shape() + " " + w.layout() + " " + part, w.out(), 1,
                k -> k.linearTransposed(g, w, part)));
        }));
        TABLE.put("weightGradient", (to, draw, n, R) -> weights(to, draw, n, R, (w, part) -> {
            if (part != Part.ALL) return;
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                Tensor g = draw.tensor(rows.count(), w.out()), x = draw.tensor(rows.activations(), w.in());
                to.add(new Case("weightGradient", rows + " " + w.layout(), rows.count(), 1,
                    k -> k.weightGradient(g, x, rows, w)));
            }
        }));
        TABLE.put("gather", (to, draw, n, R) -> {
            var table = draw.tensor(9, n);
            var ids = draw.ids(R, 9);
            to.add(new Case("gather", "n=" + n, 0, 0, k -> k.gather(table, ids)));
        });
        TABLE.put("scatter", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                var g = draw.tensor(rows.count(), n);
                var ids = draw.ids(rows.activations(), 9);
                to.add(new Case("scatter", rows + " n=" + n, rows.count(), 1,
                    k -> k.scatter(g, ids, rows, Shape.of(9, n))));
            }
        });
    }

    private interface WeightCase {
        void add(Weight w, Part part);
    }

    private static void weights(List<Case> to, Draw draw, int n, int R, WeightCase add) {
        for (var layout : Layout.values())
            for (var part : Part.values()) {
                add.add(draw.weight(layout, 7, n), part);
                add.add(draw.weight(layout, n, 7), part);
            }
    }

    // ── element-wise ────────────────────────────────────────────────────────────────────────────────────────────────

    private static void elementwise() {
        TABLE.put("add", (to, draw, n, R) -> {
            Tensor x = draw.tensor(R, n), y = draw.tensor(R, n);
            to.add(new Case("add", x.shape().toString(), 0, 0, k -> k.add(x, y)));
        });
        TABLE.put("scale", (to, draw, n, R) -> {
            var x = draw.tensor(R, n);
            for (double c : new double[] {1 / 3.0, 1, 0, -1})
                to.add(new Case("scale", c + " " + x.shape(), 0, 0, k -> k.scale(x, c)));
        });
        TABLE.put("part", (to, draw, n, R) -> {
            var x = draw.sparse(R, n);
            for (var part : Part.values()) to.add(new Case("part", part + " " + x.shape(), 0, 0, k -> k.part(x, part)));
        });
        TABLE.put("curve", (to, draw, n, R) -> {
            var x = new ScalarKernels().scale(draw.sparse(R, n), 4);
            for (var f : Activation.values())
                for (var curve : Curve.values())
                    to.add(new Case("curve", f + " " + curve + " " + x.shape(), 1, 1, k -> k.curve(f, curve, x)));
        });
    }

    private static void faced() {
        TABLE.put("mul", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                Tensor g = draw.tensor(rows.count(), n), x = draw.tensor(rows.activations(), n);
                to.add(new Case("mul", rows + " n=" + n, 0, 0, k -> k.mul(g, x, rows)));
            }
        });
        TABLE.put("ratio", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                var g = draw.tensor(rows.count(), n);
                Tensor z = draw.sparse(rows.activations(), n), u = draw.sparse(rows.activations(), n);
                to.add(new Case("ratio", rows + " n=" + n, 0, 0, k -> k.ratio(g, z, u, 1e-3, rows)));
            }
        });
        TABLE.put("where", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R)))
                for (var part : Part.values()) {
                    Tensor g = draw.tensor(rows.count(), n), z = draw.sparse(rows.activations(), n);
                    to.add(new Case("where", part + " " + rows + " n=" + n, 0, 0, k -> k.where(g, z, part, rows)));
                }
        });
        TABLE.put("choose", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                var x = draw.sparse(rows.activations(), n);
                Tensor a = draw.tensor(rows.count(), n), b = draw.tensor(rows.count(), n);
                to.add(new Case("choose", rows + " n=" + n, 0, 0, k -> k.choose(x, a, b, rows)));
            }
        });
    }

    // ── rows and columns ────────────────────────────────────────────────────────────────────────────────────────────

    private static void rows() {
        TABLE.put("addToRows", (to, draw, n, R) -> {
            Tensor x = draw.tensor(R, n), b = draw.tensor(n);
            to.add(new Case("addToRows", x.shape().toString(), 0, 0, k -> k.addToRows(x, b)));
        });
        TABLE.put("scaleCols", (to, draw, n, R) -> {
            Tensor x = draw.tensor(R, n), w = draw.tensor(n);
            to.add(new Case("scaleCols", x.shape().toString(), 0, 0, k -> k.scaleCols(x, w)));
        });
        TABLE.put("centreRows", (to, draw, n, R) -> {
            var x = draw.tensor(R, n);
            to.add(new Case("centreRows", x.shape().toString(), 1, 1, k -> k.centreRows(x)));
        });
        TABLE.put("rmsScale", (to, draw, n, R) -> {
            var x = draw.tensor(R, n);
            to.add(new Case("rmsScale", x.shape().toString(), 0, 0, k -> k.rmsScale(x, 1e-5)));
        });
        TABLE.put("sumRows", (to, draw, n, R) -> {
            var g = draw.tensor(R, n);
            to.add(new Case("sumRows", g.shape().toString(), R, 1, k -> k.sumRows(g)));
        });
        TABLE.put("selectRows", (to, draw, n, R) -> {
            var x = draw.tensor(R, n);
            var index = draw.ids(R + 3, R);
            to.add(new Case("selectRows", x.shape().toString(), 0, 0, k -> k.selectRows(x, index)));
        });
        TABLE.put("placeRows", (to, draw, n, R) -> {
            var g = draw.tensor(R, n);
            var index = draw.ids(R, 5);
            to.add(new Case("placeRows", g.shape().toString(), R, 1, k -> k.placeRows(g, index, 5)));
        });
        TABLE.put("overwriteRows", (to, draw, n, R) -> {
            Tensor x = draw.tensor(R, n), y = draw.tensor(R, n);
            for (int at : new int[] {0, 2}) to.add(new Case("overwriteRows", x.shape() + " at " + at, 0, 0, k -> {
                var held = k.placeRows(x, IntStream.range(0, R).toArray(), R + 2);
                k.overwriteRows(held, at, y);
                return held;
            }));
        });
    }

    private static void rowsFaced() {
        TABLE.put("scaleRows", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                Tensor g = draw.tensor(rows.count(), n), s = draw.tensor(rows.activations());
                to.add(new Case("scaleRows", rows + " n=" + n, 0, 0, k -> k.scaleRows(g, s, rows)));
            }
        });
        TABLE.put("rowProjection", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                Tensor g = draw.tensor(rows.count(), n), x = draw.tensor(rows.activations(), n);
                var s = new ScalarKernels().rmsScale(x, 1e-5);
                to.add(new Case("rowProjection", rows + " n=" + n, 1, 4, k -> k.rowProjection(g, x, s, rows)));
            }
        });
        TABLE.put("rotate", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                rotate(to, draw, rows, n, 2 * n);                             // whole heads turn
                rotate(to, draw, rows, n, 2 * n + 3);                         // three columns of each head stay
            }
        });
        TABLE.put("dot", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                Tensor g = draw.tensor(rows.count(), n), x = draw.tensor(rows.activations(), n);
                to.add(new Case("dot", rows + " n=" + n, 1, 1e-7, k -> vector(k.dot(g, x, rows))));
            }
        });
        TABLE.put("dotRow", (to, draw, n, R) -> {
            for (var rows : draw.anyRows(SEQUENCES, half(R))) {
                Tensor g = draw.tensor(rows.count(), n), b = draw.tensor(n);
                to.add(new Case("dotRow", rows + " n=" + n, 1, 1e-7, k -> vector(k.dotRow(g, b, rows))));
            }
        });
    }

    private static void rotate(List<Case> to, Draw draw, Rows rows, int half, int width) {
        Tensor g = draw.tensor(rows.count(), 2 * width), cos = draw.tensor(rows.activations(), half);
        var sin = draw.tensor(rows.activations(), half);
        to.add(new Case("rotate", rows + " half=" + half + " width=" + width, 2, 1,
            k -> k.rotate(g, cos, sin, width, rows)));
    }

    private static int half(int R) {
        return (R + 1) / SEQUENCES;
    }
}
