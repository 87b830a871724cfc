package clew.training.world;

/// Something to be answered: `lead`, a space, `answer`, then what closes it.
///
/// @param tail `.` after a sentence, the end token after a turn, empty after a line
record Item(String lead, String answer, String tail) {
    boolean digits() {
        return Character.isDigit(answer.charAt(0));
    }

    /// What stands between this item and the next.
    String separator() {
        if (tail.isEmpty()) return "\n";
        return tail.endsWith(Specials.END) ? "" : " ";
    }
}
