package clew.cuda;

import clew.engine.kernel.DeviceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends steps to the card as graphs, which it starts at once and works through without waiting for the processor.
///
/// | a sequence of kernels that was | is sent |
/// |---|---|
/// | never there, or is short | step by step: to make a graph takes longer than that |
/// | there before, elsewhere | as its graph, changed to the new places, or made |
/// | there before in the same places | as its graph, which nothing is done to |
///
/// Memory takes the lowest address that is idle, so that passes of one shape come to the same places again.
final class Graphs {
    private static final int SHORT = 4, KEPT = 64;

    private final Driver driver;
    private final LinkedHashMap<List<Object>, Known> known = new LinkedHashMap<>();
    private @Nullable String refusal;

    /// Steps that came, and the graph that does them; none where they came once.
    private record Known(List<Step> steps, @Nullable Object graph) {}

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
        var kinds = steps.stream().map(Step::kind).toList();
        var before = known.remove(kinds);
        if (before != null && before.graph() != null && before.steps().equals(steps)) {
            known.put(kinds, before);
            return before.graph();
        }
        try {
            var graph = before == null ? null : driver.graph(steps, before.graph());
            known.put(kinds, new Known(steps, graph));
            if (known.size() > KEPT) forget(known.pollFirstEntry().getValue());
            return graph;
        } catch (DeviceException e) {
            refuse(e.getMessage());
            return null;
        }
    }

    /// Step by step from now on.
    void refuse(String why) {
        clear();
        refusal = why;
    }

    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    void clear() {
        known.values().forEach(this::forget);
        known.clear();
    }

    private void forget(Known gone) {
        if (gone.graph() != null) driver.forget(gone.graph());
    }
}
