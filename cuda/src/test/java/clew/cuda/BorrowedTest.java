package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A pass has its blocks of the card's memory and gives them back: the next pass has them again, and the same graphs.
class BorrowedTest {
    private static final int ROWS = 8, COLS = 64, STEPS = 40;

    @BeforeEach
    void onTheProcessor() {
        assumeTrue(HostLibrary.get().isPresent(), () -> "skipped: " + HostLibrary.obstacle());
    }

    private static Tensor array(int rows, float from) {
        var data = new float[rows * COLS];
        for (int i = 0; i < data.length; i++) data[i] = from + i % 7;
        return Tensor.of(data, rows, COLS);
    }

    /// A chain of verbs, each an op; arrays among the operands, as in every pass: ids, seeds.
    private static double[] pass(Kernels device, float from) {
        try (var loans = device.loans()) {
            var k = loans.kernels();
            var x = k.selectRows(k.scale(array(ROWS, from), 0.5), new int[] {1, 0, 2, 3, 3, 5, 6, 7});
            for (int i = 0; i < STEPS; i++) {
                var s = k.rmsScale(x, 1);
                var y = k.add(k.scaleRows(x, s, Rows.all(ROWS)), i % 8 > 0 ? x : array(ROWS, i));
                loans.settle(y.storage()::equals);
                x = y;
            }
            return x.toDoubles();
        }
    }

    @Test
    void passesOfOneShapeRunTheSameGraphs() {
        var driver = FakeDriver.plain();
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            for (int pass = 0; pass < 4; pass++) pass(kernels, pass);
            int made = driver.made, changed = driver.changed, run = driver.run;
            long used = driver.used();
            for (int pass = 0; pass < 10; pass++) pass(kernels, pass);
            assertTrue(made > 0, "no graphs");
            assertEquals(made, driver.made, "graphs were made again");
            assertEquals(changed, driver.changed, "graphs were changed: the memory is not the same");
            assertEquals(run + 10, driver.run);
            assertEquals(used, driver.used());
        }
    }

    @Test
    void numbersAreThoseOfNewMemory() {
        for (var driver : new FakeDriver[] {FakeDriver.plain(), FakeDriver.tensor()})
            try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
                for (int pass = 0; pass < 5; pass++)
                    assertArrayEquals(pass(new CudaKernels(FakeDriver.plain(), Products.Precision.F32), pass),
                        pass(kernels, pass));
            }
    }

    @Test
    void whatIsLeftStaysAndTheRestIsRefused() {
        try (var kernels = new CudaKernels(FakeDriver.plain(), Products.Precision.F32)) {
            Tensor left, gone;
            try (var loans = kernels.loans()) {
                left = loans.kernels().scale(array(ROWS, 1), 2);
                gone = loans.kernels().scale(array(ROWS, 1), 3);
                loans.leave(left.storage());
            }
            pass(kernels, 9);
            assertArrayEquals(kernels.scale(array(ROWS, 1), 2).toDoubles(), left.toDoubles());
            assertEquals("a tensor of the cuda device is read after it was handed back",
                assertThrows(IllegalStateException.class, gone::toDoubles).getMessage());
            assertThrows(IllegalStateException.class, () -> kernels.scale(gone, 1));
        }
    }

    /// Of a pass that keeps its values there is little more than those on the card.
    @Test
    void whatNobodyNeedsIsUsedAgainAtOnce() {
        var driver = FakeDriver.loaded(new Card("Fake", 1 << 20, 7, 5, 8));
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            pass(kernels, 1);
            assertTrue(driver.used() < (STEPS + 4) * 4 * ROWS * COLS, driver.used() + " bytes");
        }
    }

    /// Angles, seeds: the same numbers are copied to the card once; who writes to them has them for itself.
    @Test
    void tensorsOfTheSameNumbersShareTheirPlace() {
        var driver = FakeDriver.plain();
        try (var k = new CudaKernels(driver, Products.Precision.F32)) {
            var zeros = new double[ROWS * COLS];
            Tensor a = k.tensor(Shape.of(ROWS, COLS), zeros), b = k.tensor(Shape.of(ROWS, COLS), zeros.clone());
            assertEquals(4L * ROWS * COLS, driver.uploaded);
            k.overwriteRows(a, 3, array(1, 5));
            k.overwriteRows(a, 4, array(1, 6));
            assertArrayEquals(zeros, b.toDoubles());
            assertArrayEquals(zeros, k.tensor(Shape.of(ROWS, COLS), zeros).toDoubles());
            assertArrayEquals(array(1, 5).toDoubles(), a.toDoubles(3 * COLS, COLS));
            assertArrayEquals(array(1, 6).toDoubles(), a.toDoubles(4 * COLS, COLS));
        }
    }

    /// Verbs may come from any thread, and several passes may be under way.
    @Test
    void passesSideBySideDoNotDisturbOneAnother() {
        double[] expected;
        try (var kernels = new CudaKernels(FakeDriver.plain(), Products.Precision.F32)) {
            expected = pass(kernels, 1);
        }
        try (var kernels = new CudaKernels(FakeDriver.plain(), Products.Precision.F32)) {
            IntStream.range(0, 24).parallel().forEach(_ -> assertArrayEquals(expected, pass(kernels, 1)));
        }
    }
}
