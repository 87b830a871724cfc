package clew.model.template;

import clew.model.template.Lexeme.Kind;
import clew.model.template.Statement.Flow;
import clew.model.template.Statement.Signature;
import clew.model.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Statements, by Jinja's grammar.
final class Parser {
    private static final Set<String> EXTRAS = Set.of("varargs", "kwargs", "caller");
    private static final String KNOWN = "if, for, set, macro, call, filter, with, break, continue, generation, block,"
        + " print and raw";

    private final Lexemes in;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(Lexemes in) {
        this.in = in;
        this.expressions = new ExpressionParser(in);
    }

    /// @throws TemplateException if the template cannot be read
    static List<Statement> parse(String template) {
        var parser = new Parser(new Lexemes(Lexer.lex(template)));
        var body = parser.statements(Set.of(), "template");
        parser.expressions.requireKnown();
        return body;
    }

    /// Statements up to one of the tags, which is left standing behind its `{%`.
    private List<Statement> statements(Set<String> ends, String of) {
        return expressions.nested(() -> {
            var body = new ArrayList<Statement>();
            while (true) {
                var now = in.now();
                switch (now.kind()) {
                    case DATA           -> body.add(new Statement.Data(Text.of(in.take().text())));
                    case VARIABLE_BEGIN -> body.add(output());
                    case BLOCK_BEGIN    -> {
                        in.take();
                        if (in.now().kind() == Kind.NAME && ends.contains(in.now().text())) return body;
                        body.add(statement(ends, of));
                    }
                    default             -> {
                        if (ends.isEmpty() && now.kind() == Kind.END) return body;
                        throw in.unexpected("'" + String.join("' or '", ends.stream().sorted().toList()) + "'",
                            "statement '" + of + "'");
                    }
                }
            }
        });
    }

    private Statement output() {
        in.take();
        var value = expressions.tuple();
        in.expect(Kind.VARIABLE_END, "'}}'", "output");
        return new Statement.Output(List.of(value));
    }

    private Statement statement(Set<String> ends, String of) {
        var tag = in.expect(Kind.NAME, "a statement", "statement");
        var made = switch (tag.text()) {
            case "if"         -> branches();
            case "for"        -> loop(tag.line());
            case "set"        -> set(tag.line());
            case "macro"      -> macro(tag.line());
            case "call"       -> call(tag.line());
            case "filter"     -> filter();
            case "with"       -> with(tag.line());
            case "break"      -> jump(Flow.BREAK, tag);
            case "continue"   -> jump(Flow.CONTINUE, tag);
            case "print"      -> print();
            case "generation" -> new Statement.Scoped(apart(() -> body("generation")), Statement.Reach.AROUND);
            case "block"      -> block();
            default           -> throw new TemplateException(ends.isEmpty()
                ? "it is not supported; known are " + KNOWN
                : "it stands inside '" + of + "', which ends with '"
                    + String.join("' or '", ends.stream().sorted().toList()) + "'").at(tag.line(),
                    "statement '" + tag.text() + "'");
        };
        in.expect(Kind.BLOCK_END, "'%}'", "statement '" + tag.text() + "'");
        return made;
    }

    /// The body up to `end…`, which is taken.
    private List<Statement> body(String of) {
        var body = body(of, Set.of("end" + of));
        in.take();
        return body;
    }

    /// The body up to one of the tags, which is not.
    private List<Statement> body(String of, Set<String> ends) {
        in.skip(":");
        in.expect(Kind.BLOCK_END, "'%}'", "statement '" + of + "'");
        return statements(ends, of);
    }

    private Statement branches() {
        return expressions.guarded(() -> {
            var branches = new ArrayList<Statement.Branch>();
            var ends = Set.of("elif", "else", "endif");
            do {
                var test = expressions.plainTuple();
                branches.add(new Statement.Branch(test, body("if", ends)));
            } while (in.skipName("elif"));
            if (in.skipName("else")) return new Statement.If(branches, body("if"));
            in.take();
            return new Statement.If(branches, List.of());
        });
    }

    private Statement loop(int line) {
        var target = targets(Names.PLAIN);
        in.expectName("in", "statement 'for'");
        var over = expressions.plainTuple();
        var filter = in.skipName("if") ? expressions.expression() : null;
        var depth = in.skipName("recursive") ? Statement.Depth.RECURSIVE : Statement.Depth.FLAT;
        loops++;
        var body = body("for", Set.of("endfor", "else"));
        loops--;
        List<Statement> none = in.take().text().equals("else") ? body("for") : List.of();
        return new Statement.For(target, over, filter, body, none, depth, line);
    }

    private Statement set(int line) {
        var target = targets(Names.NAMESPACES_TOO);
        if (in.skip("=")) return new Statement.Set(target, expressions.tuple(), line);
        return new Statement.SetBlock(target, expressions.filters(null), body("set"), line);
    }

    private Statement macro(int line) {
        var name = in.expect(Kind.NAME, "the macro's name", "statement 'macro'").text();
        List<Statement> body = new ArrayList<>();
        var parameters = parameters();
        var extras = expressions.reads(EXTRAS, () -> body.addAll(apart(() -> body("macro"))));
        return new Statement.Macro(name, parameters.reading(extras), body, line);
    }

    private Statement call(int line) {
        var parameters = in.isOperator("(") ? parameters() : new Parameters(List.of(), List.of());
        if (!(expressions.expression() instanceof Expression.Call call))
            throw new TemplateException("it calls nothing").at(line, "statement 'call'");
        List<Statement> body = new ArrayList<>();
        var extras = expressions.reads(EXTRAS, () -> body.addAll(apart(() -> body("call"))));
        return new Statement.CallBlock(parameters.reading(extras), call, body, line);
    }

    private Statement filter() {
        var filter = expressions.filters(expressions.filterNamed(null));
        return new Statement.FilterBlock(filter, body("filter"));
    }

    private Statement with(int line) {
        var targets = new ArrayList<Target>();
        var values = new ArrayList<Expression>();
        while (in.now().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) in.expect(",", "statement 'with'");
            targets.add(targets(Names.PLAIN));
            in.expect("=", "statement 'with'");
            values.add(expressions.expression());
        }
        return new Statement.With(targets, values, body("with"), line);
    }

    private Statement jump(Flow to, Lexeme tag) {
        if (loops == 0)
            throw new TemplateException("it stands in no loop").at(tag.line(), "statement '" + tag.text() + "'");
        return new Statement.Jump(to);
    }

    private Statement print() {
        var values = new ArrayList<Expression>();
        while (in.now().kind() != Kind.BLOCK_END) {
            if (!values.isEmpty()) in.expect(",", "statement 'print'");
            values.add(expressions.expression());
        }
        return new Statement.Output(values);
    }

    private Statement block() {
        var name = in.expect(Kind.NAME, "the block's name", "statement 'block'").text();
        var reach = in.skipName("scoped") ? Statement.Reach.AROUND : Statement.Reach.TEMPLATE;
        var body = apart(() -> body("block"));
        in.skipName(name);
        return new Statement.Scoped(body, reach);
    }

    /// A body that no `break` leaves.
    private List<Statement> apart(java.util.function.Supplier<List<Statement>> body) {
        var around = loops;
        loops = 0;
        var made = body.get();
        loops = around;
        return made;
    }

    private record Parameters(List<String> names, List<Expression> defaults) {
        Signature reading(Set<String> extras) {
            return new Signature(names, defaults, extras);
        }
    }

    private Parameters parameters() {
        var names = new ArrayList<String>();
        var defaults = new ArrayList<Expression>();
        in.expect("(", "parameters");
        while (!in.skip(")")) {
            if (!names.isEmpty()) in.expect(",", "parameters");
            names.add(in.expect(Kind.NAME, "a parameter's name", "parameters").text());
            if (in.skip("=")) defaults.add(expressions.expression());
            else if (!defaults.isEmpty()) throw in.unexpected("a default", "parameters");
        }
        return new Parameters(names, defaults);
    }

    /// What a target may be.
    private enum Names { PLAIN, NAMESPACES_TOO }

    private Target targets(Names names) {
        var all = new ArrayList<Target>();
        var several = false;
        do {
            if (!all.isEmpty() && (in.now().isName("in") || in.isOperator("=") || in.isOperator(")"))) break;
            all.add(target(names));
            several |= in.isOperator(",");
        } while (in.skip(","));
        return several ? new Target.Several(all) : all.getFirst();
    }

    private Target target(Names names) {
        if (in.skip("(")) {
            var inside = expressions.nested(() -> targets(names));
            in.expect(")", "target");
            return inside;
        }
        var name = in.expect(Kind.NAME, "a name to assign to", "target");
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text()))
            throw new TemplateException("it cannot be assigned to").at(name.line(), "'" + name.text() + "'");
        if (names == Names.PLAIN || !in.skip(".")) return new Target.Name(name.text());
        return new Target.Attribute(name.text(), in.expect(Kind.NAME, "an attribute's name", "target").text());
    }
}
