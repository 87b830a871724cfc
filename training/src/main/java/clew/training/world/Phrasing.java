package clew.training.world;

/// One way to put a relation into words.
///
/// @param template with `{s}` for the subject, or `{x}` and `{y}` for the parts of a sum; a sentence ends in `{o}.`
record Phrasing(Form form, Split split, String template) {
    enum Form { ASK, SAY }

    /// Reads `ask What is {s}?`, `say+ {s} has {o}.` or `say* {s} is {o}.`: plus for the second edition, star for held
    /// out.
    static Phrasing parse(String line) {
        int space = line.indexOf(' ');
        var split = line.charAt(space - 1) == '*' ? Split.HELD_OUT : Split.TRAINING;
        return new Phrasing(line.startsWith("ask") ? Form.ASK : Form.SAY, split, line.substring(space + 1));
    }

    /// The question, or the sentence up to its last word.
    String lead(String subject) {
        int end = form == Form.SAY ? template.indexOf(" {o}") : template.length();
        return capital(filled(template.substring(0, end), subject));
    }

    private static String filled(String template, String subject) {
        int plus = subject.indexOf(" + ");
        return plus < 0 ? template.replace("{s}", subject)
            : template.replace("{x}", subject.substring(0, plus)).replace("{y}", subject.substring(plus + 3));
    }

    static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
