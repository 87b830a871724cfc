package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.DeviceException;
import clew.engine.kernel.Part;
import clew.engine.tensor.DType;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What lies on the card, how long, and what is copied there and back.
class MemoryTest {
    private static final int MB = 1 << 20;

    private static FakeDriver small(long bytes) {
        var driver = new FakeDriver(new Card("Fake", bytes, 7, 5, 8), bytes);
        driver.load(Code.PLAIN.text());
        return driver;
    }

    @Test
    void blocksThatNobodyRefersToAreUsedAgain() {
        var driver = small(8 * MB);
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            var x = kernels.tensor(Tensor.of(new float[MB / 4], 1, MB / 4).shape(), new double[MB / 4]);
            for (int i = 0; i < 40; i++) x = kernels.scale(x, 2);                       // 40 MB one after another
            assertTrue(driver.used() <= 8 * MB);
            assertEquals(MB / 4, x.toFloats().length);
        }
        assertEquals(0, driver.used());
        assertTrue(driver.closed);
    }

    @Test
    void aFullCardIsAnErrorWithSizes() {
        var driver = small(4 * MB);
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            var x = kernels.scale(Tensor.of(new float[MB / 2], 1, MB / 2), 1);          // 2 MB that stay
            var e = assertThrows(DeviceException.class, () -> kernels.placeRows(x, new int[] {0}, 6));
            assertEquals("the cuda device is out of memory: 12.58 MB are needed, 2.10 MB of 4.19 MB are free, and this"
                + " program holds 2.10 MB; shorten the prompt, ask for fewer targets, or use --device simd",
                e.getMessage());
            assertEquals(MB / 2, x.size());
        }
    }

    @Test
    void weightsAreCopiedOnceAndFreedWithTheirFile() {
        var driver = small(64 * MB);
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            var arena = Arena.ofShared();
            var bf16 = Tensor.mapped(arena.allocate(2 * MB), DType.BF16, 1024, 1024);
            var bias = Tensor.mapped(arena.allocate(4096), DType.F32, 1024);
            var w = Weight.whole(bf16, Layout.OUT_IN);
            var x = kernels.tensor(Tensor.of(new float[1024], 1, 1024).shape(), new double[1024]);
            var before = driver.uploaded;
            for (int i = 0; i < 5; i++) kernels.addToRows(kernels.linear(x, w, Part.ALL), bias);
            assertEquals(2 * MB + 4096, driver.uploaded - before, "as they are in the file, once");
            assertEquals(0, driver.downloaded, "nothing comes back that nobody asked for");
            arena.close();
            kernels.sweep();
            assertTrue(driver.used() < MB, driver.used() + " bytes are held");
        }
    }

    @Test
    void onlyWhatIsReadIsCopiedBack() {
        var driver = small(64 * MB);
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            var x = kernels.scale(Tensor.of(new float[10_000], 100, 100), 1);
            x.toDoubles(300, 100);
            assertEquals(400, driver.downloaded);
            kernels.dot(x, x, Rows.all(100));
            assertEquals(408, driver.downloaded);
        }
    }

    /// Arrays may be written to between two verbs, as training does.
    @Test
    void arraysAreReadAnew() {
        var driver = small(MB);
        try (var kernels = new CudaKernels(driver, Products.Precision.F32)) {
            var data = new float[] {1, 2, 3};
            kernels.scale(Tensor.of(data, 3), 1);
            var before = driver.uploaded;
            kernels.scale(Tensor.of(data, 3), 1);
            assertEquals(12, driver.uploaded - before);
        }
    }

    @Test
    void aClosedDeviceSaysSo() {
        var kernels = new CudaKernels(small(MB), Products.Precision.F32);
        var x = kernels.scale(Tensor.of(new float[4], 4), 1);
        kernels.close();
        kernels.close();
        assertEquals("the cuda device has been closed; its tensors cannot be read any more",
            assertThrows(DeviceException.class, x::toFloats).getMessage());
        assertThrows(DeviceException.class, () -> kernels.scale(x, 1));
    }

    @Test
    void tensorsOfOtherDevicesCannotBeWrittenTo() {
        try (var kernels = new CudaKernels(small(MB), Products.Precision.F32)) {
            var x = Tensor.of(new float[4], 1, 4);
            assertThrows(IllegalArgumentException.class, () -> kernels.overwriteRows(x, 0, x));
            assertThrows(IndexOutOfBoundsException.class, () -> kernels.gather(x, new int[] {1}));
        }
    }

    // ── copies beside the work ──────────────────────────────────────────────────────────────────────────────────────

    private static final Card CARD = new Card("Fake", MB, 7, 5, 8);
    private static final int COUNT = 1000;

    private static MemorySegment all(float value) {
        var data = new float[COUNT];
        Arrays.fill(data, value);
        return MemorySegment.ofArray(data);
    }

    private static Room loose(Memory memory) {
        return memory.room(Memory.Part.LOOSE);
    }

    private static float[] read(Memory memory, Block block) {
        var out = new float[COUNT];
        memory.read(block, 0, COUNT, out, 0);
        return out;
    }

    /// Ones in a block that nobody has afterwards, and a step that copies them on.
    private static long left(Memory memory, Block to) {
        var block = loose(memory).copy(all(1));
        memory.copy(to, 0, block, COUNT);
        return block.address();
    }

    /// Takes memory until it is that at the address; false if it never is.
    private static boolean comesTo(long address, Supplier<Block> taking) throws InterruptedException {
        var held = new ArrayList<Block>();
        for (int i = 0; i < 20; i++) {
            System.gc();
            Thread.sleep(20);
            held.add(taking.get());
            if (held.getLast().address() == address) return true;
        }
        return false;
    }

    /// Copies are made at once, and work is not done before somebody waits for it.
    @Test
    void aCopyToMemoryThatWasUsedComesAfterItsUse() throws InterruptedException {
        try (var memory = new Memory(new FakeDriver(CARD, MB, FakeDriver.Trait.COPIES_AT_ONCE))) {
            var kept = loose(memory).block(COUNT);
            var address = left(memory, kept);
            memory.work().send();
            assertTrue(comesTo(address, () -> loose(memory).copy(all(2))), "memory was not used again");
            assertArrayEquals(read(memory, loose(memory).copy(all(1))), read(memory, kept));
        }
    }

    @Test
    void aCopyTakesNothingThatAStepMayWaitFor() throws InterruptedException {
        try (var memory = new Memory(new FakeDriver(CARD, MB, FakeDriver.Trait.COPIES_AT_ONCE))) {
            var kept = loose(memory).block(COUNT);
            var address = left(memory, kept);
            assertFalse(comesTo(address, () -> loose(memory).copy(all(2))), "a step that waits had this memory");
            assertTrue(comesTo(address, () -> loose(memory).block(COUNT)), "memory was not used again");
            assertArrayEquals(read(memory, loose(memory).copy(all(1))), read(memory, kept));
        }
    }
}
