package clew.engine.kernel.simd;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Arrays that nobody needs any more, by length, to be used again.
///
/// A pass has the same lengths as the one before it, so that one array serves the same place of every pass, is not
/// cleared and is often still in a cache. For a length that is not here a new array is made. What is borrowed and what
/// is kept here are together at most a quarter, or 128 MB, more than was once borrowed at a time: beyond that the
/// lengths that were not asked for longest are let go. The collector may have all that is kept rather than run out of
/// memory.
public final class Pool {
    /// Shorter arrays are made anew: that costs less than looking for one.
    private static final int SMALL = 1 << 10;
    /// Floats that may lie here however little is borrowed: 128 MB, for passes over the rest of a prompt behind each of
    /// its tokens, which have other lengths every time and the same ones again.
    private static final long SPARE = 32L << 20;

    private final Map<Integer, Deque<SoftReference<float[]>>> free = new LinkedHashMap<>(16, 0.75f, true);
    /// Floats that are borrowed, that once were, that lie here, and that were let go since the collector was asked.
    private long lent, most, kept, gone;

    /// Whether arrays of this length are handed back at all.
    static boolean takes(int length) {
        return length >= SMALL;
    }

    /// An array with anything in it.
    float[] any(int length) {
        var again = takes(length) ? again(length) : null;
        return again != null ? again : new float[length];
    }

    private synchronized float @Nullable [] again(int length) {
        lent += length;
        most = Math.max(most, lent);
        var some = free.get(length);
        while (some != null && !some.isEmpty()) {
            kept -= length;
            var array = some.pop().get();
            if (array != null) return array;
        }
        letGo();
        return null;
    }

    private long spare() {
        return Math.max(most / 4, SPARE);
    }

    /// What is let go is old garbage, at which the serial collector looks only when the heap has its limit: it is asked
    /// to once there is as much of it as may be spare.
    private void letGo() {
        for (var lengths = free.entrySet().iterator(); lent + kept > most + spare() && lengths.hasNext(); ) {
            var oldest = lengths.next();
            var some = oldest.getValue();
            for (; lent + kept > most + spare() && !some.isEmpty(); some.pollLast()) {
                kept -= oldest.getKey();
                gone += oldest.getKey();
            }
            if (some.isEmpty()) lengths.remove();
        }
        if (gone <= spare()) return;
        gone = 0;
        System.gc();
    }

    /// Nobody will hand back an array of this length that was borrowed.
    synchronized void leave(int length) {
        lent -= length;
    }

    /// Takes an array back, which nobody may read or write any more.
    synchronized void add(float[] array) {
        assert spoilt(array);
        lent -= array.length;
        kept += array.length;
        free.computeIfAbsent(array.length, _ -> new ArrayDeque<>()).push(new SoftReference<>(array));
    }

    /// Where assertions are on, who reads it all the same sees it.
    private static boolean spoilt(float[] array) {
        Arrays.fill(array, Float.NaN);
        return true;
    }
}
