package clew.model.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A string that knows who wrote each of its characters. As in Python, positions count code points.
///
/// Equal texts have equal characters, whoever wrote them.
final class Text implements Value {
    static final Text EMPTY = of("");

    private final String string;
    private final byte @Nullable [] roles;              // per char, a Role's place; null: the template wrote it all
    private final Kind kind;
    private int points = -1;

    /// Markup came out of `safe` or `escape`: what is added to it is escaped.
    enum Kind { PLAIN, MARKUP }

    Text(String string, byte @Nullable [] roles, Kind kind) {
        this.string = string;
        this.roles = roles;
        this.kind = kind;
    }

    static Text of(String string) {
        return new Text(string, null, Kind.PLAIN);
    }

    static Text of(String string, Role role) {
        if (role == Role.TEMPLATE) return of(string);
        var roles = new byte[string.length()];
        Arrays.fill(roles, (byte) role.ordinal());
        return new Text(string, roles, Kind.PLAIN);
    }

    String string()          { return string; }
    boolean isEmpty()        { return string.isEmpty(); }
    boolean isMarkup()       { return kind == Kind.MARKUP; }
    Text plain()             { return isMarkup() ? new Text(string, roles, Kind.PLAIN) : this; }
    Text markup()            { return new Text(string, roles, Kind.MARKUP); }
    Role role(int character) { return roles == null ? Role.TEMPLATE : Role.at(roles[character]); }

    /// Code points.
    int length() {
        if (points < 0) points = string.codePointCount(0, string.length());
        return points;
    }

    /// Whether a char is a code point, so that positions need no counting.
    boolean isFlat() {
        return length() == string.length();
    }

    /// The char at which code point `i` begins.
    int charAt(int point) {
        return isFlat() ? point : string.offsetByCodePoints(0, point);
    }

    /// The code point that begins at the char.
    int pointAt(int character) {
        return isFlat() ? character : string.codePointCount(0, character);
    }

    /// Chars `from` to `to`, by the same hands and of the same kind.
    Text cut(int from, int to) {
        if (from == 0 && to == string.length()) return this;
        return new Text(string.substring(from, to), roles == null ? null : Arrays.copyOfRange(roles, from, to), kind);
    }

    /// Code points `from` to `to`.
    Text slice(int from, int to) {
        return cut(charAt(from), charAt(to));
    }

    /// Other characters in the places of these, as `upper` makes them. Where their number changes, all are by the hand
    /// that wrote the first.
    Text mapped(String other) {
        if (roles == null || other.equals(string)) return new Text(other, other.equals(string) ? roles : null, kind);
        if (other.length() == string.length()) return new Text(other, roles, kind);
        var filled = new byte[other.length()];
        Arrays.fill(filled, roles.length == 0 ? 0 : roles[0]);
        return new Text(other, filled, kind);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && text.string.equals(string);
    }

    @Override
    public int hashCode() {
        return string.hashCode();
    }

    @Override
    public String toString() {
        return string;
    }
}
