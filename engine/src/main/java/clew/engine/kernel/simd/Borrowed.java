package clew.engine.kernel.simd;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.Loans;
import clew.engine.tensor.Storage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// The arrays that one pass has of a [Pool].
public final class Borrowed implements Arena, Loans {
    private final Pool pool;
    private final Kernels kernels;
    /// Since the last settling.
    private final List<float[]> fresh = new ArrayList<>();
    private final Set<float[]> held = Collections.newSetFromMap(new IdentityHashMap<>());

    /// @param device the device, given where its results are to lie
    public Borrowed(Pool pool, Function<Arena, Kernels> device) {
        this.pool = pool;
        this.kernels = device.apply(this);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public float[] any(int length) {
        var array = pool.any(length);
        if (Pool.takes(length)) fresh.add(array);
        return array;
    }

    @Override
    public void settle(Predicate<Storage> needed) {
        for (var array : fresh)
            if (needed.test(new Storage.Floats(array))) held.add(array);
            else pool.add(array);
        fresh.clear();
    }

    @Override
    public void keepOnly(Predicate<Storage> needed) {
        settle(_ -> true);
        for (var all = held.iterator(); all.hasNext(); ) {
            var array = all.next();
            if (needed.test(new Storage.Floats(array))) continue;
            all.remove();
            pool.add(array);
        }
    }

    @Override
    public void leave(Storage storage) {
        if (!(storage instanceof Storage.Floats(var array))) return;
        if (held.remove(array) || fresh.removeIf(a -> a == array)) pool.leave(array.length);
    }
}
