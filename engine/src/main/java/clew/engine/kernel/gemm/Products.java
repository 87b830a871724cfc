package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.util.Arrays;

/// One small product of activations, `C (+)= α · A ∘ B`, on the calling thread.
///
/// B is taken in panels as wide as a tile, transposed where the form asks for it; the sums of a panel are gathered in
/// scratch and scaled on their way out.
final class Products {
    private static final int DEPTH = 512;

    private final Form form;
    private final float alpha;
    private final float[] a, b, c;
    private final int as, bs, cs;
    private final Accumulate how;

    Products(Form form, float alpha, float[] a, int as, float[] b, int bs, float[] c, int cs, Accumulate how) {
        this.form = form;
        this.alpha = alpha;
        this.a = a;
        this.as = as;
        this.b = b;
        this.bs = bs;
        this.c = c;
        this.cs = cs;
        this.how = how;
    }

    void require(Product p) {
        var transposed = form == Form.AT_B;
        Gemm.requireFit("a", a, p.aOffset(), as, transposed ? p.k() : p.m(), transposed ? p.m() : p.k());
        Gemm.requireFit("b", b, p.bOffset(), bs, form == Form.A_BT ? p.n() : p.k(), form == Form.A_BT ? p.k() : p.n());
        Gemm.requireFit("c", c, p.cOffset(), cs, p.m(), p.n());
    }

    void run(Product p, Workspace space) {
        for (int n = 0; n < p.n(); n += Tiles.WIDTH) columns(p, n, Math.min(Tiles.WIDTH, p.n() - n), space);
    }

    private void columns(Product p, int n, int cols, Workspace space) {
        var width = Tiles.roundUp(cols);
        var sums = space.sums(p.m() * width);                                                          // [m, width]
        Arrays.fill(sums, 0, p.m() * width, 0f);
        var ars = form == Form.AT_B ? 1 : as;
        var aks = form == Form.AT_B ? as : 1;
        for (int k = 0; k < p.k(); k += DEPTH) {
            var depth = Math.min(DEPTH, p.k() - k);
            var inPlace = form != Form.A_BT && width == cols;
            var panel = inPlace ? b : panel(p, n, cols, k, depth, space);
            var po = inPlace ? p.bOffset() + k * bs + n : 0;
            Tiles.multiply(a, p.aOffset() + k * aks, ars, aks, panel, po, inPlace ? bs : width, depth,
                    sums, 0, width, p.m(), width / Tiles.LANES);
        }
        for (int r = 0; r < p.m(); r++) finish(sums, r * width, p.cOffset() + r * cs + n, cols);
    }

    /// Rows k … k+depth−1 of B or of Bᵀ, `[depth][width]`.
    private float[] panel(Product p, int n, int cols, int k, int depth, Workspace space) {
        var panel = space.weights(DEPTH * Tiles.WIDTH);
        if (form == Form.A_BT) Lanes.pack(b, p.bOffset() + n * bs + k, bs, cols, depth, 0, 0, depth, panel);
        else {
            var rows = new WeightView(new Storage.Floats(b), DType.F32, p.bOffset() + n, p.k(), cols, bs);
            Widen.block(rows, Part.ALL, k, depth, 0, cols, panel, 0, Tiles.roundUp(cols));
        }
        return panel;
    }

    private void finish(float[] sums, int o, int at, int count) {
        switch (how) {
            case SET -> { for (int i = 0; i < count; i++) c[at + i] = alpha * sums[o + i]; }
            case ADD -> { for (int i = 0; i < count; i++) c[at + i] += alpha * sums[o + i]; }
        }
    }
}
