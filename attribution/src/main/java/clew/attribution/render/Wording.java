package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Contrast;
import clew.attribution.Explained;
import clew.attribution.Ledger;
import clew.attribution.Score;
import clew.model.token.Token;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The words that the formats for readers share. Nothing here is escaped for a format, everything is [Visible].
final class Wording {
    private Wording() {}

    /// The last name of the model's path.
    static String model(Attribution a) {
        return model(a.model());
    }

    static String model(Attribution.Model m) {
        var name = m.path().toAbsolutePath().normalize().getFileName();
        return Visible.of((name == null ? m.path() : name).toString());
    }

    /// `aggregate sum, rules attnlrp`.
    static String parameters(Attribution.Method m) {
        return m.parameters().entrySet().stream().map(e -> Visible.of(e.getKey() + " " + e.getValue()))
            .collect(Collectors.joining(", "));
    }

    /// `42 tokens`.
    static String tokens(Attribution a) {
        return count(a.tokens().size(), "token");
    }

    /// What the tokens of a window say together.
    ///
    /// @param span `{from, to}`
    static String text(Attribution a, int[] span) {
        return a.tokens().subList(span[0], span[1]).stream().map(Token::text).collect(Collectors.joining());
    }

    /// `51 evaluations · 0.250 s`.
    static String cost(Attribution a) {
        var d = a.diagnostics();
        return count(d.evaluations(), "evaluation") + " · " + Digits.of(d.seconds(), 3) + " s";
    }

    /// `1 token`, `2 tokens`.
    static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    /// `efficiency residual` of `efficiencyResidual`.
    static String figure(String name) {
        return name.equals("r2") ? "R²" : name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT)
            .replace("held out", "held-out");
    }

    /// What the value is: `logit`, `logit − mean`, `prob − prob of ␣cat`.
    static String score(Attribution a, Explained t) {
        var score = t.score().label();
        return switch (t.contrast()) {
            case Contrast.None _       -> score;
            case Contrast.Mean _       -> score + " − mean";
            case Contrast.Foil(int id) -> score + " − " + score + " of " + Visible.alone(a.text(id));
        };
    }

    /// One amount of a ledger.
    record Entry(String name, double amount) {}

    /// What the explained amount consists of; edits, and what goes past a layer, only where there are any.
    static List<Entry> entries(Ledger l) {
        return Stream.of(new Entry("tokens", l.tokens()), new Entry("positions", l.positions()),
            new Entry("biases", l.biases()), new Entry("softmax", l.softmax()), new Entry("edits", l.edits()),
            new Entry("ε", l.epsilon()), new Entry("past", l.past()))
            .filter(e -> e.amount() != 0 || !Set.of("edits", "past").contains(e.name())).toList();
    }

    /// `explained 8.2209 = tokens 3.2563 + positions 0 + biases 0 + softmax 4.9646 + ε 0 (closure 1e-15)`.
    static String ledger(Ledger l) {
        var terms = entries(l).stream().map(e -> (e.amount() < 0 ? "− " : "+ ") + e.name() + " "
            + Digits.of(Math.abs(e.amount()), 5)).collect(Collectors.joining(" "));
        return "explained " + Digits.of(l.explained(), 5) + " = "
            + (terms.startsWith("+ ") ? terms.substring(2) : terms) + " (closure " + Digits.of(l.closure(), 1) + ")";
    }

    /// `positions + 0.123 the − 0.02 cat`: what the tokens' positions have.
    static String positions(Attribution a, int target) {
        return "positions" + IntStream.range(0, a.tokens().size()).mapToObj(t -> {
            var v = a.positions()[target][t];
            return (v < 0 ? " − " : " + ") + Digits.of(Math.abs(v), 3) + " " + Visible.alone(a.tokens().get(t).text());
        }).collect(Collectors.joining());
    }

    /// What to try next, if the signs of an explanation are likely to mislead.
    static Optional<String> hint(Attribution a, Explained t) {
        var negative = a.method().name().equals("lrp") && t.score() == Score.LOGIT
            && t.contrast() instanceof Contrast.None && t.value() < 0;
        return negative ? Optional.of("negative logit: try --contrast mean") : Optional.empty();
    }
}
