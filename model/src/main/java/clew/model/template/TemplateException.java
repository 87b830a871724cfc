package clew.model.template;

/// A template that cannot be read or rendered; the message is one sentence that names line and construct.
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean placed;

    private TemplateException(String sentence, boolean placed) {
        super(sentence);
        this.placed = placed;
    }

    /// A fault whose place in the template is not known yet.
    TemplateException(String what) {
        this(what, false);
    }

    /// The same fault with its place, unless it has one already.
    ///
    /// @param construct what was under way there: `filter 'join'`
    TemplateException at(int line, String construct) {
        return placed ? this : new TemplateException("chat template, line " + line + ", " + construct + ": "
            + getMessage(), true);
    }

    /// A fault that has no place.
    static TemplateException whole(String sentence) {
        return new TemplateException("chat template: " + sentence, true);
    }
}
