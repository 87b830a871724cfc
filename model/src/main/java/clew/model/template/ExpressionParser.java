package clew.model.template;

import clew.model.template.Expression.Given;
import clew.model.template.Lexeme.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Expressions, by Jinja's grammar: a method for each level of precedence, the weakest first.
final class ExpressionParser {
    /// More than anybody writes.
    private static final int NESTING = 200;
    private static final int CHAIN = 200;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Lexemes in;
    private final Deque<Set<String>> macros = new ArrayDeque<>();
    private final List<TemplateException> unknown = new ArrayList<>();
    private int depth;

    ExpressionParser(Lexemes in) {
        this.in = in;
    }

    /// Which of the names are read by what is parsed meanwhile.
    Set<String> reads(Set<String> names, Runnable parsing) {
        macros.push(new HashSet<>());
        parsing.run();
        var read = macros.pop();
        if (!macros.isEmpty()) macros.peek().addAll(read);
        read.retainAll(names);
        return Set.copyOf(read);
    }

    /// What is parsed meanwhile may never run, so that filters and tests in it need not exist.
    <T> T guarded(Supplier<T> parsing) {
        var mark = unknown.size();
        var made = nested(parsing);
        forgive(mark);
        return made;
    }

    private void forgive(int mark) {
        unknown.subList(mark, unknown.size()).clear();
    }

    /// @throws TemplateException if a filter or a test that will run does not exist
    void requireKnown() {
        if (!unknown.isEmpty()) throw unknown.getFirst();
    }

    <T> T nested(Supplier<T> parsing) {
        if (++depth > NESTING)
            throw new TemplateException("it nests deeper than " + NESTING + " levels; simplify it")
                .at(in.now().line(), "expression");
        var made = parsing.get();
        depth--;
        return made;
    }

    private void chain(int links) {
        if (links > CHAIN)
            throw new TemplateException("more than " + CHAIN + " operations follow one another; use parentheses")
                .at(in.now().line(), "expression");
    }

    /// One expression, or several with commas: a tuple.
    Expression tuple() {
        return tuple(this::expression, false);
    }

    /// The same without `a if b`, whose `if` would belong to the statement.
    Expression plainTuple() {
        return tuple(this::or, false);
    }

    private Expression tuple(Supplier<Expression> element, boolean parenthesised) {
        var line = in.now().line();
        var elements = new ArrayList<Expression>();
        var several = false;
        while (true) {
            if (!elements.isEmpty()) in.expect(",", "tuple");
            if (tupleEnds()) break;
            elements.add(element.get());
            if (!in.isOperator(",")) break;
            several = true;
        }
        if (!several && !elements.isEmpty()) return elements.getFirst();
        if (!several && !parenthesised) throw in.unexpected("an expression", "expression");
        return new Expression.Sequence(elements, Value.Items.Kind.TUPLE, line);
    }

    private boolean tupleEnds() {
        return switch (in.now().kind()) {
            case VARIABLE_END, BLOCK_END -> true;
            default -> in.isOperator(")") || in.now().isName("recursive");
        };
    }

    /// `or [if or [else expression]]`
    Expression expression() {
        return nested(() -> {
            int line = in.now().line(), mark = unknown.size();
            var made = or();
            for (int links = 0; in.skipName("if"); links++) {
                chain(links);
                var test = or();
                var otherwise = in.skipName("else") ? expression() : null;
                made = new Expression.Choice(test, made, otherwise, line);
                forgive(mark);
            }
            return made;
        });
    }

    private Expression or() {
        var made = and();
        for (int links = 0; in.now().isName("or"); links++) {
            chain(links);
            var line = in.take().line();
            made = new Expression.Or(made, and(), line);
        }
        return made;
    }

    private Expression and() {
        var made = not();
        for (int links = 0; in.now().isName("and"); links++) {
            chain(links);
            var line = in.take().line();
            made = new Expression.And(made, not(), line);
        }
        return made;
    }

    private Expression not() {
        if (!in.now().isName("not")) return comparison();
        var line = in.take().line();
        return new Expression.Unary("not", nested(this::not), line);
    }

    private Expression comparison() {
        var line = in.now().line();
        var first = sum();
        var rest = new ArrayList<Expression.Compared>();
        while (true) {
            var now = in.now();
            if (now.kind() == Kind.OPERATOR && COMPARISONS.contains(now.text())) in.take();
            else if (now.isName("in")) in.take();
            else if (now.isName("not") && in.look().isName("in")) {
                in.take();
                in.take();
            } else break;
            rest.add(new Expression.Compared(now.text().equals("not") ? "not in" : now.text(), sum()));
        }
        return rest.isEmpty() ? first : new Expression.Comparison(first, rest, line);
    }

    private Expression sum() {
        return arithmetic(this::joined, "+", "-");
    }

    private Expression joined() {
        var line = in.now().line();
        var parts = new ArrayList<>(List.of(product()));
        while (in.skip("~")) parts.add(product());
        return parts.size() == 1 ? parts.getFirst() : new Expression.Joined(parts, line);
    }

    private Expression product() {
        return arithmetic(() -> arithmetic(() -> unary(true), "**"), "*", "/", "//", "%");
    }

    private Expression arithmetic(Supplier<Expression> operand, String... operators) {
        var made = operand.get();
        for (int links = 0; in.now().kind() == Kind.OPERATOR && List.of(operators).contains(in.now().text()); links++) {
            chain(links);
            var operator = in.take();
            made = new Expression.Binary(operator.text(), made, operand.get(), operator.line());
        }
        return made;
    }

    private Expression unary(boolean filtered) {
        var now = in.now();
        Expression made;
        if (now.isOperator("-") || now.isOperator("+")) {
            in.take();
            made = new Expression.Unary(now.text(), nested(() -> unary(false)), now.line());
        } else made = primary();
        made = postfix(made);
        return filtered ? filtered(made) : made;
    }

    Expression primary() {
        var now = in.now();
        return switch (now.kind()) {
            case NAME    -> name(in.take());
            case STRING  -> strings();
            case INTEGER -> new Expression.Literal(new Value.Int(Numerals.integer(in.take())), now.line());
            case REAL    -> new Expression.Literal(new Value.Real(Double.parseDouble(in.take().text())), now.line());
            default      -> {
                if (in.skip("(")) {
                    var inside = nested(() -> tuple(this::expression, true));
                    in.expect(")", "expression");
                    yield inside;
                }
                if (in.isOperator("[")) yield list();
                if (in.isOperator("{")) yield mapping();
                throw in.unexpected("an expression", "expression");
            }
        };
    }

    private Expression name(Lexeme name) {
        return switch (name.text()) {
            case "true", "True"   -> new Expression.Literal(Value.of(true), name.line());
            case "false", "False" -> new Expression.Literal(Value.of(false), name.line());
            case "none", "None"   -> new Expression.Literal(Value.NONE, name.line());
            default               -> {
                if (!macros.isEmpty()) macros.peek().add(name.text());
                yield new Expression.Name(name.text(), name.line());
            }
        };
    }

    /// Strings that follow one another are one.
    private Expression strings() {
        var line = in.now().line();
        var all = new StringBuilder();
        while (in.now().kind() == Kind.STRING) all.append(in.take().text());
        return new Expression.Literal(Text.of(all.toString()), line);
    }

    private Expression list() {
        var line = in.take().line();
        var elements = new ArrayList<Expression>();
        while (!in.skip("]")) {
            if (!elements.isEmpty()) in.expect(",", "list");
            if (in.skip("]")) break;
            elements.add(expression());
        }
        return new Expression.Sequence(elements, Value.Items.Kind.LIST, line);
    }

    private Expression mapping() {
        var line = in.take().line();
        List<Expression> keys = new ArrayList<>(), values = new ArrayList<>();
        while (!in.skip("}")) {
            if (!keys.isEmpty()) in.expect(",", "mapping");
            if (in.skip("}")) break;
            keys.add(expression());
            in.expect(":", "mapping");
            values.add(expression());
        }
        return new Expression.Mapping(keys, values, line);
    }

    private Expression postfix(Expression of) {
        var made = of;
        for (int links = 0; ; links++) {
            chain(links);
            if (in.isOperator(".")) made = attribute(made);
            else if (in.isOperator("[")) made = subscript(made);
            else if (in.isOperator("(")) made = call(made);
            else return made;
        }
    }

    private Expression filtered(Expression of) {
        var made = of;
        for (int links = 0; ; links++) {
            chain(links);
            if (in.isOperator("|")) made = filter(made);
            else if (in.now().isName("is")) made = test(made);
            else if (in.isOperator("(")) made = call(made);
            else return made;
        }
    }

    private Expression call(Expression callee) {
        var line = in.now().line();
        return new Expression.Call(callee, given(), line);
    }

    private Expression attribute(Expression of) {
        var line = in.take().line();
        var key = in.take();
        return switch (key.kind()) {
            case NAME    -> new Expression.Attribute(of, key.text(), line);
            case INTEGER -> new Expression.Subscript(of,
                new Expression.Literal(new Value.Int(Numerals.integer(key)), line), line);
            default      -> throw new TemplateException(key.shown() + " stands where a name or a number should")
                .at(line, "attribute");
        };
    }

    private Expression subscript(Expression of) {
        var line = in.take().line();
        var from = in.isOperator(":") ? null : expression();
        if (in.skip("]")) {
            if (from == null) throw in.unexpected("a key", "subscript");
            return new Expression.Subscript(of, from, line);
        }
        if (from != null && in.isOperator(",")) return several(of, from, line);
        in.expect(":", "slice");
        var to = sliceEnds() ? null : expression();
        var step = in.skip(":") && !sliceEnds() ? expression() : null;
        in.expect("]", "slice");
        return new Expression.Slice(of, from, to, step, line);
    }

    private boolean sliceEnds() {
        return in.isOperator(":") || in.isOperator("]");
    }

    /// `of[a, b]`: a tuple for a key.
    private Expression several(Expression of, Expression first, int line) {
        var keys = new ArrayList<>(List.of(first));
        while (in.skip(",")) keys.add(expression());
        in.expect("]", "subscript");
        return new Expression.Subscript(of, new Expression.Sequence(keys, Value.Items.Kind.TUPLE, line), line);
    }

    /// `| name(…)`, the bar already seen.
    Expression.Filter filter(@Nullable Expression of) {
        in.expect("|", "filter");
        return filterNamed(of);
    }

    /// `| name(…) | …`, as many as there are, or what they would filter.
    Expression.@Nullable Filter filters(Expression.@Nullable Filter first) {
        var made = first;
        for (int links = 0; in.isOperator("|"); links++) {
            chain(links);
            made = filter(made);
        }
        return made;
    }

    Expression.Filter filterNamed(@Nullable Expression of) {
        var name = in.expect(Kind.NAME, "a filter's name", "filter");
        if (!Filters.exists(name.text())) unknown.add(Filters.unknown(name.text()).at(name.line(), "filter"));
        return new Expression.Filter(of, name.text(), in.isOperator("(") ? given() : Given.NOTHING, name.line());
    }

    private Expression test(Expression of) {
        var line = in.take().line();
        var negated = in.skipName("not");
        var name = in.expect(Kind.NAME, "a test's name", "operator 'is'");
        if (!Tests.exists(name.text())) unknown.add(Tests.unknown(name.text()).at(name.line(), "test"));
        Expression made = new Expression.Test(of, name.text(), testGiven(), line);
        return negated ? new Expression.Unary("not", made, line) : made;
    }

    private Given testGiven() {
        if (in.isOperator("(")) return given();
        var now = in.now();
        var given = switch (now.kind()) {
            case NAME -> !now.isName("else") && !now.isName("or") && !now.isName("and");
            case STRING, INTEGER, REAL -> true;
            default -> in.isOperator("[") || in.isOperator("{");
        };
        if (!given) return Given.NOTHING;
        if (now.isName("is"))
            throw new TemplateException("tests with 'is' do not follow one another; use 'and'").at(now.line(), "test");
        return new Given(List.of(postfix(primary())), List.of(), null, null);
    }

    private Given given() {
        var where = "call";
        in.expect("(", where);
        var positional = new ArrayList<Expression>();
        var named = new ArrayList<Expression.Keyword>();
        Expression more = null, moreNamed = null;
        for (var first = true; !in.skip(")"); first = false) {
            if (!first) {
                in.expect(",", where);
                if (in.skip(")")) break;
            }
            if (moreNamed != null) throw in.unexpected("')'", where);
            if (in.skip("**")) moreNamed = expression();
            else if (in.skip("*") && more == null) more = expression();
            else if (in.now().kind() == Kind.NAME && in.look().isOperator("=")) {
                var name = in.take().text();
                in.take();
                named.add(new Expression.Keyword(name, expression()));
            } else if (more == null && named.isEmpty()) positional.add(expression());
            else throw in.unexpected("an argument with a name", where);
        }
        return new Given(positional, named, more, moreNamed);
    }
}
