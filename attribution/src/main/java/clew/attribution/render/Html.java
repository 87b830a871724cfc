package clew.attribution.render;

/// Markup being written; every text that was not written by this program goes through [#text] or [#attribute].
final class Html {
    private final StringBuilder out = new StringBuilder();

    /// Markup as it is.
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /// Text, made visible and escaped.
    Html text(String text) {
        return raw(escape(Visible.of(text)));
    }

    /// ` name="value"`, made visible and escaped.
    Html attribute(String name, String value) {
        return raw(" " + name + "=\"").text(value).raw("\"");
    }

    /// A token, its spaces visible.
    Html word(String token) {
        return raw("<code class=\"word\">").raw(escape(Visible.alone(token))).raw("</code>");
    }

    /// `& < > " '` as references, which are inert in text and in quoted attributes.
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            .replace("\"", "&quot;").replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
