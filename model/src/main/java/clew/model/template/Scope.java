package clew.model.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names and their values; what a scope does not know, the one around it may.
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Value> names = new HashMap<>();

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    void set(String name, Value value) {
        names.put(name, value);
    }

    @Nullable Value get(String name) {
        for (var scope = this; scope != null; scope = scope.around) {
            var value = scope.names.get(name);
            if (value != null) return value;
        }
        return null;
    }

    /// The scope around all others: the template's.
    Scope outermost() {
        var scope = this;
        while (scope.around != null) scope = scope.around;
        return scope;
    }
}
