package clew.app;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/// How many prompts are worked on at a time.
///
/// @param threads each of them does a prompt alone; 0: one prompt after another, on all threads of the device
record Jobs(int threads) {
    /// One prompt after another.
    static final Jobs ONE_BY_ONE = new Jobs(0);

    /// What an explanation costs: with one thread for a prompt the time that the thread had a processor, which no other
    /// work on the machine adds to; else the time on the wall.
    LongSupplier clock() {
        var threads = ManagementFactory.getThreadMXBean();
        return isProcessorTime() ? threads::getCurrentThreadCpuTime : System::nanoTime;
    }

    /// What those seconds are.
    String seconds() {
        return isProcessorTime() ? "of a processor" : "on the wall";
    }

    private boolean isProcessorTime() {
        return threads > 0 && ManagementFactory.getThreadMXBean().isCurrentThreadCpuTimeSupported();
    }

    /// What the task makes of 0 … count−1, in this order. What one of them throws is thrown here; those not yet begun
    /// are then left out.
    <T> List<T> each(int count, IntFunction<T> task) {
        var all = new ArrayList<T>();
        if (threads == 0) {
            for (int i = 0; i < count; i++) all.add(task.apply(i));
            return all;
        }
        try (var team = Executors.newFixedThreadPool(threads)) {
            try {
                var asked = new ArrayList<Future<T>>();
                for (int i = 0; i < count; i++) {
                    var number = i;
                    asked.add(team.submit(() -> task.apply(number)));
                }
                for (var one : asked) all.add(one.get());
                return all;
            } catch (ExecutionException e) {
                team.shutdownNow();
                if (e.getCause() instanceof RuntimeException fault) throw fault;
                throw new AssertionError(e.getCause());
            } catch (InterruptedException e) {
                team.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
