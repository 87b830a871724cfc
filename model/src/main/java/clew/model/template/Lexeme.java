package clew.model.template;

/// A piece of a template.
///
/// @param text what it says: the data, the name, the operator, the string without its quotes, the digits
record Lexeme(Kind kind, String text, int line) {
    enum Kind { DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, NAME, STRING, INTEGER, REAL, OPERATOR, END }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /// For a message.
    String shown() {
        return switch (kind) {
            case DATA           -> "text";
            case VARIABLE_BEGIN -> "'{{'";
            case VARIABLE_END   -> "'}}'";
            case BLOCK_BEGIN    -> "'{%'";
            case BLOCK_END      -> "'%}'";
            case END            -> "the end of the template";
            case STRING         -> "a string";
            default             -> "'" + text + "'";
        };
    }
}
