package clew.attribution;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import clew.cuda.Fake;
import clew.engine.kernel.Devices;
import clew.engine.kernel.Kernels;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/// The peers' numbers on the cuda device, held to what the SIMD device is held to: all of them on a card, if there is
/// one; through the fake driver one sequence of three checkpoints, what goes forward, gradients and relevance.
final class CudaGoldenTest {
    /// Learned positions; shared key heads and bf16 weights; caps, windows and norms behind the blocks.
    private static final List<String> FEW = List.of("gpt2-tiny", "llama-tiny-gqa-bf16", "gemma2-tiny");
    private static final Pattern SOME = Pattern.compile("logits|hidden_states|attentions|grad_emb|ixg_tok|.*lrp.*_tok");

    @TestFactory
    Stream<DynamicContainer> throughTheFakeDriver() {
        return FEW.stream().map(name -> golden(name, Fake.obstacle(), Fake::tensor, c ->
            c.sequence().equals("s0") && c.precision().equals("f64") && SOME.matcher(c.what()).matches()));
    }

    @TestFactory
    Stream<DynamicContainer> onACard() {
        var obstacle = Devices.provider("cuda").orElseThrow().obstacle();
        return GoldenTest.GOLDENS.stream()
            .map(name -> golden(name, obstacle, () -> Devices.open("cuda", 1).kernels(), _ -> true));
    }

    private static DynamicContainer golden(String name, Optional<String> obstacle, Supplier<Kernels> device,
                                           Predicate<Case> which) {
        if (obstacle.isPresent())
            return dynamicContainer(name, Stream.of(dynamicTest("goldens of " + name,
                () -> assumeTrue(false, "skipped: " + obstacle.get()))));
        var subject = new Subject(Golden.read(name), device.get());
        var figures = new HashMap<String, Double>();
        return dynamicContainer(name, subject.golden.arrays().keySet().stream().map(Case::of).filter(which)
            .map(c -> dynamicTest(c.array(), () -> GoldenTest.isMatched(subject, c, Device.SIMD, figures)))
            .onClose(subject::close));
    }
}
