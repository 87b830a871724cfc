package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.bound;
import static clew.engine.kernel.simd.Lanes.load;
import static clew.engine.kernel.simd.Lanes.tail;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;

/// `y[i] = f(x[i])` for i in `from … to−1`: one loop per curve, so that C2 compiles each for itself.
///
/// Every loop is a body of whole vectors with one masked vector as its tail: the same bits wherever an element lies.
public final class CurveLoops {
    private CurveLoops() {}

    public static void at(Activation f, Curve curve, float[] x, float[] y, int from, int to) {
        switch (curve) {
            case VALUE -> {
                switch (f) {
                    case GELU     -> gelu(x, y, from, to);
                    case GELU_NEW -> geluNew(x, y, from, to);
                    case SILU     -> silu(x, y, from, to);
                    case RELU     -> relu(x, y, from, to);
                    case TANH     -> tanh(x, y, from, to);
                }
            }
            case SLOPE -> {
                switch (f) {
                    case GELU     -> geluSlope(x, y, from, to);
                    case GELU_NEW -> geluNewSlope(x, y, from, to);
                    case SILU     -> siluSlope(x, y, from, to);
                    case RELU     -> reluGate(x, y, from, to);
                    case TANH     -> tanhSlope(x, y, from, to);
                }
            }
            case GATE -> {
                switch (f) {
                    case GELU     -> geluGate(x, y, from, to);
                    case GELU_NEW -> geluNewGate(x, y, from, to);
                    case SILU     -> siluGate(x, y, from, to);
                    case RELU     -> reluGate(x, y, from, to);
                    case TANH     -> tanhGate(x, y, from, to);
                }
            }
        }
    }

    // ── values: x · gate(x) ─────────────────────────────────────────────────────────────────────────────────────────

    private static void gelu(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) load(x, i).mul(Gates.gelu(load(x, i))).intoArray(y, i);
        if (i < to) { var m = tail(i, to); var v = load(x, i, m); v.mul(Gates.gelu(v)).intoArray(y, i, m); }
    }

    private static void geluNew(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) load(x, i).mul(Gates.geluNew(load(x, i))).intoArray(y, i);
        if (i < to) { var m = tail(i, to); var v = load(x, i, m); v.mul(Gates.geluNew(v)).intoArray(y, i, m); }
    }

    private static void silu(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) load(x, i).mul(Gates.silu(load(x, i))).intoArray(y, i);
        if (i < to) { var m = tail(i, to); var v = load(x, i, m); v.mul(Gates.silu(v)).intoArray(y, i, m); }
    }

    private static void relu(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) load(x, i).mul(Gates.relu(load(x, i))).intoArray(y, i);
        if (i < to) { var m = tail(i, to); var v = load(x, i, m); v.mul(Gates.relu(v)).intoArray(y, i, m); }
    }

    private static void tanh(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Exp.tanh(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Exp.tanh(load(x, i, m)).intoArray(y, i, m); }
    }

    // ── slopes ──────────────────────────────────────────────────────────────────────────────────────────────────────

    private static void geluSlope(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.geluSlope(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.geluSlope(load(x, i, m)).intoArray(y, i, m); }
    }

    private static void geluNewSlope(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.geluNewSlope(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.geluNewSlope(load(x, i, m)).intoArray(y, i, m); }
    }

    private static void siluSlope(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.siluSlope(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.siluSlope(load(x, i, m)).intoArray(y, i, m); }
    }

    private static void tanhSlope(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.tanhSlope(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.tanhSlope(load(x, i, m)).intoArray(y, i, m); }
    }

    // ── gates ───────────────────────────────────────────────────────────────────────────────────────────────────────

    private static void geluGate(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.gelu(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.gelu(load(x, i, m)).intoArray(y, i, m); }
    }

    private static void geluNewGate(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.geluNew(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.geluNew(load(x, i, m)).intoArray(y, i, m); }
    }

    private static void siluGate(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.silu(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.silu(load(x, i, m)).intoArray(y, i, m); }
    }

    private static void reluGate(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Gates.relu(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Gates.relu(load(x, i, m)).intoArray(y, i, m); }
    }

    private static void tanhGate(float[] x, float[] y, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) Exp.tanhOverX(load(x, i)).intoArray(y, i);
        if (i < to) { var m = tail(i, to); Exp.tanhOverX(load(x, i, m)).intoArray(y, i, m); }
    }
}
