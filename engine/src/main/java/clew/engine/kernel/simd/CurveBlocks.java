package clew.engine.kernel.simd;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;

/// The activations' curves, in blocks that stay in the first-level cache while one loop after another passes over them.
///
/// A block is filled up to whole vectors, so no loop has a tail and an element has the same bits wherever it lies.
public final class CurveBlocks {
    /// Long enough to hide the cost of starting a loop; four arrays of it are 4 kB.
    private static final int BLOCK = 256;

    private final float[] x = new float[Lanes.roundUp(BLOCK)];
    private final float[] e = new float[x.length];
    private final float[] t = new float[x.length];
    private final float[] y = new float[x.length];

    private CurveBlocks() {}

    /// `y[i] = f(x[i])` for i in `from … to−1`.
    public static void at(Activation f, Curve curve, float[] x, float[] y, int from, int to) {
        var block = new CurveBlocks();
        for (int i = from; i < to; i += BLOCK) {
            var n = Math.min(BLOCK, to - i);
            System.arraycopy(x, i, block.x, 0, n);
            block.at(f, curve, Lanes.roundUp(n));
            System.arraycopy(block.y, 0, y, i, n);
        }
    }

    private void at(Activation f, Curve curve, int n) {
        switch (f) {
            case GELU     -> gelu(curve, n);
            case GELU_NEW -> geluNew(curve, n);
            case SILU     -> silu(curve, n);
            case RELU     -> relu(curve, n);
            case TANH     -> tanh(curve, n);
        }
    }

    private void gelu(Curve curve, int n) {
        CurveLoops.square(x, t, n);
        Exp.exp(t, 0, -0.5f, e, n);
        CurveLoops.normal(x, e, t, n);
        switch (curve) {
            case VALUE -> CurveLoops.times(x, t, y, n);
            case SLOPE -> CurveLoops.geluSlope(x, e, t, y, n);
            case GATE  -> System.arraycopy(t, 0, y, 0, n);
        }
    }

    private void geluNew(Curve curve, int n) {
        CurveLoops.cubic(x, t, n);
        Exp.exp(t, 0, -1, e, n);
        switch (curve) {
            case VALUE -> CurveLoops.gated(x, e, y, n);
            case SLOPE -> CurveLoops.geluNewSlope(x, e, y, n);
            case GATE  -> CurveLoops.sigmoid(e, y, n);
        }
    }

    private void silu(Curve curve, int n) {
        Exp.exp(x, 0, -1, e, n);
        switch (curve) {
            case VALUE -> CurveLoops.gated(x, e, y, n);
            case SLOPE -> CurveLoops.siluSlope(x, e, y, n);
            case GATE  -> CurveLoops.sigmoid(e, y, n);
        }
    }

    private void relu(Curve curve, int n) {
        CurveLoops.step(x, t, n);
        switch (curve) {
            case VALUE       -> CurveLoops.times(x, t, y, n);
            case SLOPE, GATE -> System.arraycopy(t, 0, y, 0, n);
        }
    }

    private void tanh(Curve curve, int n) {
        CurveLoops.abs(x, t, n);
        Exp.exp(t, 0, 2, e, n);
        switch (curve) {
            case VALUE -> CurveLoops.tanh(x, e, y, n);
            case GATE  -> CurveLoops.tanhOverX(x, e, y, n);
            case SLOPE -> {
                CurveLoops.tanh(x, e, t, n);
                CurveLoops.oneLessSquare(t, y, n);
            }
        }
    }
}
