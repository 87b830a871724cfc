package clew.cuda;

import clew.engine.kernel.DeviceException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The card's memory in blocks: those that nothing refers to any more are used again, for blocks of about their size.
///
/// The collector says which they are. It does not know how full the card is, so it is asked when the card is, and
/// before: each time that what is held has doubled. Sizes are rounded up to eight steps per power of two, so that
/// blocks find one another. The queue of the driver is in order: a block's next use comes after its last one.
final class Memory implements AutoCloseable {
    private static final long LEAST = 512, FIRST_COLLECTION = 1L << 30;
    private static final int PATIENCE = 4;

    private final Driver driver;
    private final ReferenceQueue<Block> dropped = new ReferenceQueue<>();
    private final Set<Lease> leases = new HashSet<>();
    private final Map<Long, ArrayDeque<Long>> idle = new HashMap<>();
    private long held, unused, collectAt = FIRST_COLLECTION;
    private boolean closed;

    /// A block's memory, known when the block is gone.
    private static final class Lease extends PhantomReference<Block> {
        final long address, bytes;

        Lease(Block block, long bytes, ReferenceQueue<Block> dropped) {
            super(block, dropped);
            this.address = block.address();
            this.bytes = bytes;
        }
    }

    Memory(Driver driver) {
        this.driver = driver;
    }

    /// Room for so many elements of four bytes; what is in it is anything.
    synchronized Block block(long elements) {
        if (closed) throw new DeviceException("the cuda device has been closed; its tensors cannot be used any more");
        var bytes = rounded(Float.BYTES * elements);
        var block = new Block(this, take(bytes), elements);
        leases.add(new Lease(block, bytes, dropped));
        return block;
    }

    /// Room for elements and zeros in it.
    synchronized Block zeros(long elements) {
        var block = block(elements);
        driver.clear(block.address(), Float.BYTES * elements);
        return block;
    }

    /// A copy of these bytes.
    synchronized Block copy(MemorySegment bytes) {
        var block = block((bytes.byteSize() + 3) / 4);
        if (bytes.byteSize() > 0) driver.upload(block.address(), bytes);
        return block;
    }

    /// Copies elements from the beginning of one block into another.
    synchronized void copy(Block to, long at, Block from, long count) {
        if (count > 0) driver.copy(to.address() + Float.BYTES * at, from.address(), Float.BYTES * count);
        Reference.reachabilityFence(to);
        Reference.reachabilityFence(from);
    }

    /// Copies elements back.
    synchronized void read(Block block, long from, int count, float[] out, int at) {
        if (from < 0 || count < 0 || from > block.elements() - count)
            throw new IndexOutOfBoundsException(from + " … " + (from + count) + " of " + block.elements());
        if (closed) throw new DeviceException("the cuda device has been closed; its tensors cannot be read any more");
        if (count > 0)
            driver.download(MemorySegment.ofArray(out).asSlice(4L * at, 4L * count), block.address() + 4 * from);
        Reference.reachabilityFence(block);
    }

    /// Copies numbers of eight bytes back.
    synchronized double[] doubles(Block block, int count) {
        var out = new double[count];
        if (count > 0) driver.download(MemorySegment.ofArray(out), block.address());
        Reference.reachabilityFence(block);
        return out;
    }

    /// Bytes that blocks in use take.
    synchronized long used() {
        recycle();
        return held - unused;
    }

    /// Gives everything back to the card that nothing refers to any more.
    synchronized void settle() {
        if (closed) return;
        collect(Long.MAX_VALUE);
        trim();
    }

    private long take(long bytes) {
        recycle();
        var again = idle.get(bytes);
        if (again != null && !again.isEmpty()) {
            unused -= bytes;
            return again.pop();
        }
        if (held + bytes > collectAt) {
            collect(bytes);
            collectAt = Math.max(FIRST_COLLECTION, 2 * (held - unused + bytes));
            again = idle.get(bytes);
            if (again != null && !again.isEmpty()) {
                unused -= bytes;
                return again.pop();
            }
        }
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
        return address;
    }

    private static String size(long bytes) {
        return bytes < 1_000_000_000 ? "%.2f MB".formatted(bytes / 1e6) : "%.2f GB".formatted(bytes / 1e9);
    }

    /// What became idle since the last look.
    private void recycle() {
        for (Reference<? extends Block> gone; (gone = dropped.poll()) != null; ) recycle((Lease) gone);
    }

    private void recycle(Lease lease) {
        leases.remove(lease);
        unused += lease.bytes;
        idle.computeIfAbsent(lease.bytes, _ -> new ArrayDeque<>()).push(lease.address);
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
        idle.values().forEach(addresses -> addresses.forEach(driver::release));
        idle.clear();
        held -= unused;
        unused = 0;
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
        trim();
        leases.forEach(lease -> driver.release(lease.address));
        leases.clear();
        held = 0;
    }
}
