package clew.model.template;

import clew.model.token.Encoding;
import clew.model.token.Token;
import java.util.ArrayList;
import java.util.List;

/// A chat as the model reads it, and who wrote which part of it.
///
/// @param spans one behind the other, all of the text; neighbours have different roles
public record Rendered(String text, List<Span> spans) {
    public Rendered {
        spans = List.copyOf(spans);
    }

    /// Code points `start` to `end` of the text.
    public record Span(Role role, int start, int end) {}

    static Rendered of(Text text) {
        var spans = new ArrayList<Span>();
        var s = text.string();
        for (int at = 0, point = 0; at < s.length(); ) {
            int end = at;
            while (end < s.length() && text.role(end) == text.role(at)) end++;
            int next = point + s.codePointCount(at, end);
            spans.add(new Span(text.role(at), point, next));
            at = end;
            point = next;
        }
        return new Rendered(s, spans);
    }

    /// The first chars of the text.
    Rendered cut(int chars) {
        int end = text.codePointCount(0, chars);
        return new Rendered(text.substring(0, chars), spans.stream().filter(s -> s.start() < end)
            .map(s -> new Span(s.role(), s.start(), Math.min(s.end(), end))).toList());
    }

    /// The role of every token of the text: whose characters it has, be it one beside the template's own.
    public List<Role> roles(Encoding encoding) {
        var roles = new ArrayList<Role>();
        int first = 0;
        for (var token : encoding.tokens()) {
            while (first < spans.size() && spans.get(first).end() <= token.start()) first++;
            roles.add(role(token, first));
        }
        return roles;
    }

    private Role role(Token token, int first) {
        for (int i = first; i < spans.size() && spans.get(i).start() < token.end(); i++)
            if (spans.get(i).role() != Role.TEMPLATE) return spans.get(i).role();
        return Role.TEMPLATE;
    }
}
