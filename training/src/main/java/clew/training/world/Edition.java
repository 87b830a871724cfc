package clew.training.world;

import java.util.List;

/// Which texts of the world a part of the training reads.
///
/// What the first edition keeps from its readers, the others keep as well, or tell in other words: the held-out
/// examples are new to a model that has read all three.
public enum Edition {
    /// Every skill from nothing.
    FIRST("training", 8, 5, 3, 25, List.of(0, 50, 100)),
    /// Nothing but what comes latest: pairs asked for from their second end.
    DRILL("drill", 64, 0, 10, 50, List.of(100)),
    /// Every skill, more questions that go back, and facts in more phrasings (marked + in phrasings.txt). Of the pairs
    /// in passages far fewer are reserved, for a model learns that reserved ones never come.
    SECOND("training again", 64, 3, 5, 35, List.of(0, 50, 100));

    private final String dice;
    private final int pairs, ask, back, again;
    private final List<Integer> turned;

    Edition(String dice, int pairs, int ask, int back, int again, List<Integer> turned) {
        this.dice = dice;
        this.pairs = pairs;
        this.ask = ask;
        this.back = back;
        this.again = again;
        this.turned = turned;
    }

    /// What its texts are drawn by.
    String dice() {
        return dice;
    }

    /// Of so many pairs in a passage one is reserved.
    int pairs() {
        return pairs;
    }

    /// Of ten questions about a passage, how many ask for the second end of a pair.
    int ask() {
        return ask;
    }

    /// Of ten questions about a passage, how many ask for the first end.
    int back() {
        return back;
    }

    /// Of a hundred passages, how many are said again instead of being asked about.
    int again() {
        return again;
    }

    /// Of a hundred facts of a passage that is said again, how many begin with their second end: one of these.
    List<Integer> turned() {
        return turned;
    }

    /// Whether a line of phrasings belongs to it.
    boolean has(String line) {
        return this != FIRST || line.charAt(line.indexOf(' ') - 1) != '+';
    }

    /// Whether every token that its text has had before counts in the loss, beside what the text marks.
    public boolean countsRepeats() {
        return this != DRILL;
    }
}
