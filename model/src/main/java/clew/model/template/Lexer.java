package clew.model.template;

import clew.model.template.Lexeme.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Cuts a template up, white space around its tags included: `trim_blocks` and `lstrip_blocks` are on, `-` and `+` are
/// obeyed, one line feed at the very end is dropped.
final class Lexer {
    private static final List<String> OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%",
        "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");
    private static final Map<String, String> CLOSING = Map.of("(", ")", "[", "]", "{", "}");

    private final String source;
    private final List<Lexeme> out = new ArrayList<>();
    private final Deque<String> open = new ArrayDeque<>();
    private int at, line = 1;
    private boolean lineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Lexeme> lex(String template) {
        var lines = template.replace("\r\n", "\n").replace('\r', '\n');
        return new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines).run();
    }

    private List<Lexeme> run() {
        while (at < source.length()) {
            var tag = nextTag();
            if (tag < 0) data(source.length(), source.length());
            else tag(tag);
        }
        out.add(new Lexeme(Kind.END, "", line));
        return out;
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1))
            if ("%{#".indexOf(source.charAt(i + 1)) >= 0) return i;
        return -1;
    }

    /// The text before a tag, stripped as the tag says, then the tag.
    private void tag(int begin) {
        char kind = source.charAt(begin + 1), sign = sign(begin + 2);
        int end = begin;
        if (sign == '-') end = Python.trimmedEnd(source, at, begin);
        else if (sign != '+' && kind != '{') end = lineStripped(begin);
        data(end, begin);
        at = begin + (sign == 0 ? 2 : 3);
        switch (kind) {
            case '#' -> comment();
            case '{' -> code(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
            default  -> {
                if (!raw()) code(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
            }
        }
    }

    /// `-`, `+` or nothing.
    private char sign(int i) {
        var c = i < source.length() ? source.charAt(i) : 0;
        return c == '-' || c == '+' ? c : 0;
    }

    /// Blanks between the beginning of its line and a tag do not count.
    private int lineStripped(int begin) {
        int from = begin;
        while (from > at && source.charAt(from - 1) != '\n' && Python.isSpace(source.charAt(from - 1))) from--;
        return (from > at ? source.charAt(from - 1) == '\n' : lineStart) ? from : begin;
    }

    private void data(int end, int next) {
        if (end > at) out.add(new Lexeme(Kind.DATA, source.substring(at, end), line));
        moveTo(next);
    }

    private void moveTo(int next) {
        for (int i = at; i < next; i++) if (source.charAt(i) == '\n') line++;
        if (next > at) lineStart = source.charAt(next - 1) == '\n';
        at = next;
    }

    private void comment() {
        var end = source.indexOf("#}", at);
        if (end < 0) throw new TemplateException("it has no end; write '#}'").at(line, "comment");
        afterTag(end, 2, end > at ? source.charAt(end - 1) : 0);
    }

    /// Behind a tag's end: `-` takes all space, `+` none, neither takes one line feed.
    private void afterTag(int end, int width, char sign) {
        int next = end + width;
        if (sign == '-') next = Python.skipSpace(source, next);
        else if (sign != '+' && next < source.length() && source.charAt(next) == '\n') next++;
        moveTo(next);
    }

    /// `{% raw %}` … `{% endraw %}`: what is between is text.
    private boolean raw() {
        int i = Python.skipSpace(source, at);
        if (!source.startsWith("raw", i)) return false;
        i = Python.skipSpace(source, i + 3);
        var strips = source.startsWith("-%}", i);
        if (!strips && !source.startsWith("%}", i)) return false;
        moveTo(i + (strips ? 3 : 2));
        if (strips) moveTo(Python.skipSpace(source, at));
        for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 1))
            if (endRaw(tag)) return true;
        throw new TemplateException("it has no end; write '{% endraw %}'").at(line, "statement 'raw'");
    }

    private boolean endRaw(int tag) {
        var sign = sign(tag + 2);
        int i = Python.skipSpace(source, tag + (sign == 0 ? 2 : 3));
        if (!source.startsWith("endraw", i)) return false;
        i = Python.skipSpace(source, i + 6);
        var after = sign(i);
        if (after != 0) i++;
        if (!source.startsWith("%}", i)) return false;
        int end = sign == '-' ? Python.trimmedEnd(source, at, tag) : sign == '+' ? tag : lineStripped(tag);
        data(end, tag);
        afterTag(i, 2, after);
        return true;
    }

    private void code(Kind begin, Kind end, String closing) {
        out.add(new Lexeme(begin, "", line));
        while (true) {
            moveTo(Python.skipSpace(source, at));
            if (at >= source.length()) return;                          // the parser says what is missing
            if (open.isEmpty() && closes(end, closing)) return;
            if (!number() && !name() && !string()) operator();
        }
    }

    private boolean closes(Kind end, String closing) {
        var sign = sign(at);
        if (sign == '+' && end == Kind.VARIABLE_END) sign = 0;
        int i = sign == 0 ? at : at + 1;
        if (!source.startsWith(closing, i)) return false;
        out.add(new Lexeme(end, "", line));
        if (end == Kind.BLOCK_END || sign == '-') afterTag(i, 2, sign);
        else moveTo(i + 2);
        return true;
    }

    private boolean number() {
        var match = Numerals.at(source, at);
        if (match.isEmpty()) return false;
        out.add(new Lexeme(match.get().kind(), match.get().digits(), line));
        moveTo(match.get().end());
        return true;
    }

    private boolean name() {
        int i = at;
        while (i < source.length() && isWord(source.codePointAt(i))) i += Character.charCount(source.codePointAt(i));
        if (i == at) return false;
        var name = source.substring(at, i);
        if (!Character.isUnicodeIdentifierStart(name.codePointAt(0)) && name.charAt(0) != '_')
            throw new TemplateException("no name begins like this").at(line, "'" + name + "'");
        out.add(new Lexeme(Kind.NAME, name, line));
        moveTo(i);
        return true;
    }

    private static boolean isWord(int c) {
        return c == '_' || Character.isLetterOrDigit(c) || Character.isUnicodeIdentifierPart(c)
            && !Character.isIdentifierIgnorable(c);
    }

    private boolean string() {
        var quote = source.charAt(at);
        if (quote != '\'' && quote != '"') return false;
        int i = at + 1;
        while (i < source.length() && source.charAt(i) != quote) i += source.charAt(i) == '\\' ? 2 : 1;
        if (i >= source.length())
            throw new TemplateException("it has no end; write " + quote).at(line, "string");
        out.add(new Lexeme(Kind.STRING, Escapes.read(source.substring(at + 1, i), line), line));
        moveTo(i + 1);
        return true;
    }

    private void operator() {
        var found = OPERATORS.stream().filter(o -> source.startsWith(o, at)).findFirst();
        if (found.isEmpty())
            throw new TemplateException("it means nothing here")
                .at(line, "'" + Character.toString(source.codePointAt(at)) + "'");
        var operator = found.get();
        if (CLOSING.containsKey(operator)) open.push(CLOSING.get(operator));
        else if (CLOSING.containsValue(operator) && (open.isEmpty() || !open.pop().equals(operator)))
            throw new TemplateException("it closes nothing that is open").at(line, "'" + operator + "'");
        out.add(new Lexeme(Kind.OPERATOR, operator, line));
        moveTo(at + operator.length());
    }
}
