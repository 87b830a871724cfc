package clew.model;

import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The named values of one run: those it declared, and those every explanation needs.
final class Hooks {
    /// Kept without being declared: the inputs and what comes of them; for the way back also the residual stream.
    private static final List<String> ALWAYS = List.of("hook_embed", "hook_pos_embed", "logits"),
        STREAM = List.of("blocks.*.hook_resid_pre", "blocks.*.hook_resid_post");

    private final Spec spec;
    private final Pass pass;
    private final Map<String, HookPoint> known = new LinkedHashMap<>();
    private final Map<String, Value> held = new HashMap<>();

    /// @throws ModelException if a hook or an edit names no hook point of the model
    Hooks(Family family, Pass pass) {
        this.spec = family.spec();
        this.pass = pass;
        for (var point : family.hooks()) known.put(point.name(), point);
        for (var pattern : pass.hooks())
            if (known.values().stream().noneMatch(h -> h.matches(pattern))) throw unknown(pattern);
        for (var edit : pass.edits()) if (!known.containsKey(edit.where().hook())) throw unknown(edit.where().hook());
    }

    Value pass(String name, Value x, Tape tape) {
        var point = known.get(name);
        if (point == null) throw new IllegalStateException("hook point " + name + " is not in the family's list");
        for (var edit : pass.edits())
            if (edit.where().hook().equals(name))
                x = tape.record(EditMask.of(edit, point, spec, pass, x, tape.kernels()));
        if (holds(point)) held.put(name, x);
        return x;
    }

    /// Whether a hook or an edit names the point.
    boolean asks(String name) {
        var point = known.get(name);
        return point != null && (pass.hooks().stream().anyMatch(point::matches)
            || pass.edits().stream().anyMatch(edit -> edit.where().hook().equals(name)));
    }

    /// Whether one names this point or one that is passed later, those of the rows asked for left out.
    boolean asksBehind(String name) {
        return known.keySet().stream().dropWhile(n -> !n.equals(name)).filter(n -> !known.get(n).kind().asked())
            .anyMatch(this::asks);
    }

    /// The value at a hook point.
    ///
    /// @throws ModelException if the run did not declare it
    Value value(String name) {
        var value = held.get(name);
        if (value != null) return value;
        if (!known.containsKey(name)) throw unknown(name);
        throw new ModelException("hook '" + name + "' was not declared: name it in the pass before the run");
    }

    /// The values held, and one more.
    Set<Value> heldAnd(Value x) {
        var all = new HashSet<>(held.values());
        all.add(x);
        return all;
    }

    boolean has(String name) {
        return held.containsKey(name);
    }

    /// The declared hook points in the order of the model.
    List<HookPoint> declared(List<HookPoint> all) {
        var out = new ArrayList<HookPoint>();
        for (var point : all) if (pass.hooks().stream().anyMatch(point::matches)) out.add(point);
        return out;
    }

    private boolean holds(HookPoint point) {
        return ALWAYS.stream().anyMatch(point::matches) || pass.hooks().stream().anyMatch(point::matches)
            || pass.memory() != Tape.Memory.FORGET && STREAM.stream().anyMatch(point::matches);
    }

    private ModelException unknown(String name) {
        return new ModelException("this model has no hook point '" + name + "'; list them with: clew inspect --hooks");
    }
}
