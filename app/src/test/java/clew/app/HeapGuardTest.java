package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The collector is asked when there is something to collect, and not over and over.
class HeapGuardTest {
    private static final long MB = 1 << 20, SECOND = 1_000_000_000;

    private long used;
    private int collections;

    private HeapGuard leaving(long live) {
        return new HeapGuard(() -> used, () -> {
            collections++;
            used = live;
        });
    }

    private int after(HeapGuard guard, long used, long second) {
        this.used = used;
        guard.keepNear(400 * MB, second * SECOND);
        return collections;
    }

    @Test
    void garbageIsCollectedOnceItIsMoreThanMayBeThere() {
        var guard = leaving(300 * MB);
        assertEquals(0, after(guard, 620 * MB, 0));
        assertEquals(1, after(guard, 640 * MB, 1));
        assertEquals(1, after(guard, 600 * MB, 5));
        assertEquals(2, after(guard, 900 * MB, 6));
        assertEquals(2, after(guard, 900 * MB, 6));                                        // within the same second
    }

    @Test
    void whatIsNoGarbageIsLeftAlone() {
        var guard = leaving(900 * MB);
        assertEquals(1, after(guard, 900 * MB, 0));
        assertEquals(1, after(guard, 1100 * MB, 9));
        assertEquals(2, after(guard, 1130 * MB, 10));
    }
}
