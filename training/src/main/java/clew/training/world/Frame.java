package clew.training.world;

/// How a question is posed.
enum Frame {
    /// `Q: … A: Paris`
    LINE("Q: ", " A:", ""),
    /// `Q: …`, and `A: Paris` on the next line
    LINES("Q: ", "\nA:", ""),
    /// `Question: … Answer: Paris`
    WORDS("Question: ", " Answer:", ""),
    /// `… Paris.`: the question alone, or a sentence that breaks off
    PLAIN("", "", "."),
    /// A user's turn and the assistant's
    CHAT(Specials.USER + " ", Specials.END + Specials.ASSISTANT, Specials.END);

    private final String before;
    private final String after;
    private final String tail;

    Frame(String before, String after, String tail) {
        this.before = before;
        this.after = after;
        this.tail = tail;
    }

    /// A frame that suits the phrasing: a sentence stands alone, and an order is not answered by a bare word.
    static Frame of(Phrasing phrasing, Dice dice) {
        if (phrasing.form() == Phrasing.Form.SAY) return PLAIN;
        int n = dice.below(10);
        if (n < 4) return LINE;
        if (n < 5) return LINES;
        if (n < 6) return WORDS;
        return n < 9 || !phrasing.template().endsWith("?") ? CHAT : PLAIN;
    }

    /// @param context what the question is about, or the empty string
    Item item(String context, String question, String answer) {
        if (context.isEmpty()) return new Item(before + question + after, answer, tail);
        var lead = switch (this) {
            case LINE, WORDS, PLAIN -> context + " " + before + question;
            case LINES              -> context + "\n" + before + question;
            case CHAT               -> before + context + " " + question;
        };
        return new Item(lead + after, answer, tail);
    }
}
