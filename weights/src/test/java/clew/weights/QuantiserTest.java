package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Coding;
import clew.engine.tensor.NormalFloat;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every element becomes the level of its block that is nearest to it.
class QuantiserTest {
    /// Block by block the definition written out: the largest magnitude, then the nearest of all levels.
    @ParameterizedTest
    @EnumSource(value = Quantisation.class, names = {"INT8", "NF4"})
    void elementsComeBackAsTheNearestLevelOfTheirBlock(Quantisation how) {
        var w = weights(7, 37);                                          // blocks cross rows, the last one is not full
        var back = quantised(how, w);
        for (int b = 0; b < w.size(); b += Coding.BLOCK) {
            var end = (int) Math.min(w.size(), b + Coding.BLOCK);
            var largest = 0.0;
            for (int i = b; i < end; i++) largest = Math.max(largest, Math.abs(w.get(i)));
            for (int i = b; i < end; i++) {
                var nearest = Double.POSITIVE_INFINITY;
                for (var level : levels(how)) nearest = Math.min(nearest, Math.abs(largest * level - w.get(i)));
                assertEquals(nearest, Math.abs(back.get(i) - w.get(i)), 4 * Math.ulp((float) largest), "element " + i);
            }
        }
    }

    private static double[] levels(Quantisation how) {
        var levels = new double[how == Quantisation.INT8 ? 255 : 16];
        for (int i = 0; i < levels.length; i++)
            levels[i] = how == Quantisation.INT8 ? (i - 127) / 127.0 : NormalFloat.level(i);
        return levels;
    }

    /// What is on the levels already comes back as it was: quantising twice changes nothing.
    @ParameterizedTest
    @EnumSource(value = Quantisation.class, names = {"INT8", "NF4"})
    void whatIsQuantisedStaysAsItIs(Quantisation how) {
        var once = quantised(how, weights(16, 64));
        var twice = quantised(how, once);
        for (long i = 0; i < once.size(); i++) assertEquals(once.get(i), twice.get(i), 1e-7 * Math.abs(once.get(i)));
    }

    /// The codes are those of single quantisation; a scale errs by half of the widest step of the dynamic levels at
    /// most, which is 0.9/64/2 of the group's largest distance from the mean.
    @Test
    void doubleQuantisationChangesScalesAlone() {
        var w = weights(150, 128);                                       // 300 blocks: two groups
        var single = (Storage.Coded) quantised(Quantisation.NF4, w).storage();
        var twice = (Storage.Coded) quantised(Quantisation.NF4_DQ, w).storage();
        assertEquals(-1, single.codes().mismatch(twice.codes()));
        double mean = 0, largest = 0;
        for (int b = 0; b < 300; b++) mean += single.scales().at(b) / 300;
        for (int b = 0; b < 300; b++) largest = Math.max(largest, Math.abs(single.scales().at(b) - mean));
        for (int b = 0; b < 300; b++)
            assertEquals(single.scales().at(b), twice.scales().at(b), largest * (0.9 / 64 / 2 + 1e-5), "block " + b);
    }

    @Test
    void bytesAreThoseOfTheTable() {
        assertEquals(64 + 4, Quantisation.INT8.bytes(64));
        assertEquals(2 * (32 + 4), Quantisation.NF4.bytes(65));
        assertEquals(300 * 33 + 2 * 4 + 4, Quantisation.NF4_DQ.bytes(300 * 64));
    }

    @ParameterizedTest
    @EnumSource(Quantisation.class)
    void aBlockOfZerosIsZeros(Quantisation how) {
        var back = quantised(how, Tensor.of(new float[64], 8, 8));
        for (int i = 0; i < 64; i++) assertEquals(0, back.get(i));
    }

    @Test
    void whatIsNotFiniteIsNamed() {
        var w = new float[70];
        w[66] = Float.NaN;
        var refusal = assertThrows(WeightsException.class,
            () -> new Quantiser(Quantisation.NF4).quantise("w", Tensor.of(w, 7, 10))).getMessage();
        assertTrue(refusal.startsWith("tensor 'w' has NaN at [6, 6]"), refusal);
    }

    private static Tensor quantised(Quantisation how, Tensor w) {
        var data = ((Storage.Mapped) new Quantiser(how).quantise("w", w).storage()).data();
        return how.tensor(data, w.shape());
    }

    private static Tensor weights(int rows, int cols) {
        var random = new Random(rows);
        var data = new float[rows * cols];
        for (int i = 0; i < data.length; i++) data[i] = (float) (0.02 * random.nextGaussian());
        return Tensor.of(data, rows, cols);
    }
}
