package clew.cuda;

import clew.cuda.Driver.Line;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Two lines of actions: those of a hurried line are done at once, others not before somebody waits for them. So what
/// should have been ordered and was not is done in the wrong order.
final class FakeLines {
    private final Set<Line> hurried;
    private final Map<Line, Queue<Action>> waiting = new EnumMap<>(Line.class);
    private final Map<Line, Action> latest = new EnumMap<>(Line.class), awaited = new EnumMap<>(Line.class);

    private static final class Action {
        final Line line;
        final Set<?> uses;
        final Runnable what;
        final @Nullable Action after;
        boolean isDone;

        Action(Line line, Set<?> uses, Runnable what, @Nullable Action after) {
            this.line = line;
            this.uses = uses;
            this.what = what;
            this.after = after;
        }
    }

    FakeLines(Set<Line> hurried) {
        this.hurried = hurried;
        for (var line : Line.values()) waiting.put(line, new ArrayDeque<>());
    }

    /// @param uses blocks that it reads or writes
    void put(Line line, Set<?> uses, Runnable what) {
        var action = new Action(line, uses, what, awaited.remove(line));
        waiting.get(line).add(action);
        latest.put(line, action);
        if (hurried.contains(line)) await(line);
    }

    void order(Line first, Line then) {
        var action = latest.get(first);
        if (action != null) awaited.put(then, action);
    }

    /// Does everything in the line, and what it waits for.
    void await(Line line) {
        var last = latest.get(line);
        if (last != null) until(last);
    }

    private void until(Action last) {
        while (!last.isDone) {
            var next = waiting.get(last.line).remove();
            if (next.after != null) until(next.after);
            next.what.run();
            next.isDone = true;
        }
    }

    boolean uses(Object block) {
        return waiting.values().stream().anyMatch(line -> line.stream().anyMatch(a -> a.uses.contains(block)));
    }
}
