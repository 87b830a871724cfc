package clew.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Memory that nobody has, by size.
final class Idle {
    /// By size and address: how many steps there had been when it became idle.
    private final Map<Long, TreeMap<Long, Long>> all = new HashMap<>();
    private long bytes;

    void add(long size, long address, long steps) {
        all.computeIfAbsent(size, _ -> new TreeMap<>()).put(address, steps);
        bytes += size;
    }

    /// The lowest address of what became idle when there had been no more than so many steps: passes that leave what
    /// they had come to the same places again.
    @Nullable Long take(long size, long steps) {
        var there = all.getOrDefault(size, new TreeMap<>());
        var address = there.entrySet().stream().filter(each -> each.getValue() <= steps).map(Map.Entry::getKey)
            .findFirst().orElse(null);
        if (address == null) return null;
        there.remove(address);
        bytes -= size;
        return address;
    }

    long bytes() {
        return bytes;
    }

    /// Everything goes.
    void clear(LongConsumer address) {
        all.values().forEach(addresses -> addresses.keySet().forEach(address::accept));
        all.clear();
        bytes = 0;
    }
}
