package clew.cuda;

import clew.cuda.Driver.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Steps that wait to be sent to the card together: when something is to be read, and when there are many.
///
/// Whoever calls holds the monitor of the [Memory] that has it.
final class Work {
    /// As many as keep a card busy while the next ones are written down.
    private static final int LONGEST = 128;

    private final Driver driver;
    private final Graphs graphs;
    private List<Step> waiting = new ArrayList<>();
    private long added, sent;
    private boolean followsCopies;

    Work(Driver driver) {
        this.driver = driver;
        this.graphs = new Graphs(driver);
    }

    void add(Step step) {
        waiting.add(step);
        added++;
        if (waiting.size() == LONGEST) send();
    }

    /// Steps that came so far.
    long added() {
        return added;
    }

    /// How many of them have been sent.
    long sent() {
        return sent;
    }

    /// What is sent from now on waits for the copies made so far.
    void followCopies() {
        followsCopies = true;
    }

    /// Sends what waits.
    void send() {
        if (waiting.isEmpty()) return;
        var steps = waiting;
        waiting = new ArrayList<>();
        sent = added;
        if (followsCopies) driver.order(Line.COPIES, Line.WORK);
        followsCopies = false;
        graphs.run(steps);
    }

    /// Sends nothing more.
    void drop() {
        waiting.clear();
        graphs.clear();
    }

    /// Step by step from now on.
    void withoutGraphs(String why) {
        graphs.refuse(why);
    }

    /// Why there are no graphs; empty where there are.
    Optional<String> withoutGraphs() {
        return graphs.refusal();
    }
}
