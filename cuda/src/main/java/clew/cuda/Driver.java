package clew.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the device needs of the driver: one card with two lines of work.
///
/// What is put into a line is done in the order of the calls, from whatever thread; the lines go side by side, except
/// where [#order] says what waits for what. Failures are [clew.engine.kernel.DeviceException]s.
interface Driver extends AutoCloseable {
    /// WORK computes; COPIES moves between the card's memory and the processor's.
    enum Line { WORK, COPIES }

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

    /// Gives memory back that nothing in a line uses any more.
    void release(long address);

    // ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// What comes into `then` from now on waits for what is in `first` by now.
    void order(Line first, Line then);

    /// Waits until both lines are empty.
    void await();

    /// COPIES: to the card. The source may change afterwards.
    void upload(long to, MemorySegment from);

    /// COPIES: from the card, and waits until it is done.
    void download(MemorySegment to, long from);

    /// WORK: copies within the card.
    void copy(long to, long from, long bytes);

    /// WORK: fills with zeros.
    void clear(long at, long bytes);

    /// WORK: a grid of `x · y · z` blocks of `threads`.
    void launch(Object kernel, int x, int y, int z, int threads, Arguments arguments);

    // ── graphs ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Why there are none; empty where there are.
    Optional<String> withoutGraphs();

    /// What `steps` put into WORK, as one graph, and not done yet. A graph of the same kinds of steps is changed into
    /// it where the driver can, and is otherwise forgotten.
    Object graph(Iterable<Step> steps, @Nullable Object like);

    /// WORK: everything that is in the graph.
    void run(Object graph);

    /// Frees a graph that will not be run any more; it may still be at work.
    void forget(Object graph);

    /// Ends it; memory that is still held is freed.
    @Override
    void close();
}
