package clew.model.template;

import clew.model.template.Arguments.Bound;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The methods of a string, as Python has them.
final class TextMethods {
    private TextMethods() {}

    /// The method of that name, or null.
    static @Nullable Value of(Text t, String name) {
        Value.Callable.Body body = switch (name) {
            case "upper", "lower", "title", "capitalize", "swapcase", "casefold" -> a -> {
                a.bind(name);
                return Cases.apply(t, name, a.room());
            };
            case "strip", "lstrip", "rstrip" -> a ->
                strip(t, name, a.bind(name, "chars/?").or(0, Value.NONE), a.room());
            case "startswith"   -> a -> Value.of(affix(t, within(a, name), String::startsWith));
            case "endswith"     -> a -> Value.of(affix(t, within(a, name), String::endsWith));
            case "find", "rfind", "index", "rindex" -> a -> find(t, name, a);
            case "count"        -> a -> count(t, a);
            case "replace"      -> a -> replace(t, a);
            case "split"        -> a -> Splits.split(t, a.bind(name, "sep?", "maxsplit?"), a.room());
            case "rsplit"       -> a -> Splits.rsplit(t, a.bind(name, "sep?", "maxsplit?"), a.room());
            case "splitlines"   -> a -> Splits.lines(t, a.bind(name, "keepends?").flag(0), a.room());
            case "partition"    -> a -> Splits.partition(t, a.bind(name, "sep/").text(0), a.room());
            case "rpartition"   -> a -> Splits.rpartition(t, a.bind(name, "sep/").text(0), a.room());
            case "join"         -> a -> join(t, a);
            case "removeprefix" -> a -> {
                var p = a.bind(name, "prefix/").text(0).string();
                return t.string().startsWith(p) ? t.cut(p.length(), t.string().length()) : t;
            };
            case "removesuffix" -> a -> {
                var s = a.bind(name, "suffix/").text(0).string();
                return t.string().endsWith(s) ? t.cut(0, t.string().length() - s.length()) : t;
            };
            case "center", "ljust", "rjust" -> a -> {
                var b = a.bind(name, "width/", "fillchar/?");
                return pad(t, name, b.whole(0, 0), b.has(1) ? b.text(1) : Text.of(" "), a.room());
            };
            case "zfill"        -> a -> zfill(t, a);
            case "expandtabs"   -> a -> expandTabs(t, a.bind(name, "tabsize?").whole(0, 8), a.room());
            case "format"       -> a -> BraceFormat.of(t, a);
            case "format_map"   -> a -> BraceFormat.map(t, a);
            default             -> asks(t, name);
        };
        if (body == null) return null;
        return new Value.Callable("builtin_function_or_method", name, a -> marked(t, body.call(a)));
    }

    /// What comes out of a marked text is marked.
    private static Value marked(Text of, Value made) {
        if (!of.isMarkup()) return made;
        return switch (made) {
            case Text t        -> t.markup();
            case Value.Items i -> new Value.Items(i.all().stream().map(v -> marked(of, v)).toList(), i.kind());
            default            -> made;
        };
    }

    /// `is…`
    private static Value.Callable.@Nullable Body asks(Text t, String name) {
        IntPredicate every = switch (name) {
            case "isalnum"     -> c -> Character.isLetterOrDigit(c) || Character.getType(c) == Character.LETTER_NUMBER
                || Character.getType(c) == Character.OTHER_NUMBER;
            case "isalpha"     -> Character::isLetter;
            case "isdecimal"   -> Character::isDigit;
            case "isdigit"     -> c -> Character.isDigit(c) || Character.getType(c) == Character.OTHER_NUMBER
                && Character.getNumericValue(c) >= 0 && Character.getNumericValue(c) < 10;
            case "isnumeric"   -> c -> Character.getNumericValue(c) != -1 && !Character.isLetter(c)
                || Character.getType(c) == Character.LETTER_NUMBER;
            case "isspace"     -> Python::isSpace;
            case "isascii"     -> c -> c < 0x80;
            case "isprintable" -> Python::isPrintable;
            default            -> null;
        };
        var s = t.string();
        if (every != null) {
            var empty = name.equals("isascii") || name.equals("isprintable");
            return a -> {
                a.bind(name);
                a.room().take(s.length());
                return Value.of((empty || !s.isEmpty()) && s.codePoints().allMatch(every));
            };
        }
        return switch (name) {
            case "isupper"      -> _ -> Value.of(Cases.all(s, Character::isUpperCase, Character::isLowerCase));
            case "islower"      -> _ -> Value.of(Cases.all(s, Character::isLowerCase, Character::isUpperCase));
            case "istitle"      -> _ -> Value.of(!Cases.title(s).equals(s) ? false
                : s.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c)));
            case "isidentifier" -> _ -> Value.of(!s.isEmpty()
                && (Character.isUnicodeIdentifierStart(s.codePointAt(0)) || s.charAt(0) == '_')
                && s.codePoints().skip(1).allMatch(Character::isUnicodeIdentifierPart));
            case "encode", "maketrans", "translate" ->
                throw new TemplateException("method '" + name + "' of a string is not supported");
            default             -> null;
        };
    }

    /// Without the characters at its ends that are space, or among those given.
    static Text strip(Text t, String side, Value chars, Room room) {
        var s = t.string();
        room.take(s.length());
        IntPredicate out = chars instanceof Value.None ? Python::isSpace
            : Types.text(chars, side).string().codePoints().boxed().collect(
                java.util.stream.Collectors.toSet())::contains;
        int from = 0, to = s.length();
        if (!side.equals("rstrip"))
            while (from < to && out.test(s.codePointAt(from))) from += Character.charCount(s.codePointAt(from));
        if (!side.equals("lstrip"))
            while (to > from && out.test(s.codePointBefore(to))) to -= Character.charCount(s.codePointBefore(to));
        return t.cut(from, to);
    }

    private static Bound within(Arguments a, String name) {
        return a.bind(name, "sub/", "start/?", "end/?");
    }

    private interface Affix {
        boolean test(String s, String affix);
    }

    private static boolean affix(Text t, Bound b, Affix affix) {
        int length = t.length(), from = place(b.whole(1, 0), length), to = place(b.whole(2, length), length);
        if (from > Math.min(to, length)) return false;
        var part = t.slice(from, Math.min(to, length)).string();
        if (b.at(0) instanceof Value.Items i && i.kind() == Value.Items.Kind.TUPLE)
            return i.all().stream().anyMatch(a -> affix.test(part, Types.text(a, b.who()).string()));
        return affix.test(part, b.text(0).string());
    }

    /// A place counted from the front: 0 … length, or length + 1 for all beyond.
    private static int place(int at, int length) {
        return at < 0 ? Math.max(0, at + length) : Math.min(at, length + 1);
    }

    private static Value find(Text t, String name, Arguments a) {
        var b = within(a, name);
        a.room().take(t.string().length());
        int length = t.length(), from = place(b.whole(1, 0), length);
        int to = Math.min(length, place(b.whole(2, length), length)), at = -1;
        if (from <= to) {
            var part = t.slice(from, to);
            var sub = b.text(0).string();
            at = name.startsWith("r") ? part.string().lastIndexOf(sub) : part.string().indexOf(sub);
            if (at >= 0) at = from + part.pointAt(at);
        }
        if (at < 0 && name.endsWith("index")) throw new TemplateException("substring not found");
        return Value.of(at);
    }

    private static Value count(Text t, Arguments a) {
        var b = within(a, "count");
        a.room().take(t.string().length());
        int length = t.length(), from = place(b.whole(1, 0), length);
        int to = Math.min(length, place(b.whole(2, length), length));
        if (from > to) return Value.of(0);
        var part = t.slice(from, to);
        var sub = b.text(0).string();
        if (sub.isEmpty()) return Value.of(part.length() + 1);
        var n = 0;
        for (int i = part.string().indexOf(sub); i >= 0; i = part.string().indexOf(sub, i + sub.length())) n++;
        return Value.of(n);
    }

    private static Value replace(Text t, Arguments a) {
        var b = a.bind("replace", "old/", "new/", "count/?");
        Function<Text, Text> safe = x -> t.isMarkup() ? Html.escape(x, a.room()) : x;
        return replace(t, safe.apply(b.text(0)).string(), safe.apply(b.text(1)), b.whole(2, -1), a.room());
    }

    /// The first `count` of them; all, if it is negative.
    static Text replace(Text t, String old, Text by, int count, Room room) {
        var s = t.string();
        var out = new Weave(room);
        int done = 0, left = count < 0 ? Integer.MAX_VALUE : count;
        if (old.isEmpty()) {
            while (left-- > 0) {
                out.add(by);
                if (done == s.length()) return out.text();
                int next = done + Character.charCount(s.codePointAt(done));
                out.add(t, done, next);
                done = next;
            }
        } else {
            for (int i = s.indexOf(old); i >= 0 && left-- > 0; i = s.indexOf(old, done)) {
                out.add(t, done, i).add(by);
                done = i + old.length();
            }
        }
        return out.add(t, done, s.length()).text();
    }

    private static Value join(Text t, Arguments a) {
        var out = new Weave(a.room());
        var first = true;
        var all = Sequences.iterate(a.bind("join", "iterable/").at(0), a.room());
        while (all.hasNext()) {
            if (!first) out.add(t);
            first = false;
            var piece = Types.text(all.next(), "join");
            out.add(t.isMarkup() ? Html.escape(piece, a.room()) : piece);
        }
        return out.text();
    }

    static Text pad(Text t, String how, int width, Text fill, Room room) {
        if (fill.length() != 1) throw new TemplateException("the fill character must be exactly one character long");
        int missing = Math.max(0, width - t.length());
        int left = switch (how) {
            case "ljust" -> 0;
            case "rjust" -> missing;
            default      -> missing / 2 + (missing & width & 1);
        };
        return missing == 0 ? t : new Weave(room).repeat(fill, left).add(t).repeat(fill, missing - left).text();
    }

    private static Value zfill(Text t, Arguments a) {
        var missing = a.bind("zfill", "width/").whole(0, 0) - t.length();
        if (missing <= 0) return t;
        var signed = !t.isEmpty() && (t.string().charAt(0) == '-' || t.string().charAt(0) == '+') ? 1 : 0;
        return new Weave(a.room()).add(t, 0, signed).repeat("0", missing).add(t, signed, t.string().length()).text();
    }

    private static Value expandTabs(Text t, int size, Room room) {
        var out = new Weave(room);
        int column = 0;
        for (int i = 0; i < t.string().length(); i++) {
            var c = t.string().charAt(i);
            if (c == '\t') {
                int spaces = size > 0 ? size - column % size : 0;
                out.repeat(" ", spaces);
                column += spaces;
            } else {
                out.add(t, i, i + 1);
                column = c == '\n' || c == '\r' ? 0 : column + (Character.isLowSurrogate(c) ? 0 : 1);
            }
        }
        return out.text();
    }
}
