package clew.model.template;

/// What a template may still do: steps, characters and elements made or looked at, and how deep it may nest.
///
/// A character or an element is one unit, an expression or a statement [#STEP] of them.
final class Room {
    /// A chat of a megabyte takes a few of these millions; all of them a second or two.
    static final long WORK = 50_000_000;
    static final int STEP = 3;
    private static final int DEPTH = 1000;

    private final long work;
    private long left;
    private int depth;

    Room(long work) {
        this.work = work;
        this.left = work;
    }

    void step() {
        take(STEP);
    }

    void take(long units) {
        left -= units;
        if (units < 0 || left < 0)
            throw TemplateException.whole("it does more than " + work / 1_000_000
                + " million steps; its loops or texts explode, so mend it or shorten the chat");
    }

    /// One level further in: an expression inside another, a body, a macro, an element of a list that is looked at.
    /// Whoever enters leaves, unless a fault ends it all.
    void enter() {
        if (depth == DEPTH)
            throw new TemplateException("it nests deeper than " + DEPTH
                + " levels; its macros, loops or values have no end, so mend it");
        depth++;
    }

    void leave() {
        depth--;
    }
}
