package clew.model.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a template does.
sealed interface Statement {
    /// Text as it stands.
    record Data(Text text) implements Statement {}

    /// `{{ value }}`, and `{% print a, b %}`.
    record Output(List<Expression> values) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    /// @param filter which elements the loop sees
    /// @param body   for every element
    /// @param none   if there was none
    record For(Target target, Expression over, @Nullable Expression filter, List<Statement> body,
        List<Statement> none, Depth depth, int line) implements Statement {}

    /// Whether `loop(…)` runs the loop's body on what lies inside an element.
    enum Depth { FLAT, RECURSIVE }

    record Set(Target target, Expression value, int line) implements Statement {}

    /// `{% set x | filter %} … {% endset %}`
    record SetBlock(Target target, Expression.@Nullable Filter filter, List<Statement> body, int line)
        implements Statement {}

    record Macro(String name, Signature signature, List<Statement> body, int line) implements Statement {}

    /// `{% call(a, b) f(…) %} … {% endcall %}`
    record CallBlock(Signature signature, Expression.Call call, List<Statement> body, int line) implements Statement {}

    record FilterBlock(Expression.Filter filter, List<Statement> body) implements Statement {}

    record With(List<Target> targets, List<Expression> values, List<Statement> body, int line) implements Statement {}

    /// A body with names of its own: `{% generation %}`, `{% block %}`.
    ///
    /// @param reach whether it sees the names around it, or the template's only
    record Scoped(List<Statement> body, Reach reach) implements Statement {}

    enum Reach { AROUND, TEMPLATE }

    /// `{% break %}` and `{% continue %}`.
    record Jump(Flow to) implements Statement {}

    /// How a body ended.
    enum Flow { ON, BREAK, CONTINUE }

    /// The parameters of a macro; the last ones may have defaults.
    ///
    /// @param extras which of `varargs`, `kwargs` and `caller` the body reads
    record Signature(List<String> names, List<Expression> defaults, java.util.Set<String> extras) {}

    /// What takes a value.
    sealed interface Target {
        record Name(String name) implements Target {}

        /// An attribute of a namespace.
        record Attribute(String namespace, String name) implements Target {}

        record Several(List<Target> parts) implements Target {}
    }
}
