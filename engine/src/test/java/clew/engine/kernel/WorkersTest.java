package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyChunkRunsOnce(int threads) {
        try (var workers = Workers.of(threads)) {
            for (int chunks : new int[] {0, 1, 2, 7, 1000}) {
                var runs = new AtomicIntegerArray(chunks);
                workers.forEach(chunks, runs::incrementAndGet);
                for (int i = 0; i < chunks; i++) assertEquals(1, runs.get(i));
            }
        }
    }

    @Test
    void writesOfChunksAreSeenByTheCaller() {
        try (var workers = Workers.of(4)) {
            for (int round = 0; round < 2000; round++) {
                var cells = new int[16];
                workers.forEach(16, i -> cells[i] = i + 1);
                assertEquals(136, IntStream.of(cells).sum());
                if (round % 500 == 0) LockSupport.parkNanos(2_000_000);  // long enough for helpers to park
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void whatAChunkThrowsIsThrownToTheCallerAndTheTeamGoesOn(int threads) {
        try (var workers = Workers.of(threads)) {
            var thrown = assertThrows(IllegalStateException.class, () -> workers.forEach(100, i -> {
                if (i == 37) throw new IllegalStateException("chunk 37");
            }));
            assertEquals("chunk 37", thrown.getMessage());
            var after = new AtomicInteger();
            workers.forEach(100, _ -> after.incrementAndGet());
            assertEquals(100, after.get());
        }
    }

    @Test
    void aCallInsideAChunkRunsThere() {
        try (var workers = Workers.of(3)) {
            var inner = new AtomicInteger();
            workers.forEach(10, _ -> {
                var thread = Thread.currentThread();
                workers.forEach(10, _ -> {
                    assertTrue(thread == Thread.currentThread());
                    inner.incrementAndGet();
                });
            });
            assertEquals(100, inner.get());
        }
    }

    @Test
    void callersFromManyThreadsDoNotDisturbEachOther() throws InterruptedException {
        try (var workers = Workers.of(3)) {
            var sum = new AtomicInteger();
            var callers = new Thread[6];
            for (int t = 0; t < callers.length; t++) {
                callers[t] = Thread.ofPlatform().start(() -> {
                    for (int round = 0; round < 200; round++) workers.forEach(20, _ -> sum.incrementAndGet());
                });
            }
            for (var caller : callers) caller.join();
            assertEquals(6 * 200 * 20, sum.get());
        }
    }

    @Test
    void aClosedTeamStillComputes() {
        var workers = Workers.of(3);
        workers.close();
        var runs = new AtomicInteger();
        workers.forEach(50, _ -> runs.incrementAndGet());
        assertEquals(50, runs.get());
    }

    @Test
    void aTeamNeedsAMember() {
        assertThrows(IllegalArgumentException.class, () -> Workers.of(0));
    }
}
