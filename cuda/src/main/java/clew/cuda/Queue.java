package clew.cuda;

import clew.engine.kernel.DeviceException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Launches kernels by name, and keeps small tables of integers that launches share.
final class Queue {
    private static final int THREADS = 256, WIDEST = 65535, TABLES = 64;

    private final Memory memory;
    private final Room room;
    private final Map<Object, Block> tables = new LinkedHashMap<>(TABLES, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Block> eldest) {
            return size() > TABLES;
        }
    };

    Queue(Memory memory) {
        this.memory = memory;
        this.room = memory.room(Memory.Part.LOOSE);
    }

    /// A thread for each of n elements.
    void elements(String kernel, long n, @Nullable Object... values) {
        grid(kernel, (n + THREADS - 1) / THREADS, 1, 1, values);
    }

    /// A grid of blocks.
    void grid(String kernel, long x, long y, long z, @Nullable Object... values) {
        if (x == 0 || y == 0 || z == 0) return;
        if (x > Integer.MAX_VALUE || y > WIDEST || z > WIDEST)
            throw new DeviceException("the cuda device cannot take so much at once (" + kernel + ": " + x + " × " + y
                + " × " + z + " blocks); give it fewer rows");
        memory.launch(kernel, (int) x, (int) y, (int) z, THREADS, values);
    }

    /// A table made once per key, the latest ones kept.
    Block table(Object key, Supplier<int[]> values) {
        synchronized (tables) {
            var known = tables.get(key);
            if (known != null) return known;
            var made = room.copy(MemorySegment.ofArray(values.get()));
            tables.put(key, made);
            return made;
        }
    }
}
