package clew.model.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A text in the making, which takes its characters from the room there is.
final class Weave {
    private final StringBuilder string = new StringBuilder();
    private final Room room;
    private byte @Nullable [] roles;                    // per char, a Role's place; null: all the template's

    Weave(Room room) {
        this.room = room;
    }

    /// The template's own characters.
    Weave add(String own) {
        return add(own, Role.TEMPLATE);
    }

    Weave add(String piece, Role role) {
        room.take(piece.length());
        mark(piece.length(), role);
        string.append(piece);
        return this;
    }

    Weave add(Text text) {
        return add(text, 0, text.string().length());
    }

    /// Chars `from` to `to` of a text.
    Weave add(Text text, int from, int to) {
        room.take(to - from);
        for (int i = from; i < to; i++) {
            var run = i;
            while (run + 1 < to && text.role(run + 1) == text.role(i)) run++;
            mark(run + 1 - i, text.role(i));
            string.append(text.string(), i, run + 1);
            i = run;
        }
        return this;
    }

    /// The same text `times` times.
    Weave repeat(Text text, long times) {
        room.take(Math.max(0, times));
        for (long i = 0; i < times && !text.isEmpty(); i++) add(text);
        return this;
    }

    Weave repeat(String own, long times) {
        return repeat(Text.of(own), times);
    }

    Room room() {
        return room;
    }

    int length() {
        return string.length();
    }

    /// Where a character that is added next would begin, role by role.
    private void mark(int length, Role role) {
        if (role == Role.TEMPLATE && roles == null || length == 0) return;
        int from = string.length(), to = from + length;
        if (roles == null) roles = new byte[Math.max(16, 2 * to)];          // what is there is the template's: 0
        else if (to > roles.length) roles = Arrays.copyOf(roles, 2 * to);
        Arrays.fill(roles, from, to, (byte) role.ordinal());
    }

    Text text() {
        return new Text(string.toString(), roles == null ? null : Arrays.copyOf(roles, string.length()),
            Text.Kind.PLAIN);
    }
}
