package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Kernels.Carrier;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight.Layout;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A NaN is never lost on the way to the logits, and never reaches what does not depend on it.
class NanTest {
    private static final Kernels SIMD = new SimdKernels(Workers.of(2));

    static Stream<Kernels> devices() {
        return Stream.of(new ScalarKernels(), SIMD);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void aWeightThatIsNanShowsInItsOutputAndNoOther(Kernels k) {
        var draw = new Draw(1);
        for (var layout : Layout.values())
            for (var part : Part.values()) {
                var w = draw.weight(layout, 70, 33);
                var bad = ((Storage.Floats) w.tensor().storage()).data();
                bad[(int) w.index(68, 17)] = Float.NaN;
                var y = k.linear(draw.tensor(9, 33), w, part);
                for (int i = 0; i < y.size(); i++)
                    assertEquals(i % 70 == 68, Double.isNaN(y.get(i)), layout + " " + part + " " + i);
            }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void elementwiseVerbsKeepNanWhereItIs(Kernels k) {
        var x = with(new Draw(2).tensor(3, 37), 50);
        var one = k.tensor(x.shape(), new Draw(3).tensor(3, 37).toDoubles());
        var rows = Rows.all(3);
        only(k.add(x, one), 50);
        only(k.scale(x, 2), 50);
        only(k.mul(one, x, rows), 50);
        only(k.ratio(one, x, one, 1e-6, rows), 50);
        only(k.ratio(one, one, x, 1e-6, rows), 50);
        for (var part : Part.values()) only(k.part(x, part), 50);
        for (var f : Activation.values()) only(k.curve(f, Curve.VALUE, x), 50);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void rowSumsCarryNanThroughTheirRow(Kernels k) {
        var x = with(new Draw(4).tensor(3, 37), 50);
        for (int i = 0; i < 3; i++) assertEquals(i == 1, Double.isNaN(k.rmsScale(x, 1e-5).get(i)));
        var centred = k.centreRows(x);
        for (int i = 0; i < 111; i++) assertEquals(i / 37 == 1, Double.isNaN(centred.get(i)));
        assertTrue(Double.isNaN(k.dot(x, x, Rows.all(3))[0]));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void softmaxCarriesNanThroughItsRow(Kernels k) {
        var heads = Heads.causal(1, 1, 1, 40);
        var p = k.softmax(with(new Draw(5).tensor(40, 40), 20 * 40 + 3), heads, 1);
        for (int i = 0; i < p.size(); i++)
            assertEquals(i / 40 == 20 && i % 40 <= 20, Double.isNaN(p.get(i)), "element " + i);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void whatAQueryDoesNotSeeCannotSpoilIt(Kernels k) {
        var draw = new Draw(6);
        int T = 23, bad = 17;
        var heads = Heads.causal(2, 1, 5, T);
        var p = k.softmax(draw.tensor(2 * T, T), heads, 1);
        Tensor q = draw.tensor(T, 10), g = with(draw.tensor(T, 10), bad * 10 + 2);
        var key = with(draw.tensor(T, 5), bad * 5 + 2);
        var s = k.score(q, key, heads, 1, Rows.all(T));                       // [2·T, T]
        for (int i = 0; i < s.size(); i++)
            assertEquals(i % T == bad && i / T % T >= bad, Double.isNaN(s.get(i)), "score " + i);
        var z = k.mix(p, key, heads, 1, Rows.all(T));                         // [T, 10]
        for (int i = 0; i < z.size(); i++)
            assertEquals(i / 10 >= bad && i % 5 == 2, Double.isNaN(z.get(i)), "mix " + i);
        var y = k.mixTransposed(p, g, heads, 1, Carrier.VALUES, Rows.all(T)); // [T, 5]
        for (int i = 0; i < y.size(); i++)
            assertEquals(i / 5 <= bad && i % 5 == 2, Double.isNaN(y.get(i)), "mixTransposed " + i);
    }

    /// Of a cotangent that is NaN at one query: the keys that it sees and the query itself, nothing else.
    @ParameterizedTest
    @MethodSource("devices")
    void whatAQueryDoesNotSeeCannotSpoilItInOnePiece(Kernels k) {
        var draw = new Draw(7);
        for (int T : new int[] {23, 70})
            for (int d : new int[] {5, 32}) {
                int bad = T - 6;
                var rows = Rows.all(T);
                Tensor q = draw.tensor(T, 2 * d), key = draw.tensor(T, d), v = draw.tensor(T, d);
                var heads = Heads.causal(2, 1, d, T);
                var z = k.attend(new Fused.Inputs(q, key, with(v, bad * d + 2), heads, 0.3));
                for (int i = 0; i < z.size(); i++)
                    assertEquals(i / (2 * d) >= bad && i % d == 2, Double.isNaN(z.get(i)), "value " + i);
                var scored = k.attend(new Fused.Inputs(q, with(key, bad * d + 2), v, heads, 0.3));
                for (int i = 0; i < z.size(); i++)
                    assertEquals(i / (2 * d) >= bad, Double.isNaN(scored.get(i)), "key " + i);
                var shares = k.attendBackward(with(draw.tensor(T, 2 * d), bad * 2 * d + 2),
                    new Fused.Inputs(q, key, v, heads, 0.3), new Fused.Reading(1, 1, 1, 1, true), rows);
                Tensor toQ = Objects.requireNonNull(shares.q()), toK = Objects.requireNonNull(shares.k());
                for (int i = 0; i < toQ.size(); i++)
                    assertEquals(i / d == 2 * bad, Double.isNaN(toQ.get(i)), "to query " + i);
                for (int i = 0; i < toK.size(); i++) {
                    assertEquals(i / d <= bad, Double.isNaN(toK.get(i)), "to key " + i);
                    assertEquals(i / d <= bad && i % d == 2, Double.isNaN(shares.v().get(i)), "to value " + i);
                }
            }
    }

    private static Tensor with(Tensor x, int nan) {
        var data = x.toFloats();
        data[nan] = Float.NaN;
        return Tensor.of(data, x.shape().dims());
    }

    private static void only(Tensor x, int nan) {
        for (int i = 0; i < x.size(); i++) assertEquals(i == nan, Double.isNaN(x.get(i)), "element " + i);
    }
}
