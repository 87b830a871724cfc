package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.cuda.FakeDriver.Trait;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.Part;
import clew.engine.kernel.ScalarKernels;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the card does first, and however it is sent, results are those of the verbs in their order.
class LinesTest {
    private static final int ROWS = 32, COLS = 64, STEPS = 48, SOON = 8;

    static Stream<Set<Trait>> manners() {
        var graphs = List.of(Set.<Trait>of(), Set.of(Trait.KEEPS_GRAPHS), Set.of(Trait.NO_GRAPHS));
        var first = List.of(Set.<Trait>of(), Set.of(Trait.WORKS_AT_ONCE), Set.of(Trait.COPIES_AT_ONCE));
        return graphs.stream().flatMap(g -> first.stream().map(f -> Set.copyOf(Stream.concat(g.stream(), f.stream())
            .toList())));
    }

    private static FakeDriver driver(long bytes, Set<Trait> traits) {
        assumeTrue(HostLibrary.get().isPresent(), () -> "skipped: " + HostLibrary.obstacle());
        return FakeDriver.loaded(new Card("Fake", bytes, 7, 5, 8), traits.toArray(Trait[]::new));
    }

    /// A card so small that memory is used again all the time, for copies to it too.
    @ParameterizedTest
    @MethodSource("manners")
    void resultsAreThoseOfTheVerbsInTheirOrder(Set<Trait> traits) {
        var driver = driver(1 << 19, traits);
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            for (int pass = 0; pass < 3; pass++)
                for (int seed = 0; seed < 2; seed++) {
                    var expected = pass(new ScalarKernels(), seed);
                    var actual = pass(kernels, seed);
                    for (int i = 0; i < expected.size(); i++)
                        assertArrayEquals(expected.get(i), actual.get(i), "pass " + pass + ", seed " + seed + ", " + i);
                }
            assertEquals(traits.contains(Trait.NO_GRAPHS), driver.run == 0, driver.run + " graphs ran");
        }
        assertEquals(0, driver.graphs());
        assertEquals(0, driver.used());
    }

    /// Sums of whole numbers, the same on every device, with arrays, which are copied there at each use.
    private static List<double[]> pass(Kernels k, int seed) {
        var random = new SplittableRandom(seed);
        var read = new ArrayList<double[]>();
        Tensor x = k.scale(array(random, ROWS), 2), y = k.add(x, array(random, ROWS));
        for (int i = 1; i <= STEPS; i++) {
            switch (random.nextInt(5)) {
                case 0  -> x = k.add(k.scale(x, -1), array(random, ROWS));
                case 1  -> x = k.part(k.add(x, y), Part.values()[random.nextInt(Part.values().length)]);
                case 2  -> x = k.selectRows(k.add(x, y), random.ints(ROWS, 0, ROWS).toArray());
                case 3  -> y = k.add(k.placeRows(y, random.ints(ROWS, 0, ROWS).toArray(), ROWS), array(random, ROWS));
                default -> k.overwriteRows(y, random.nextInt(ROWS), k.scale(array(random, 1), 3));
            }
            if (i % SOON > 0) continue;
            read.add(k.dot(x, y, Rows.all(ROWS)));
            read.add(x.toDoubles());
            x = k.scale(array(random, ROWS), 2);                                      // small again
            y = k.scale(array(random, ROWS), 2);
        }
        return read;
    }

    private static Tensor array(SplittableRandom random, int rows) {
        var data = new float[rows * COLS];
        for (int i = 0; i < data.length; i++) data[i] = random.nextInt(-8, 9);
        return Tensor.of(data, rows, COLS);
    }

    /// Nothing reads until the end: steps are sent when there are many, and the card is at work before.
    @Test
    void manyStepsDoNotWaitForAReader() {
        var driver = driver(1 << 24, Set.of(Trait.WORKS_AT_ONCE));
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            var x = kernels.scale(Tensor.of(new float[] {1}, 1), 1);
            for (int i = 0; i < 300; i++) x = kernels.add(x, x);
            assertTrue(driver.launches.size() >= 256, driver.launches.size() + " of 301 launches");
            assertEquals(0, driver.downloaded);
        }
    }

    /// Copies to memory that nothing has had before are not held up by the work that is going on.
    @Test
    void copiesToNewMemoryDoNotWaitForWork() {
        var driver = driver(1 << 24, Set.of(Trait.COPIES_AT_ONCE));
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            var x = kernels.scale(Tensor.of(new float[] {1}, 1), 1);
            for (int i = 0; i < 127; i++) x = kernels.add(x, x);                     // sent, and not done yet
            kernels.scale(Tensor.of(new float[1 << 16], 1 << 16), 1);
            assertEquals(List.of(), driver.launches);
            assertTrue(driver.uploaded > 1 << 16);
            assertEquals(0x1p127f, x.toFloats()[0]);
        }
    }
}
