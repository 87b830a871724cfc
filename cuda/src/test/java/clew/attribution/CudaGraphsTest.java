package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.cuda.Fake;
import clew.model.Pass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Explanations of one shape send the same graphs: whatever a method reads on its way, nothing is made or changed from
/// the third one on.
final class CudaGraphsTest {
    private static final List<AttributionMethod> METHODS = List.of(new Saliency(), new Lrp());

    @TestFactory
    Stream<DynamicTest> explanationsOfOneShapeSendTheSameGraphs() {
        return Stream.of("gpt2-tiny", "llama-tiny-gqa-bf16").flatMap(name -> METHODS.stream().map(method ->
            DynamicTest.dynamicTest(name + " " + method.getClass().getSimpleName(), () -> agree(name, method))));
    }

    private static void agree(String name, AttributionMethod method) {
        assumeTrue(Fake.obstacle().isEmpty(), () -> "skipped: " + Fake.obstacle().orElseThrow());
        var card = Fake.watched(true);
        try (var subject = new Subject(Golden.read(name), card.kernels())) {
            var first = explain(subject, method);
            for (int i = 0; i < 2; i++) explain(subject, method);
            var before = card.graphs().get();
            for (int i = 0; i < 3; i++) assertArrayEquals(first, explain(subject, method));
            var after = card.graphs().get();
            assertEquals(before.made() + before.changed(), after.made() + after.changed(), before + " → " + after);
            assertTrue(after.run() > before.run());
        }
    }

    private static double[] explain(Subject subject, AttributionMethod method) {
        var ids = subject.golden.sequence("s0");
        try (var run = subject.model.run(Pass.of(ids).at(ids.length - 1))) {
            var target = Target.id(subject.golden.target("s0", "t0")).on(run).getFirst();
            return method.explain(run, List.of(target)).scores()[0];
        }
    }
}
