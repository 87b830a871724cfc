package clew.training.world;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A text being written, with what counts in its loss.
final class Draft {
    /// What of an item counts beside its answer.
    enum Marking { ANSWERS, ALL }

    /// Most pieces of a text: an upper estimate of its tokens that keeps below a context of 128.
    private static final int PIECES = 100;
    private static final Pattern PIECE = Pattern.compile("<\\|\\w+\\|>|\\p{L}+|\\p{N}|\\n|[^\\s\\p{L}\\p{N}]+");

    private final Skill skill;
    private final StringBuilder text = new StringBuilder();
    private final List<Span> counted = new ArrayList<>();
    private int pieces;
    private String separator = "";

    Draft(Skill skill) {
        this.skill = skill;
    }

    /// Whether `more` still fits.
    boolean hasRoomFor(String more) {
        return pieces + pieces(more) <= PIECES;
    }

    /// Whether the item still fits.
    boolean hasRoomFor(Item item) {
        return hasRoomFor(item.lead() + " " + item.answer() + item.tail());
    }

    /// Adds text whose prediction does not count.
    Draft quiet(String more) {
        text.append(more);
        pieces += pieces(more);
        return this;
    }

    /// Adds text whose prediction counts.
    Draft counted(String more) {
        if (more.isEmpty()) return this;
        int from = text.length();
        quiet(more);
        int last = counted.size() - 1;
        if (last >= 0 && counted.get(last).to() == from) from = counted.remove(last).from();
        counted.add(new Span(from, text.length()));
        return this;
    }

    /// Adds an item; what ends an answer counts as well, so that a model learns to stop.
    Draft add(Item item, Marking marking) {
        if (separator.equals("\n") || marking == Marking.ALL) counted(separator);
        else quiet(separator);
        if (marking == Marking.ALL) counted(item.lead());
        else quiet(item.lead());
        counted(" " + item.answer() + item.tail());
        separator = item.separator();
        return this;
    }

    /// The text, closed by the end token.
    Text text() {
        if (text.lastIndexOf(Specials.END) != text.length() - Specials.END.length()) counted(Specials.END);
        return new Text(skill, text.toString(), counted);
    }

    /// Words count by their length, since rare ones are cut: 1 piece up to 5 letters, 2 up to 10, …
    private static int pieces(String text) {
        int n = 0;
        var matcher = PIECE.matcher(text);
        while (matcher.find())
            n += Character.isLetter(text.charAt(matcher.start())) ? 1 + (matcher.end() - matcher.start() - 1) / 5 : 1;
        return n;
    }
}
