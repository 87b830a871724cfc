package clew.cuda;

import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/// Operands on the card. Its own blocks are there; mapped weights are copied once and kept while their file is open;
/// arrays, which training writes to, are copied each time.
final class Operands {
    private final Memory memory;
    private final Map<MemorySegment.Scope, Map<Key, Held>> kept = new WeakHashMap<>();

    /// A stretch of a file that is open.
    private record Key(long address, long bytes, Object kind) {}

    Operands(Memory memory) {
        this.memory = memory;
    }

    /// The elements as floats.
    Block floats(Tensor x) {
        return switch (x.storage()) {
            case Block b when b.memory() == memory -> b;
            case Storage.Mapped(var m, var t) -> keep(m, "floats of " + t, () -> Held.floats(copy(x))).data();
            case Storage.Coded c -> keep(c.codes(), "floats of " + c.coding(), () -> Held.floats(copy(x))).data();
            case Storage.Floats(var a) -> memory.copy(MemorySegment.ofArray(a));
            case Storage.Doubles _, Storage.Remote _ -> copy(x);
        };
    }

    /// The elements of a matrix in as few bytes as the kernels can read.
    Held weight(Tensor x) {
        return switch (x.storage()) {
            case Storage.Mapped(var m, var t) -> switch (t) {
                case F32  -> Held.floats(floats(x));
                case BF16 -> keep(m, t, () -> new Held(memory.copy(m), Held.BF16, null));
                case F16  -> keep(m, t, () -> new Held(memory.copy(m), Held.F16, null));
                default   -> Held.floats(floats(x));
            };
            case Storage.Coded c -> keep(c.codes(), c.coding(), () -> new Held(memory.copy(c.codes()),
                c.coding() == Coding.INT8 ? Held.INT8 : Held.NF4, memory.copy(MemorySegment.ofArray(scales(c)))));
            case Storage.Floats _, Storage.Doubles _, Storage.Remote _ -> Held.floats(floats(x));
        };
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

    private interface Copying {
        Held copy();
    }

    /// Memory in the heap has no file that closes: it is copied each time.
    private Held keep(MemorySegment data, Object kind, Copying copying) {
        if (data.heapBase().isPresent()) return copying.copy();
        var key = new Key(data.address(), data.byteSize(), kind);
        synchronized (kept) {
            var there = kept.computeIfAbsent(data.scope(), _ -> new HashMap<>());
            var known = there.get(key);
            if (known != null) return known;
            var copied = copying.copy();
            there.put(key, copied);
            return copied;
        }
    }

    /// Rounded to float, as other devices have them.
    private Block copy(Tensor x) {
        if (x.storage() instanceof Storage.Mapped(var m, var t) && t == DType.F32)
            return memory.copy(m);
        return memory.copy(MemorySegment.ofArray(x.toFloats()));
    }

    /// Scales that are quantised themselves are plain floats here: the same numbers.
    private static float[] scales(Storage.Coded c) {
        var scales = new float[Math.toIntExact(Coding.blocks(c.elements()))];
        for (int b = 0; b < scales.length; b++) scales[b] = c.scales().at(b);
        return scales;
    }
}
