package clew.engine.tensor;

import java.util.Arrays;

/// The 256 levels of the dynamic 8-bit type — Dettmers et al. 2022 (8-bit optimizers), section 1.2, as bitsandbytes
/// makes them (`create_dynamic_map`, signed).
///
/// For i = 0 … 6: `±10^(i−6) · m` for the midpoints m of 2ⁱ equal steps from 0.1 to 1; then 0 and 1. The fewer zeros
/// stand behind the decimal point, the more levels there are.
public final class DynamicFloat {
    private static final int DECADES = 7;
    private static final float[] LEVELS = make();

    private DynamicFloat() {}

    private static float[] make() {
        var levels = new float[256];
        var n = 0;
        for (int i = 0; i < DECADES; i++) {
            var steps = 1 << i;
            for (int j = 0; j < steps; j++) {
                var middle = 0.1 + 0.9 * (j + 0.5) / steps;
                levels[n++] = (float) (Math.pow(10, i + 1 - DECADES) * middle);
                levels[n++] = -levels[n - 2];
            }
        }
        levels[n++] = 0;
        levels[n] = 1;
        Arrays.sort(levels);
        return levels;
    }

    /// The level of a code, 0 … 255.
    public static float level(int code) {
        return LEVELS[code];
    }

    /// The code of the level nearest to x, the lower of two that are equally near.
    public static int nearest(float x) {
        var code = 0;
        for (int step = 128; step > 0; step /= 2)
            if (x > (LEVELS[code + step - 1] + LEVELS[code + step]) / 2) code += step;
        return code;
    }
}
