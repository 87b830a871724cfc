package clew.cuda;

import clew.cuda.Driver.Line;
import clew.engine.kernel.DeviceException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The card's memory in blocks: those that were handed back, or that nothing refers to any more, are used again, for
/// blocks of about their size.
///
/// The collector says to which nothing refers. It does not know how full the card is, so it is asked when the card is,
/// and before: each time that what is held has doubled. Sizes are rounded up to eight steps per power of two, so that
/// blocks find one another.
///
/// | a block's next use | comes after its last one, because |
/// |---|---|
/// | in a step | steps are done in their order |
/// | for a copy to the card | it gets what no step that waits has had, and follows those that were sent |
/// | by others | memory goes back to the card when everything is done |
final class Memory implements AutoCloseable {
    private static final long LEAST = 512, FIRST_COLLECTION = 1L << 30;
    private static final int PATIENCE = 4;

    /// What is lent has memory of its own: a pass finds its places free, whatever waits for the collector.
    enum Part { LOOSE, LENT }

    private final Driver driver;
    private final Work work;
    private final ReferenceQueue<Block> dropped = new ReferenceQueue<>();
    /// By address.
    private final Map<Long, Lease> leases = new HashMap<>();
    private final Map<Part, Idle> idle = new EnumMap<>(Map.of(Part.LOOSE, new Idle(), Part.LENT, new Idle()));
    private long held, collectAt = FIRST_COLLECTION;
    private boolean closed;

    /// A block's memory, known when the block is gone.
    private static final class Lease extends PhantomReference<Block> {
        final Part part;
        final long address, bytes;

        Lease(Block block, Part part, long bytes, ReferenceQueue<Block> dropped) {
            super(block, dropped);
            this.part = part;
            this.address = block.address();
            this.bytes = bytes;
        }
    }

    /// Memory that was found, and whether steps have had it before.
    private record Found(long address, boolean isUsed) {}

    Memory(Driver driver) {
        this.driver = driver;
        this.work = new Work(driver);
    }

    /// Where blocks come from.
    Room room(Part part) {
        return new Room() {
            @Override
            public Block block(long elements) {
                return Memory.this.block(part, elements);
            }

            @Override
            public Block zeros(long elements) {
                return Memory.this.zeros(part, elements);
            }

            @Override
            public Block copy(MemorySegment from) {
                return Memory.this.copy(part, from);
            }
        };
    }

    private synchronized Block block(Part part, long elements) {
        var bytes = rounded(Float.BYTES * elements);
        return lease(new Block(this, take(part, bytes, Long.MAX_VALUE).address(), elements), part, bytes);
    }

    private synchronized Block zeros(Part part, long elements) {
        var block = block(part, elements);
        if (elements > 0) work.add(new Step.Clear(block.address(), Float.BYTES * elements));
        return block;
    }

    private synchronized Block copy(Part part, MemorySegment from) {
        var bytes = rounded(from.byteSize());
        var found = take(part, bytes, work.sent());
        var block = lease(new Block(this, found.address(), (from.byteSize() + 3) / 4), part, bytes);
        if (from.byteSize() == 0) return block;
        if (found.isUsed()) driver.order(Line.WORK, Line.COPIES);
        driver.upload(block.address(), from);
        work.followCopies();
        return block;
    }

    /// Copies elements from the beginning of one block into another, which has them for itself.
    synchronized void copy(Block to, long at, Block from, long count) {
        if (to.isShared()) move(to);
        if (count > 0)
            work.add(new Step.Copy(to.address() + Float.BYTES * at, from.address(), Float.BYTES * count));
        Reference.reachabilityFence(to);
        Reference.reachabilityFence(from);
    }

    /// Queues a grid of blocks of `threads`. Blocks that the arguments name are not used again before it is queued.
    synchronized void launch(String kernel, int x, int y, int z, int threads, @Nullable Object... values) {
        work.add(new Step.Launch(driver.kernel(kernel), x, y, z, threads, Arguments.of(values)));
        Reference.reachabilityFence(values);
    }

    /// Copies elements back.
    synchronized void read(Block block, long from, int count, float[] out, int at) {
        if (from < 0 || count < 0 || from > block.elements() - count)
            throw new IndexOutOfBoundsException(from + " … " + (from + count) + " of " + block.elements());
        if (closed) throw new DeviceException("the cuda device has been closed; its tensors cannot be read any more");
        if (count > 0) download(MemorySegment.ofArray(out).asSlice(4L * at, 4L * count), block.address() + 4 * from);
        Reference.reachabilityFence(block);
    }

    /// Copies numbers of eight bytes back.
    synchronized double[] doubles(Block block, int count) {
        var out = new double[count];
        if (count > 0) download(MemorySegment.ofArray(out), block.address());
        Reference.reachabilityFence(block);
        return out;
    }

    private void download(MemorySegment to, long from) {
        work.send();
        driver.order(Line.WORK, Line.COPIES);
        driver.download(to, from);
    }

    /// Its memory is idle from here on, and it cannot be read any more.
    synchronized void takeBack(Block block) {
        if (closed) return;
        vacate(block);
        block.end();
    }

    /// Their elements go where nothing is lent, so that the next pass finds the places free; in steps of their own, so
    /// that those before are the same wherever these go.
    synchronized void leave(List<Block> blocks) {
        if (closed) return;
        if (!blocks.isEmpty()) work.send();
        blocks.forEach(this::move);
    }

    private void move(Block block) {
        var bytes = rounded(Float.BYTES * block.elements());
        var to = take(Part.LOOSE, bytes, Long.MAX_VALUE).address();
        if (block.elements() > 0) work.add(new Step.Copy(to, block.address(), Float.BYTES * block.elements()));
        if (!block.isShared()) vacate(block);
        block.move(to);
        lease(block, Part.LOOSE, bytes);
    }

    private void vacate(Block block) {
        var lease = leases.get(block.address());
        lease.clear();
        recycle(lease);
    }

    /// What is to be done on the card, guarded by this monitor.
    Work work() {
        return work;
    }

    /// Gives everything back to the card that nothing refers to any more.
    synchronized void settle() {
        if (closed) return;
        collect(Long.MAX_VALUE);
        trim();
    }

    private Block lease(Block block, Part part, long bytes) {
        leases.put(block.address(), new Lease(block, part, bytes, dropped));
        return block;
    }

    /// Memory of so many bytes that became idle when there had been no more than `steps`, or new one.
    private Found take(Part part, long bytes, long steps) {
        if (closed) throw new DeviceException("the cuda device has been closed; its tensors cannot be used any more");
        recycle();
        var again = idle.get(part).take(bytes, steps);
        if (again == null && held + bytes > collectAt) {
            collect(bytes);
            collectAt = Math.max(FIRST_COLLECTION, 2 * (held - unused() + bytes));
            again = idle.get(part).take(bytes, steps);
        }
        if (again != null) return new Found(again, true);
        var address = driver.allocate(bytes);
        for (int i = 0; address == 0 && i < PATIENCE; i++) {
            if (i > 0) collect(bytes);
            trim();
            address = driver.allocate(bytes);
        }
        if (address == 0)
            throw new DeviceException(("the cuda device is out of memory: %s are needed, %s of %s are free, and this"
                + " program holds %s; shorten the prompt, ask for fewer targets, or use --device simd").formatted(
                size(bytes), size(driver.free()), size(driver.card().bytes()), size(held)));
        held += bytes;
        return new Found(address, false);
    }

    private static String size(long bytes) {
        return bytes < 1_000_000_000 ? "%.2f MB".formatted(bytes / 1e6) : "%.2f GB".formatted(bytes / 1e9);
    }

    private long unused() {
        return idle.values().stream().mapToLong(Idle::bytes).sum();
    }

    /// What became idle since the last look.
    private void recycle() {
        for (Reference<? extends Block> gone; (gone = dropped.poll()) != null; ) recycle((Lease) gone);
    }

    private void recycle(Lease lease) {
        leases.remove(lease.address);
        idle.get(lease.part).add(lease.bytes, lease.address, work.added());
    }

    /// Asks the collector for blocks that are gone, and waits a little for its answer.
    private void collect(long enough) {
        System.gc();
        try {
            for (long found = 0; found < enough; ) {
                var gone = dropped.remove(50);
                if (gone == null) return;
                found += ((Lease) gone).bytes;
                recycle((Lease) gone);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Gives idle memory back to the card, where blocks of other sizes may find room.
    private void trim() {
        if (unused() == 0) return;
        work.send();
        driver.await();
        held -= unused();
        idle.values().forEach(memory -> memory.clear(driver::release));
    }

    private static long rounded(long bytes) {
        if (bytes <= LEAST) return LEAST;
        var step = Math.max(LEAST, Long.highestOneBit(bytes - 1) / 8);
        return (bytes + step - 1) / step * step;
    }

    /// Frees everything, used or not.
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        work.drop();
        driver.await();
        trim();
        leases.keySet().forEach(driver::release);
        leases.clear();
        held = 0;
    }
}
