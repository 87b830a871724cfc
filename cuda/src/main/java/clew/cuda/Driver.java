package clew.cuda;

import java.lang.foreign.MemorySegment;

/// What the device needs of the driver, one card and one queue: what is launched and copied happens in the order of the
/// calls, from whatever thread; reading back waits for what comes before it.
///
/// Failures are [clew.engine.kernel.DeviceException]s.
interface Driver extends AutoCloseable {
    /// The card that is driven.
    Card card();

    /// Bytes of its memory that are free.
    long free();

    /// Loads kernels from PTX, the text of one module.
    void load(String ptx);

    /// A kernel of the module; calls with the same name give the same object.
    Object kernel(String name);

    /// New memory, aligned for anything; 0 if there is no room.
    long allocate(long bytes);

    /// Gives memory back.
    void release(long address);

    /// Copies to the card. The source may change afterwards.
    void upload(long to, MemorySegment from);

    /// Copies from the card, and waits until it is done.
    void download(MemorySegment to, long from);

    /// Copies within the card.
    void copy(long to, long from, long bytes);

    /// Fills with zeros.
    void clear(long at, long bytes);

    /// Queues a grid of `x · y · z` blocks of `threads`.
    void launch(Object kernel, int x, int y, int z, int threads, Arguments arguments);

    /// Ends it; memory that is still held is freed.
    @Override
    void close();
}
