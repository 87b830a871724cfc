package clew.model.template;

import clew.model.template.Arguments.Bound;
import java.util.ArrayList;
import java.util.List;

/// Cutting a string into pieces, as Python's methods do.
final class Splits {
    private Splits() {}

    static Value split(Text t, Bound b, Room room) {
        room.take(t.string().length());
        var most = b.whole(1, -1);
        return list(b.or(0, Value.NONE) instanceof Value.None ? words(t, most) : parts(t, separator(b), most), room);
    }

    static Value rsplit(Text t, Bound b, Room room) {
        room.take(t.string().length());
        var most = b.whole(1, -1);
        return list(b.or(0, Value.NONE) instanceof Value.None ? lastWords(t, most) : lastParts(t, separator(b), most),
            room);
    }

    private static Value list(List<Text> pieces, Room room) {
        room.take(pieces.size());
        return Value.list(new ArrayList<>(pieces));
    }

    private static String separator(Bound b) {
        var separator = b.text(0).string();
        if (separator.isEmpty()) throw new TemplateException("empty separator");
        return separator;
    }

    private static List<Text> parts(Text t, String separator, int most) {
        var out = new ArrayList<Text>();
        int done = 0, left = most < 0 ? Integer.MAX_VALUE : most;
        for (int i = t.string().indexOf(separator); i >= 0 && left-- > 0; i = t.string().indexOf(separator, done)) {
            out.add(t.cut(done, i));
            done = i + separator.length();
        }
        out.add(t.cut(done, t.string().length()));
        return out;
    }

    private static List<Text> lastParts(Text t, String separator, int most) {
        var out = new ArrayList<Text>();
        int end = t.string().length(), left = most < 0 ? Integer.MAX_VALUE : most;
        while (left-- > 0) {
            var at = end < separator.length() ? -1 : t.string().lastIndexOf(separator, end - separator.length());
            if (at < 0) break;
            out.addFirst(t.cut(at + separator.length(), end));
            end = at;
        }
        out.addFirst(t.cut(0, end));
        return out;
    }

    private static List<Text> words(Text t, int most) {
        var s = t.string();
        var out = new ArrayList<Text>();
        int left = most < 0 ? Integer.MAX_VALUE : most;
        for (int at = Python.skipSpace(s, 0); at < s.length(); ) {
            if (left-- == 0) {
                out.add(t.cut(at, Python.trimmedEnd(s, at, s.length())));
                break;
            }
            int end = at;
            while (end < s.length() && !Python.isSpace(s.charAt(end))) end++;
            out.add(t.cut(at, end));
            at = Python.skipSpace(s, end);
        }
        return out;
    }

    private static List<Text> lastWords(Text t, int most) {
        var s = t.string();
        var out = new ArrayList<Text>();
        int left = most < 0 ? Integer.MAX_VALUE : most;
        for (int end = Python.trimmedEnd(s, 0, s.length()); end > 0; ) {
            if (left-- == 0) {
                out.addFirst(t.cut(0, end));
                break;
            }
            int at = end;
            while (at > 0 && !Python.isSpace(s.charAt(at - 1))) at--;
            out.addFirst(t.cut(at, end));
            end = Python.trimmedEnd(s, 0, at);
        }
        return out;
    }

    static List<Text> lines(Text t, boolean ends) {
        var s = t.string();
        var out = new ArrayList<Text>();
        for (int at = 0; at < s.length(); ) {
            int end = at;
            while (end < s.length() && !Python.isLineEnd(s.charAt(end))) end++;
            int next = Math.min(s.length(), end + (s.startsWith("\r\n", end) ? 2 : 1));
            out.add(t.cut(at, ends ? next : end));
            at = next;
        }
        return out;
    }

    static Value lines(Text t, boolean ends, Room room) {
        room.take(t.string().length());
        return list(lines(t, ends), room);
    }

    static Value partition(Text t, Text separator, Room room) {
        return partition(t, separator, t.string().indexOf(full(separator)), Value.tuple(t, Text.EMPTY, Text.EMPTY),
            room);
    }

    static Value rpartition(Text t, Text separator, Room room) {
        return partition(t, separator, t.string().lastIndexOf(full(separator)), Value.tuple(Text.EMPTY, Text.EMPTY, t),
            room);
    }

    private static String full(Text separator) {
        if (separator.isEmpty()) throw new TemplateException("empty separator");
        return separator.string();
    }

    private static Value partition(Text t, Text separator, int at, Value none, Room room) {
        room.take(t.string().length());
        if (at < 0) return none;
        int behind = at + separator.string().length();
        return Value.tuple(t.cut(0, at), t.cut(at, behind), t.cut(behind, t.string().length()));
    }
}
