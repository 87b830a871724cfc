package clew.model.template;

import clew.model.template.Value.Callable.Body;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/// Filters that make texts.
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("[\\w]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORD_START = Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static void into(Map<String, Body> all) {
        for (var how : new String[] {"upper", "lower", "capitalize"})
            all.put(how, a -> kept(value(a, how), Cases.apply(soft(value(a, how), a.room()), how, a.room())));
        all.put("title", a -> title(soft(value(a, "title"), a.room()), a.room()));
        all.put("string", a -> soft(value(a, "string"), a.room()));
        all.put("safe", a -> Repr.str(value(a, "safe"), a.room()).markup());
        for (var name : new String[] {"e", "escape", "forceescape"})
            all.put(name, a -> Html.escape(name.equals("forceescape") ? soft(value(a, name), a.room()).plain()
                : soft(value(a, name), a.room()), a.room()));
        all.put("trim", a -> {
            var b = a.bind("filter 'trim'", "value/", "chars?");
            return TextMethods.strip(soft(b.at(0), a.room()), "strip", b.or(1, Value.NONE), a.room());
        });
        all.put("center", a -> {
            var b = a.bind("filter 'center'", "value/", "width?");
            return TextMethods.pad(soft(b.at(0), a.room()), "center", b.whole(1, 80), Text.of(" "), a.room());
        });
        all.put("replace", a -> {
            var b = a.bind("filter 'replace'", "s/", "old", "new", "count?");
            return TextMethods.replace(Repr.str(b.at(0), a.room()), Repr.str(b.at(1), a.room()).string(),
                Repr.str(b.at(2), a.room()), b.whole(3, -1), a.room());
        });
        all.put("format", TextFilters::format);
        all.put("indent", TextFilters::indent);
        all.put("truncate", TextFilters::truncate);
        all.put("wordcount", a -> {
            var m = WORD.matcher(soft(value(a, "wordcount"), a.room()).string());
            var n = 0;
            while (m.find()) n++;
            return Value.of(n);
        });
        all.put("urlencode", a -> urlencode(value(a, "urlencode"), a.room()));
    }

    private static Value value(Arguments a, String name) {
        return a.bind("filter '" + name + "'", "value/").at(0);
    }

    /// `soft_str`: a text stays what it is, marked or not.
    static Text soft(Value value, Room room) {
        return value instanceof Text t ? t : Repr.str(value, room);
    }

    private static Text kept(Value of, Text made) {
        return of instanceof Text t && t.isMarkup() ? made.markup() : made;
    }

    private static Text title(Text t, Room room) {
        var s = t.string();
        var out = new StringBuilder();
        var m = WORD_START.matcher(s);
        room.take(s.length());
        for (int at = 0; at < s.length(); ) {
            var more = m.find(at);
            var word = s.substring(at, more ? m.start() : s.length());
            if (!word.isEmpty()) {
                int first = Character.charCount(word.codePointAt(0));
                out.append(word.substring(0, first).toUpperCase(java.util.Locale.ROOT))
                    .append(word.substring(first).toLowerCase(java.util.Locale.ROOT));
            }
            if (more) out.append(m.group());
            at = more ? m.end() : s.length();
        }
        return t.mapped(out.toString());
    }

    private static Value format(Arguments a) {
        var format = soft(a.positional().getFirst(), a.room());
        var values = a.positional().subList(1, a.positional().size());
        if (!values.isEmpty() && !a.named().isEmpty())
            throw new TemplateException("can't handle positional and keyword arguments at the same time");
        if (a.named().isEmpty())
            return PercentFormat.of(format, new Value.Items(values, Value.Items.Kind.TUPLE), a.room());
        var named = new Value.Dict();
        a.named().forEach((name, value) -> named.map().put(Text.of(name), value));
        return PercentFormat.of(format, named, a.room());
    }

    private static Value indent(Arguments a) {
        var b = a.bind("filter 'indent'", "s/", "width?", "first?", "blank?");
        var room = a.room();
        if (!(b.at(0) instanceof Text s)) throw Types.not(b.at(0), "no string to indent");
        var by = b.has(1) && b.at(1) instanceof Text t ? t
            : new Weave(room).repeat(" ", Math.max(0, b.whole(1, 4))).text();
        var lines = Splits.lines(new Weave(room).add(s).add("\n").text(), false);
        var out = new Weave(room);
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) out.add("\n");
            if (i == 0 ? b.flag(2) : b.flag(3) || !lines.get(i).isEmpty()) out.add(by);
            out.add(lines.get(i));
        }
        return kept(s, out.text());
    }

    private static Value truncate(Arguments a) {
        var b = a.bind("filter 'truncate'", "s/", "length?", "killwords?", "end?", "leeway?");
        var end = b.has(3) ? b.text(3) : Text.of("...");
        int length = b.whole(1, 255), leeway = b.whole(4, 5);
        if (length < end.length() || leeway < 0)
            throw new TemplateException("expected length >= " + end.length() + ", got " + length);
        if (Sequences.length(b.at(0)) <= (long) length + leeway) return b.at(0);
        if (!(b.at(0) instanceof Text s)) throw Types.not(b.at(0), "no string to truncate");
        var cut = s.slice(0, length - end.length());
        var space = b.flag(2) ? -1 : cut.string().lastIndexOf(' ');
        return new Weave(a.room()).add(space < 0 ? cut : cut.cut(0, space)).add(end).text();
    }

    private static Value urlencode(Value value, Room room) {
        if (value instanceof Text || !Sequences.isIterable(value))
            return Text.of(quoted(Repr.str(value, room), "/", room));
        var out = new Weave(room);
        var pairs = value instanceof Value.Dict d ? DictMethods.items(d, room) : Sequences.all(value, room);
        for (int i = 0; i < pairs.size(); i++) {
            var pair = Sequences.all(pairs.get(i), room);
            if (pair.size() != 2) throw new TemplateException("urlencode wants pairs");
            out.add(i > 0 ? "&" : "").add(quoted(Repr.str(pair.get(0), room), "", room).replace("%20", "+")).add("=")
                .add(quoted(Repr.str(pair.get(1), room), "", room).replace("%20", "+"));
        }
        return out.text();
    }

    private static String quoted(Text text, String safe, Room room) {
        room.take(3L * text.string().length());
        var out = new StringBuilder();
        for (byte b : text.string().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || safe.indexOf(c) >= 0))
                out.append(c);
            else out.append("%%%02X".formatted((int) c));
        }
        return out.toString();
    }
}
