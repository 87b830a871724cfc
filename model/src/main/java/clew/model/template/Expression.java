package clew.model.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has a value. Each knows its line, and how a message calls it.
sealed interface Expression {
    int line();

    record Literal(Value value, int line) implements Expression {}

    record Name(String name, int line) implements Expression {}

    record Sequence(List<Expression> elements, Value.Items.Kind kind, int line) implements Expression {}

    record Mapping(List<Expression> keys, List<Expression> values, int line) implements Expression {}

    /// `of.name`
    record Attribute(Expression of, String name, int line) implements Expression {}

    /// `of[key]`
    record Subscript(Expression of, Expression key, int line) implements Expression {}

    /// `of[from:to:step]`
    record Slice(Expression of, @Nullable Expression from, @Nullable Expression to, @Nullable Expression step, int line)
        implements Expression {}

    record Call(Expression callee, Given given, int line) implements Expression {}

    /// `of | name(…)`; without `of` in a statement that filters its body.
    record Filter(@Nullable Expression of, String name, Given given, int line) implements Expression {}

    /// `of is name(…)`
    record Test(Expression of, String name, Given given, int line) implements Expression {}

    record Unary(String operator, Expression of, int line) implements Expression {}

    /// Arithmetic.
    record Binary(String operator, Expression left, Expression right, int line) implements Expression {}

    record And(Expression left, Expression right, int line) implements Expression {}

    record Or(Expression left, Expression right, int line) implements Expression {}

    /// `a ~ b ~ …`
    record Joined(List<Expression> parts, int line) implements Expression {}

    /// `a < b == c …`, each compared with the next.
    record Comparison(Expression first, List<Compared> rest, int line) implements Expression {}

    record Compared(String operator, Expression with) {}

    /// `then if test else otherwise`
    record Choice(Expression test, Expression then, @Nullable Expression otherwise, int line) implements Expression {}

    /// What a call gives: `f(a, b, name=c, *more, **named)`.
    record Given(List<Expression> positional, List<Keyword> named, @Nullable Expression more,
        @Nullable Expression moreNamed) {
        static final Given NOTHING = new Given(List.of(), List.of(), null, null);
    }

    record Keyword(String name, Expression value) {}

    /// For a message.
    default String construct() {
        return switch (this) {
            case Literal _      -> "constant";
            case Name n         -> "variable '" + n.name + "'";
            case Sequence s     -> s.kind == Value.Items.Kind.LIST ? "list" : "tuple";
            case Mapping _      -> "mapping";
            case Attribute a    -> "attribute '" + a.name + "'";
            case Subscript _    -> "subscript";
            case Slice _        -> "slice";
            case Call c         -> "call" + switch (c.callee) {
                case Name n      -> " of '" + n.name + "'";
                case Attribute a -> " of '" + a.name + "'";
                default          -> "";
            };
            case Filter f       -> "filter '" + f.name + "'";
            case Test t         -> "test '" + t.name + "'";
            case Unary u        -> "operator '" + u.operator + "'";
            case Binary b       -> "operator '" + b.operator + "'";
            case And _          -> "operator 'and'";
            case Or _           -> "operator 'or'";
            case Joined _       -> "operator '~'";
            case Comparison c   -> "operator '" + c.rest.getFirst().operator + "'";
            case Choice _       -> "inline 'if'";
        };
    }
}
