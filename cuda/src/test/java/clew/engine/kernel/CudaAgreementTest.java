package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.cuda.Fake;
import clew.engine.tensor.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// CUDA = scalar, for every verb at awkward lengths: on the processor through the fake driver, and on a card if there
/// is one.
class CudaAgreementTest {
    private static final int[] LENGTHS = {1, 2, 3, 7, 8, 16, 17, 31, 33, 64, 65, 130};
    /// Of attention, whose cases are many: on both sides of a tile of 32, and of 64 and 128 columns.
    private static final int[] TILES = {1, 7, 33, 65}, COLUMNS = {1, 33, 130}, BACKWARD = {2, 33, 130};
    private static final int ROWS = 6;
    private static final Kernels SCALAR = new ScalarKernels();

    @TestFactory
    Stream<DynamicNode> cudaEqualsScalar() {
        var devices = new LinkedHashMap<String, Supplier<Kernels>>();
        devices.put("fake", Fake::plain);
        devices.put("card", () -> Devices.open("cuda", 1).kernels());
        return devices.entrySet().stream().map(device -> DynamicContainer.dynamicContainer(device.getKey(),
            Verbs.TABLE.keySet().stream().map(verb -> DynamicTest.dynamicTest(device.getKey() + " " + verb,
                () -> agree(verb, device)))));
    }

    private void agree(String verb, Map.Entry<String, Supplier<Kernels>> device) {
        var obstacle = device.getKey().equals("fake") ? Fake.obstacle()
            : Devices.provider("cuda").orElseThrow().obstacle();
        assumeTrue(obstacle.isEmpty(), () -> "skipped: " + obstacle.orElseThrow());
        var wrong = new ArrayList<String>();
        var kernels = device.getValue().get();
        for (int n : lengths(verb))
            for (var c : some(verb, Verbs.of(verb, new Draw(1000L * verb.hashCode() + n), n, ROWS))) {
                var fault = fault(c, kernels);
                if (!fault.isEmpty()) wrong.add(verb + " at " + n + " " + c.what() + fault);
            }
        assertEquals(List.of(), wrong.stream().limit(5).toList(), wrong.size() + " wrong");
    }

    /// Each case of [Kernels#attendBackward] comes four times, for its four results: one of them, each time another.
    private static List<Case> some(String verb, List<Case> cases) {
        return !verb.equals("attendBackward") ? cases
            : IntStream.range(0, cases.size()).filter(i -> i % 4 == i / 4 % 4).mapToObj(cases::get)
                .filter(c -> !c.what().contains("keys=130")).toList();
    }

    private static int[] lengths(String verb) {
        return switch (verb) {
            case "score", "softmax", "softmaxBackward" -> TILES;
            case "mix", "mixTransposed", "attend"      -> COLUMNS;
            case "attendBackward"                      -> BACKWARD;
            default                                    -> LENGTHS;
        };
    }

    private static String fault(Case c, Kernels kernels) {
        var expected = c.call().apply(SCALAR);
        var actual = c.call().apply(kernels);
        assertEquals(expected.shape(), actual.shape(), c.what());
        var copied = c.verb().startsWith("dot") || c.what().endsWith("part 3") || actual.size() == 0;
        if (!copied) assertInstanceOf(Storage.Remote.class, actual.storage(), c.what());
        double[] e = expected.toDoubles(), a = actual.toDoubles();
        return IntStream.range(0, e.length).filter(i -> !(Math.abs(e[i] - a[i]) <= c.tolerance(e[i])))
            .mapToObj(i -> ": [" + i + "] " + e[i] + " but " + a[i]).findFirst().orElse("");
    }

    /// Nothing that a query does not see, and nothing beside an operand, comes into a result.
    @TestFactory
    Stream<DynamicNode> nansStayWhereTheyAre() {
        return Stream.of(DynamicTest.dynamicTest("a NaN reaches what depends on it and nothing else", () -> {
            assumeTrue(Fake.obstacle().isEmpty(), () -> "skipped: " + Fake.obstacle().orElseThrow());
            var law = new NanTest();
            for (var k : List.of(Fake.plain(), Fake.tensor())) {
                law.aWeightThatIsNanShowsInItsOutputAndNoOther(k);
                law.elementwiseVerbsKeepNanWhereItIs(k);
                law.rowSumsCarryNanThroughTheirRow(k);
                law.softmaxCarriesNanThroughItsRow(k);
                law.whatAQueryDoesNotSeeCannotSpoilIt(k);
            }
        }));
    }
}
