package clew.training.world;

/// What a text of the world teaches, and of a hundred training texts how many teach it.
public enum Skill {
    /// Closed-book recall: capitals, continents, languages, makers, colours, animals.
    FACT(16),
    /// The sum of two digits.
    SUM(5),
    /// A context that contradicts a fact, and a question to be answered from the context.
    CONFLICT(15),
    /// A passage of random facts about names, objects and numbers, and a question to be answered from it.
    RETRIEVAL(24),
    OPPOSITE(5),
    PLURAL(4),
    /// English words put into German.
    GERMAN(7),
    /// A short review is positive or negative.
    SENTIMENT(7),
    /// A small story whose names and things are to be remembered.
    STORY(4),
    /// Small talk, the user's name remembered, questions that lean on the one before.
    CHAT(4),
    /// `word -> answer` lines from which the task is to be guessed.
    FEW_SHOT(3),
    /// Words to be said again, in order or by their partner.
    ECHO(6);

    private final int share;

    Skill(int share) {
        this.share = share;
    }

    /// Of a hundred training texts, how many teach this skill.
    public int share() {
        return share;
    }
}
