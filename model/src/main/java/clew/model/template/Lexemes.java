package clew.model.template;

import clew.model.template.Lexeme.Kind;
import java.util.List;

/// The lexemes of a template, one after another.
final class Lexemes {
    private final List<Lexeme> all;
    private int at;

    Lexemes(List<Lexeme> all) {
        this.all = all;
    }

    Lexeme now() {
        return all.get(at);
    }

    Lexeme look() {
        return all.get(Math.min(at + 1, all.size() - 1));
    }

    Lexeme take() {
        var now = now();
        if (at < all.size() - 1) at++;
        return now;
    }

    boolean skip(String operator) {
        if (!now().isOperator(operator)) return false;
        take();
        return true;
    }

    boolean skipName(String name) {
        if (!now().isName(name)) return false;
        take();
        return true;
    }

    boolean isOperator(String operator) {
        return now().isOperator(operator);
    }

    void expect(String operator, String where) {
        if (!skip(operator)) throw unexpected("'" + operator + "'", where);
    }

    void expectName(String name, String where) {
        if (!skipName(name)) throw unexpected("'" + name + "'", where);
    }

    Lexeme expect(Kind kind, String what, String where) {
        if (now().kind() != kind) throw unexpected(what, where);
        return take();
    }

    TemplateException unexpected(String expected, String where) {
        return new TemplateException(now().shown() + " stands where " + expected + " should").at(now().line(), where);
    }
}
