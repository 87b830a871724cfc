package clew.app;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/// The most memory that the heap held since a moment: the sum of its pools' peaks, which includes what the collector
/// had not yet freed and leaves out the mapped weights.
record PeakMemory(List<MemoryPoolMXBean> pools) {
    static PeakMemory start() {
        var pools = ManagementFactory.getMemoryPoolMXBeans().stream().filter(p -> p.getType() == MemoryType.HEAP)
            .toList();
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
        return new PeakMemory(pools);
    }

    long bytes() {
        return pools.stream().mapToLong(p -> p.getPeakUsage().getUsed()).sum();
    }
}
