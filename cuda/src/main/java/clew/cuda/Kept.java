package clew.cuda;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;

/// Weights of mapped files: copied to the card once, and kept while their file is open.
final class Kept {
    private final Memory memory;
    private final Room room;
    private final Map<MemorySegment.Scope, Map<Key, Held>> kept = new WeakHashMap<>();

    /// A stretch of a file that is open.
    private record Key(long address, long bytes, Object kind) {}

    Kept(Memory memory) {
        this.memory = memory;
        this.room = memory.room(Memory.Part.LOOSE);
    }

    /// Memory in the heap has no file that closes: it is copied each time.
    Held keep(MemorySegment data, Object kind, Function<Room, Held> copying) {
        if (data.heapBase().isPresent()) return copying.apply(room);
        var key = new Key(data.address(), data.byteSize(), kind);
        synchronized (kept) {
            var there = kept.computeIfAbsent(data.scope(), _ -> new HashMap<>());
            var known = there.get(key);
            if (known != null) return known;
            var copied = copying.apply(room);
            there.put(key, copied);
            return copied;
        }
    }

    /// Forgets the weights whose files have been closed.
    void sweep() {
        synchronized (kept) {
            if (!kept.keySet().removeIf(scope -> !scope.isAlive())) return;
        }
        memory.settle();
    }

    void clear() {
        synchronized (kept) {
            kept.clear();
        }
    }
}
