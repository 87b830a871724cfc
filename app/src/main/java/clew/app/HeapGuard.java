package clew.app;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Asks for old garbage to be collected while work holds more than it needs.
///
/// The serial collector looks at what has grown old only when the heap has its limit, which may be most of the machine.
/// Where the work was foretold ([Forecast]) there is no need to let it come to that.
final class HeapGuard {
    /// What may lie in the heap besides what the work needs: the young generation, and arrays that a device keeps.
    private static final long BESIDES = 96L + 128 << 20;
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier used;
    private final Runnable collector;
    private long asked = Long.MIN_VALUE / 2, floor;

    HeapGuard() {
        this(() -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory(), System::gc);
    }

    HeapGuard(LongSupplier used, Runnable collector) {
        this.used = used;
        this.collector = collector;
    }

    /// What a collection left is not asked for again until as much has come to it.
    ///
    /// @param needed bytes that the work holds at most
    /// @param now    in nanoseconds: it is asked once a second at most
    void keepNear(long needed, long now) {
        if (now - asked < PAUSE || used.getAsLong() <= Math.max(needed, floor) + BESIDES) return;
        asked = now;
        collector.run();
        floor = used.getAsLong();
    }
}
