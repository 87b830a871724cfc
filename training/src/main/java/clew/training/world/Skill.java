package clew.training.world;

/// What a text of the world teaches, and of a hundred training texts of each edition how many teach it.
public enum Skill {
    /// Closed-book recall: capitals, continents, languages, makers, colours, animals.
    FACT(16, 0, 18),
    /// The sum of two digits.
    SUM(5, 0, 6),
    /// A context that contradicts a fact, and a question to be answered from the context.
    CONFLICT(15, 0, 8),
    /// A passage of random facts about names, objects and numbers, and a question to be answered from it.
    RETRIEVAL(24, 60, 44),
    OPPOSITE(5, 0, 4),
    PLURAL(4, 0, 3),
    /// English words put into German.
    GERMAN(7, 0, 4),
    /// A short review is positive or negative.
    SENTIMENT(7, 0, 3),
    /// A small story whose names and things are to be remembered.
    STORY(4, 0, 2),
    /// Small talk, the user's name remembered, questions that lean on the one before.
    CHAT(4, 0, 3),
    /// `word -> answer` lines from which the task is to be guessed.
    FEW_SHOT(3, 0, 2),
    /// Words to be said again, in order or by their partner.
    ECHO(6, 40, 3);

    private final int first, drill, second;

    Skill(int first, int drill, int second) {
        this.first = first;
        this.drill = drill;
        this.second = second;
    }

    /// Of a hundred training texts of an edition, how many teach this skill.
    public int share(Edition edition) {
        return switch (edition) {
            case FIRST  -> first;
            case DRILL  -> drill;
            case SECOND -> second;
        };
    }
}
