package clew.attribution;

import clew.attribution.render.Colours;
import clew.attribution.render.HtmlFormat;
import clew.attribution.render.TextFormat;
import clew.model.token.Token;
import clew.model.token.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An explanation: one score per token for every target, and what is known about their worth.
///
/// @param tokens      the input, in order
/// @param targets     what was explained
/// @param texts       what the ids of targets and foils stand for in place; empty without a tokenizer
/// @param scores      `[targets][T]`, raw
/// @param features    `[targets][T·D]`, or null for methods without features
/// @param positions   `[targets][T]`, what a token's position has, apart from its score; empty but for pa-lrp
/// @param map         `[T·T]`, rows are queries, or null for methods without a map
/// @param warnings    sentences for the reader
/// @param sequence    what the targets are together, if they are the tokens of a continuation behind these tokens
/// @param regions     what every window took away, of occlusion; else null
public record Attribution(Model model, Method method, List<Token> tokens, List<Explained> targets,
                          Map<Integer, String> texts, double[][] scores, double @Nullable [][] features,
                          double[][] positions, double @Nullable [] map, Diagnostics diagnostics,
                          List<String> warnings, @Nullable Sequence sequence, @Nullable Regions regions) {
    /// What was explained, so that a result can be traced.
    ///
    /// @param provenance what else there is to know for making a result again, or null where nobody wrote it down
    public record Model(Path path, String family, String fingerprint, @Nullable Provenance provenance) {
        public Model(Path path, String family, String fingerprint) {
            this(path, family, fingerprint, null);
        }
    }

    /// By which method, with which parameters (name to number, string or boolean), in the order of their names.
    public record Method(String name, Map<String, Object> parameters) {
        /// Whether the scores are as good as a `tolerance` asked for; there is none without.
        public static final String MET = "toleranceMet";

        public Method {
            parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        }
    }

    /// How good the numbers are and what they cost.
    ///
    /// @param convergenceDelta per target `Σ scores − (f(x) − f(baseline))`; empty where it has no meaning
    /// @param ledgers          per target; empty but for relevance
    /// @param drawn            how far off the scores may be; [Deviations#NONE] but for sampling methods
    /// @param figures          by name, one number per target: what else a method knows of the worth of its scores
    /// @param evaluations      sequences run forward
    public record Diagnostics(List<Double> convergenceDelta, List<Ledger> ledgers, Deviations drawn,
                              Map<String, double[]> figures, long evaluations, double seconds) {
        public Diagnostics {
            figures = Collections.unmodifiableMap(new TreeMap<>(figures));
        }

        /// Of some targets and then some more.
        static Diagnostics joined(List<Diagnostics> parts) {
            var figures = new HashMap<String, double[]>();
            for (var name : parts.getFirst().figures.keySet())
                figures.put(name, parts.stream().flatMapToDouble(d -> Arrays.stream(d.figures.get(name))).toArray());
            return new Diagnostics(flat(parts, d -> d.convergenceDelta), flat(parts, d -> d.ledgers),
                Deviations.joined(parts.stream().map(d -> d.drawn).toList()), figures,
                parts.stream().mapToLong(d -> d.evaluations).sum(), parts.stream().mapToDouble(d -> d.seconds).sum());
        }

        /// Of a method that draws nothing.
        public Diagnostics(List<Double> convergenceDelta, List<Ledger> ledgers, long evaluations, double seconds) {
            this(convergenceDelta, ledgers, Deviations.NONE, Map.of(), evaluations, seconds);
        }

        /// The same of scores that may be off by this much.
        public Diagnostics with(Deviations other) {
            return new Diagnostics(convergenceDelta, ledgers, other, figures, evaluations, seconds);
        }

        /// `[targets][T]` of the scores; empty but for sampling methods.
        public double[][] standardErrors() {
            return drawn.errors();
        }
    }

    /// A continuation: as many targets as it has tokens, each at the row before it, or their sum as the one target.
    ///
    /// @param tokens  of the continuation
    /// @param text    what they say together
    /// @param scores  `[T]`: of the prompt's tokens, added up over the targets
    /// @param earlier of every target the scores of the continuation's tokens before it: all that its row saw
    public record Sequence(List<Token> tokens, String text, double[] scores, double[][] earlier) {
        public Sequence {
            tokens = List.copyOf(tokens);
        }

        /// What went to the continuation's own earlier tokens, per target.
        public double[] shares() {
            return Arrays.stream(earlier).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
        }
    }

    public Attribution {
        tokens   = List.copyOf(tokens);
        targets  = List.copyOf(targets);
        texts    = Map.copyOf(texts);
        warnings = List.copyOf(warnings);
    }

    /// Of no windows.
    public Attribution(Model model, Method method, List<Token> tokens, List<Explained> targets,
                       Map<Integer, String> texts, double[][] scores, double @Nullable [][] features,
                       double[][] positions, double @Nullable [] map, Diagnostics diagnostics, List<String> warnings,
                       @Nullable Sequence sequence) {
        this(model, method, tokens, targets, texts, scores, features, positions, map, diagnostics, warnings, sequence,
            null);
    }

    /// Without a part of positions.
    public Attribution(Model model, Method method, List<Token> tokens, List<Explained> targets,
                       Map<Integer, String> texts, double[][] scores, double @Nullable [][] features,
                       double @Nullable [] map, Diagnostics diagnostics, List<String> warnings) {
        this(model, method, tokens, targets, texts, scores, features, new double[0][], map, diagnostics, warnings);
    }

    /// Of targets that are no continuation.
    public Attribution(Model model, Method method, List<Token> tokens, List<Explained> targets,
                       Map<Integer, String> texts, double[][] scores, double @Nullable [][] features,
                       double[][] positions, double @Nullable [] map, Diagnostics diagnostics, List<String> warnings) {
        this(model, method, tokens, targets, texts, scores, features, positions, map, diagnostics, warnings, null);
    }

    /// Of a continuation the sum over its tokens, as the one target; else this. Standard errors are those of the sum.
    public Attribution summed() {
        if (sequence == null || targets.size() == 1) return this;
        var earlier = new double[sequence.tokens().size() - 1];
        for (var row : sequence.earlier()) for (int i = 0; i < row.length; i++) earlier[i] += row[i];
        var d = diagnostics;
        var deltas = d.convergenceDelta().isEmpty() ? List.<Double>of()
            : List.of(d.convergenceDelta().stream().mapToDouble(v -> v).sum());
        var ledgers = d.ledgers().isEmpty() ? List.<Ledger>of() : List.of(Ledger.sum(d.ledgers()));
        return new Attribution(model, method, tokens, List.of(Explained.sum(targets)), texts,
            new double[][] {sequence.scores()}, null,
            positions.length == 0 ? positions : new double[][] {columns(positions)},
            null, new Diagnostics(deltas, ledgers, d.drawn().together(), Map.of(), d.evaluations(), d.seconds()),
            warnings,
            new Sequence(sequence.tokens(), sequence.text(), sequence.scores(), new double[][] {earlier}))
            .beside(regions == null ? null : regions.summed());
    }

    /// The same with the table of its windows, or without.
    public Attribution beside(@Nullable Regions table) {
        return new Attribution(model, method, tokens, targets, texts, scores, features, positions, map, diagnostics,
            warnings, sequence, table);
    }

    /// Whether the scores are as good as a tolerance asked for; true where nobody asked.
    public boolean meetsTolerance() {
        return !Boolean.FALSE.equals(method.parameters().get(Method.MET));
    }

    /// For readers: of a character that several tokens make together, such as an emoji cut into bytes, the first has it
    /// as its text and every other one `·`. Merged tokens are whole already.
    ///
    /// @param tokenizer that the tokens are of
    public Attribution legible(Tokenizer tokenizer) {
        var said = sequence == null ? null : new Sequence(Legible.of(sequence.tokens(), tokenizer), sequence.text(),
            sequence.scores(), sequence.earlier());
        return new Attribution(model, method, Legible.of(tokens, tokenizer), targets, texts, scores, features,
            positions, map, diagnostics, warnings, said, regions);
    }

    /// Features take the most room by far.
    Attribution withoutFeatures() {
        return new Attribution(model, method, tokens, targets, texts, scores, null, positions, map, diagnostics,
            warnings, sequence);
    }

    /// A continuation that was explained some rows at a time.
    static Attribution joined(List<Attribution> parts) {
        var first = parts.getFirst();
        var texts = new HashMap<Integer, String>();
        parts.forEach(p -> texts.putAll(p.texts));
        var scores = rows(parts, a -> a.scores);
        var said = Objects.requireNonNull(first.sequence);
        var method = parts.stream().filter(p -> !p.meetsTolerance()).findFirst().orElse(first).method;
        return new Attribution(first.model, method, first.tokens, flat(parts, a -> a.targets), texts, scores,
            null, rows(parts, a -> a.positions), null,
            Diagnostics.joined(parts.stream().map(a -> a.diagnostics).toList()),
            parts.stream().flatMap(a -> a.warnings.stream()).distinct().toList(),
            new Sequence(said.tokens(), said.text(), columns(scores),
                rows(parts, a -> Objects.requireNonNull(a.sequence).earlier())));
    }

    private static double[][] rows(List<Attribution> parts, Function<Attribution, double[][]> rows) {
        return parts.stream().flatMap(a -> Arrays.stream(rows.apply(a))).toArray(double[][]::new);
    }

    private static <A, B> List<B> flat(List<A> parts, Function<A, List<B>> each) {
        return parts.stream().flatMap(a -> each.apply(a).stream()).toList();
    }

    /// `Σ` over rows.
    static double[] columns(double[][] rows) {
        var sum = new double[rows[0].length];
        for (var row : rows) for (int t = 0; t < sum.length; t++) sum[t] += row[t];
        return sum;
    }

    /// A heatmap and a table for a terminal of 100 columns with 24-bit colours; [TextFormat] has the choice.
    public String toAnsi() {
        return new TextFormat(Colours.TRUE, 100).text(this);
    }

    /// One web page that needs nothing else.
    public String toHtml() {
        return new HtmlFormat().text(this);
    }

    /// What a target's token stands for: of a continuation in its place there.
    public String target(int index) {
        if (sequence == null) return text(targets.get(index).id());
        return targets.get(index).terms().isEmpty() ? sequence.tokens().get(index).text() : sequence.text();
    }

    /// What an id of a target or foil stands for; the id in decimal where that is not known.
    public String text(int id) {
        return texts.getOrDefault(id, Integer.toString(id));
    }
}
