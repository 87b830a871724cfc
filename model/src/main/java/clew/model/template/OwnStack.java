package clew.model.template;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// Work that nests as deep as a template may, on a stack of its own that is large enough for it.
///
/// How much of the caller's stack is left is not known, nor how much a level of nesting takes: that depends on what has
/// been compiled. An overflow could not be caught safely either, as it may end a class's initialisation, or come out
/// of a library in other words. So the depth is bounded ([Room#enter]), and the stack has sixteen times the 2 MB that
/// were seen to go that deep, interpreted or compiled.
final class OwnStack {
    private static final long BYTES = 32L << 20;           // of addresses; memory only as far as it is used

    private OwnStack() {}

    /// The thread of one piece of work.
    private static final class Own extends Thread {
        Own(Runnable work) {
            super(null, work, "clew-template", BYTES);
            setDaemon(true);
        }
    }

    /// What the work returns or throws. It is not interrupted: a template comes to an end by itself. Work inside such
    /// work stays where it is.
    static <T> T run(Supplier<T> work) {
        if (Thread.currentThread() instanceof Own) return work.get();
        var task = new FutureTask<>(work::get);
        new Own(task).start();
        var interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) throw fault;
            if (e.getCause() instanceof Error error) throw error;
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
