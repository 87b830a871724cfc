package clew.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import clew.engine.kernel.Kernels;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.weights.Quantisation;
import clew.weights.QuantisedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A quantised model is the model whose blocks' matrices are the decoded ones, forward and backward.
class QuantisedTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2};

    @TempDir Path dir;

    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void logitsAndGradientsAreThoseOfTheDecodedWeights(Tiny.Family family, Device device) {
        for (var how : Quantisation.values()) {
            var decoded = family.make();
            try (var quantised = open(family.make(), how, device.kernels())) {
                var matrices = quantised.quantised().orElseThrow();
                for (var name : List.copyOf(decoded.tensors.keySet())) {
                    if (!isOfABlock(name, decoded.tensors.get(name))) continue;
                    var matrix = matrices.matrix(name, decoded.tensors.get(name).shape().dims());
                    decoded.tensors.put(name, Tensor.of(matrix.toFloats(), matrix.shape().dims()));
                }
                try (var plain = decoded.open(dir.resolve("decoded-" + how.label()), device.kernels())) {
                    same(plain, quantised, device, how.label());
                }
            }
        }
    }

    private static void same(LanguageModel plain, LanguageModel quantised, Device device, String what) {
        try (var a = plain.run(Pass.of(IDS)); var b = quantised.run(Pass.of(IDS))) {
            var last = IDS.length - 1;
            Close.equal(a.logits(0, last), b.logits(0, last), device.rounding, () -> what);
            for (var rules : List.of(RuleSets.GRADIENT, RuleSets.ATTN_LRP, RuleSets.gamma(0.25, 1e-6)))
                Close.equal(gradient(a, rules), gradient(b, rules), 10 * device.rounding,
                    () -> what + ", " + rules.name());
        }
    }

    private static double[] gradient(Run run, RuleSet rules) {
        var seed = new double[run.model().spec().outputs()];
        seed[5] = 1;
        return run.backward(List.of(Run.Seed.of(IDS.length - 1, seed)), rules, Set.of(run.embeddings()))
            .of(run.embeddings()).of(0);
    }

    private static boolean isOfABlock(String name, Tensor tensor) {
        return tensor.shape().rank() == 2 && Stream.of(".h.", ".layers.").anyMatch(name::contains);
    }

    @Test
    void embeddingsPositionsAndHeadStayAsTheyAre() {
        try (var model = open(Tiny.gpt2(), Quantisation.INT8, Device.SCALAR.kernels())) {
            var gpt2 = (Gpt2) model.family();
            for (var kept : List.of(gpt2.tokens().table(), gpt2.positions(), gpt2.head().weight().tensor()))
                assertInstanceOf(Storage.Mapped.class, kept.storage());
            assertInstanceOf(Storage.Coded.class, gpt2.blocks().getFirst().in().weight().tensor().storage());
            assertEquals(Quantisation.INT8, model.quantised().orElseThrow().how());
        }
    }

    private LanguageModel open(Tiny tiny, Quantisation how, Kernels kernels) {
        return Models.open(tiny.write(dir.resolve("model-" + how.label())), kernels,
            new QuantisedFile(how, dir, _ -> {}));
    }
}
