package clew.cuda;

import clew.engine.kernel.DeviceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends steps to the card as graphs, which it starts at once and works through without waiting for the processor.
///
/// | steps that | are sent |
/// |---|---|
/// | are few, or the first of their kinds | one by one: to make a graph takes longer than that |
/// | are of the kinds of others before, in other places | as the graph of these kinds, which is changed |
/// | come again in the same places | as their own graph, made once |
final class Graphs {
    private static final int SHORT = 4, KINDS = 64, SAME = 256, SEEN = 1024;

    private final Driver driver;
    private final LinkedHashMap<List<Step>, Object> same = new LinkedHashMap<>();
    /// By the steps' kinds; nothing, where they came once.
    private final LinkedHashMap<List<Object>, Optional<Object>> alike = new LinkedHashMap<>();
    /// Hashes of steps that came once.
    private final LinkedHashMap<Integer, Boolean> seen = new LinkedHashMap<>();
    private @Nullable String refusal;

    Graphs(Driver driver) {
        this.driver = driver;
        this.refusal = driver.withoutGraphs().orElse(null);
    }

    void run(List<Step> steps) {
        var graph = refusal != null || steps.size() < SHORT ? null : graph(steps);
        if (graph != null) driver.run(graph);
        else steps.forEach(step -> step.put(driver));
    }

    /// The graph of these steps, if there is to be one.
    private @Nullable Object graph(List<Step> steps) {
        try {
            var own = same.remove(steps);
            if (own == null && seen.remove(steps.hashCode()) != null) own = driver.graph(steps, null);
            if (own != null) {
                same.put(steps, own);
                if (same.size() > SAME) driver.forget(same.pollFirstEntry().getValue());
                return own;
            }
            seen.put(steps.hashCode(), true);
            if (seen.size() > SEEN) seen.pollFirstEntry();
            return changed(steps);
        } catch (DeviceException e) {
            refuse(e.getMessage());
            return null;
        }
    }

    private @Nullable Object changed(List<Step> steps) {
        var kinds = steps.stream().map(Step::kind).toList();
        var before = alike.remove(kinds);
        var graph = before == null ? null : driver.graph(steps, before.orElse(null));
        alike.put(kinds, Optional.ofNullable(graph));
        if (alike.size() > KINDS) alike.pollFirstEntry().getValue().ifPresent(driver::forget);
        return graph;
    }

    /// One by one from now on.
    void refuse(String why) {
        clear();
        refusal = why;
    }

    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    void clear() {
        same.values().forEach(driver::forget);
        same.clear();
        alike.values().forEach(graph -> graph.ifPresent(driver::forget));
        alike.clear();
    }
}
