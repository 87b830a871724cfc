package clew.model.template;

/// What `escape` does, and what becomes of a text that is added to one marked safe.
final class Html {
    private Html() {}

    /// The text with `& < > ' "` as entities, marked safe; one that is marked stays as it is.
    static Text escape(Text text, Room room) {
        if (text.isMarkup()) return text;
        var out = new Weave(room);
        var s = text.string();
        for (int i = 0; i < s.length(); i++) {
            switch (s.charAt(i)) {
                case '&'  -> out.add("&amp;", text.role(i));
                case '<'  -> out.add("&lt;", text.role(i));
                case '>'  -> out.add("&gt;", text.role(i));
                case '\'' -> out.add("&#39;", text.role(i));
                case '"'  -> out.add("&#34;", text.role(i));
                default   -> out.add(text, i, i + 1);
            }
        }
        return out.text().markup();
    }
}
