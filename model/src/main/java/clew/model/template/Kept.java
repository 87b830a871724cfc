package clew.model.template;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The elements that pass, each looked at when its turn comes: what a test sees may change meanwhile.
final class Kept implements Iterator<Value> {
    private final Iterator<Value> all;
    private final Predicate<Value> passes;
    private @Nullable Value next;

    Kept(Iterator<Value> all, Predicate<Value> passes) {
        this.all = all;
        this.passes = passes;
    }

    @Override
    public boolean hasNext() {
        while (next == null && all.hasNext()) {
            var candidate = all.next();
            if (passes.test(candidate)) next = candidate;
        }
        return next != null;
    }

    @Override
    public Value next() {
        if (!hasNext() || next == null) throw new NoSuchElementException();
        var value = next;
        next = null;
        return value;
    }
}
