package clew.engine.tensor;

/// The sixteen levels of NF4: quantiles of a normal distribution, eight above zero, seven below, and zero, divided by
/// the largest — Dettmers et al. 2023 (QLoRA), appendix E, as the numbers stand in bitsandbytes.
///
/// `Φ⁻¹` of eight equal steps from ½ to 0.9677083 above, of seven below: the probability at the end is the mean of
/// `1 − 1/32` and `1 − 1/30`.
public final class NormalFloat {
    private static final float[] LEVELS = {
        -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
        -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f
    };

    private NormalFloat() {}

    /// The level of a code, 0 … 15.
    public static float level(int code) {
        return LEVELS[code];
    }

    /// All of them, ascending.
    public static float[] levels() {
        return LEVELS.clone();
    }

    /// The code of the level nearest to x, the lower of two that are equally near.
    public static int nearest(float x) {
        var code = 0;
        for (int step = 8; step > 0; step /= 2)
            if (x > (LEVELS[code + step - 1] + LEVELS[code + step]) / 2) code += step;
        return code;
    }
}
