package clew.training.world;

/// Which texts of the world a part of the training reads.
///
/// What the first edition keeps from its readers, the second keeps as well, or tells in other words: its held-out
/// examples are new to a model that has read both.
public enum Edition {
    /// Every skill from nothing.
    FIRST("training", 8, 3, 25),
    /// What comes late: questions that go back, and facts in more phrasings (marked + in phrasings.txt). Of the pairs
    /// in passages far fewer are reserved, for a model learns that reserved ones never come.
    SECOND("training again", 64, 5, 35);

    private final String dice;
    private final int pairs, back, again;

    Edition(String dice, int pairs, int back, int again) {
        this.dice = dice;
        this.pairs = pairs;
        this.back = back;
        this.again = again;
    }

    /// What its texts are drawn by.
    String dice() {
        return dice;
    }

    /// Of so many pairs in a passage one is reserved.
    int pairs() {
        return pairs;
    }

    /// Of ten questions about a passage, how many go back.
    int back() {
        return back;
    }

    /// Of a hundred passages, how many are said again instead of being asked about.
    int again() {
        return again;
    }

    /// Whether a line of phrasings belongs to it.
    boolean has(String line) {
        return this == SECOND || line.charAt(line.indexOf(' ') - 1) != '+';
    }
}
