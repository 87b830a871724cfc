package clew.model.token;

/// A text that counts how often an expression looks at it. An expression may look at every character again and again,
/// at worst in numbers that grow with a power of the text's length. What looks more than [#LOOKS] times as often as
/// there are characters, and [#SHORT] more, is refused instead of waited for.
final class Counted implements CharSequence {
    /// Per character; a second or so on a text of a megabyte.
    private static final int LOOKS = 500;
    private static final int SHORT = 1 << 16;

    private final String text;
    private final String expression;
    private long left;

    Counted(String text, String expression) {
        this.text = text;
        this.expression = expression;
        this.left = (long) LOOKS * (text.length() + SHORT);
    }

    /// @throws IllegalArgumentException if it is asked too often
    @Override
    public char charAt(int index) {
        if (--left < 0) throw new IllegalArgumentException("the expression " + expression + " of the tokenizer looks at"
            + " a text of " + text.length() + " characters too often (" + LOOKS + " times each); shorten the text, or"
            + " use the model's published tokenizer files");
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
