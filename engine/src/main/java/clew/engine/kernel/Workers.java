package clew.engine.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A fixed team of threads that share out numbered chunks of work, the caller among them.
///
/// A chunk must own the outputs it writes; then results are bit-identical for any number of threads. Chunks are handed
/// out by a counter, so threads that are slowed down take fewer. Idle threads spin for some microseconds and then park:
/// pure spinning collapses where the processor is shared. A call made from inside a chunk, or while another thread's
/// call
/// is under way, runs its chunks alone, in order.
public final class Workers implements AutoCloseable {
    /// Long enough to bridge the gap between two kernels of a forward pass, short enough not to hurt a shared machine.
    private static final long SPIN_NANOS = 40_000;

    private final Thread[] helpers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Job job;
    private volatile boolean closed;

    private Workers(int threads) {
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Thread(this::serve, "clew-worker-" + (i + 1));
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    /// A team of `threads`, the caller counted. @throws IllegalArgumentException if `threads` < 1
    public static Workers of(int threads) {
        if (threads < 1) throw new IllegalArgumentException("workers: " + threads + " threads; at least 1 is needed");
        return new Workers(threads);
    }

    /// As many threads as the processors this process may use, a container's limit respected.
    public static Workers available() {
        return of(Runtime.getRuntime().availableProcessors());
    }

    public int threads() {
        return helpers.length + 1;
    }

    /// Runs `chunk` for 0 … chunks−1, each once, in any order and on any thread, and returns when all are done.
    ///
    /// What a chunk throws is thrown here; chunks not yet begun are then left out.
    public void forEach(int chunks, IntConsumer chunk) {
        if (chunks <= 1 || helpers.length == 0 || !busy.compareAndSet(false, true)) {
            for (int i = 0; i < chunks; i++) chunk.accept(i);
            return;
        }
        try {
            share(new Job(chunks, chunk, Thread.currentThread()));
        } finally {
            busy.set(false);
        }
    }

    private void share(Job shared) {
        job = shared;
        for (var helper : helpers) LockSupport.unpark(helper);
        shared.work();
        for (var start = System.nanoTime(); !shared.isDone(); ) {
            if (System.nanoTime() - start < SPIN_NANOS) Thread.onSpinWait();
            else LockSupport.parkNanos(shared, 1_000_000);
        }
        job = null;
        shared.rethrow();
    }

    private void serve() {
        var idleSince = System.nanoTime();
        while (!closed) {
            var shared = job;
            if (shared != null && shared.work()) idleSince = System.nanoTime();
            else if (System.nanoTime() - idleSince < SPIN_NANOS) Thread.onSpinWait();
            else {
                LockSupport.park(this);
                idleSince = System.nanoTime();
            }
        }
    }

    /// Lets the threads end. A later [#forEach] still runs, on the caller alone or with threads that have not ended
    /// yet.
    @Override
    public void close() {
        closed = true;
        for (var helper : helpers) LockSupport.unpark(helper);
    }

    /// One call of [#forEach]: which chunk comes next, how many are left, and what went wrong first.
    private static final class Job {
        private final int chunks;
        private final IntConsumer chunk;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;
        private volatile @Nullable Throwable failure;

        Job(int chunks, IntConsumer chunk, Thread caller) {
            this.chunks = chunks;
            this.chunk = chunk;
            this.caller = caller;
            this.left = new AtomicInteger(chunks);
        }

        boolean isDone() {
            return left.get() == 0;
        }

        /// Takes chunks until none is left; whether there was one.
        boolean work() {
            var any = false;
            // The look before the count keeps idle threads from writing to a line that working threads share.
            for (int i; next.get() < chunks && (i = next.getAndIncrement()) < chunks; any = true) {
                try {
                    if (failure == null) chunk.accept(i);
                } catch (Throwable t) {
                    failure = t;
                } finally {
                    if (left.decrementAndGet() == 0) LockSupport.unpark(caller);
                }
            }
            return any;
        }

        void rethrow() {
            switch (failure) {
                case null               -> {}
                case RuntimeException e -> throw e;
                case Error e            -> throw e;
                case Throwable t        -> throw new IllegalStateException("a chunk of work failed: "
                        + t.getMessage(), t);
            }
        }
    }
}
