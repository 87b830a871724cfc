package clew.app;

import clew.attribution.evaluation.Scorer;
import clew.attribution.evaluation.Trial;
import clew.model.LanguageModel;
import clew.model.Pass;
import clew.model.token.Token;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Makes trials of cases, with a model that is open.
///
/// @param replacement the id that stands in for a token, if one was named
record Trials(LanguageModel model, Reader reader, Removal removal, OptionalInt replacement) {
    /// Which tokens may be replaced.
    enum Removal {
        /// No special ones, none of a chat's template, and not the one at the explained row.
        PLAIN,
        /// All up to the explained row.
        ALL
    }

    /// A trial, and the prompt as it was read.
    record Made(Trial trial, Prompt prompt) {}

    Trials on(LanguageModel other) {
        return new Trials(other, reader, removal, replacement);
    }

    /// @throws UsageException if the case does not fit the model, or nothing can be replaced
    Made of(EvaluationCase one) {
        var prompt = reader.forModel(one.input());
        var plain = trial(one, prompt);
        var terms = terms(prompt, plain.explained().position());
        if (one.onlyIf() == null || says(plain, one.onlyIf())) terms = terms.marking(marks(one, prompt));
        if (one.paraphrase().isPresent()) terms = terms.beside(paraphrase(one.paraphrase().get(), plain));
        return new Made(new Trial(model, prompt.ids(), plain.explained(), terms), prompt);
    }

    private Trial trial(EvaluationCase one, Prompt prompt) {
        var target = one.aim().on(model);
        var row = UsageException.unless(() -> target.row(prompt.size()));
        var pass = Pass.of(prompt.ids()).at(row);
        UsageException.unless(() -> model.require(pass));
        try (var run = model.run(pass.forgetting())) {
            var f = UsageException.unless(() -> target.on(run)).getFirst();
            return new Trial(model, prompt.ids(), f, terms(prompt, row));
        }
    }

    private Trial.Terms terms(Prompt prompt, int row) {
        var tokens = prompt.encoding().tokens();
        var removable = removal == Removal.ALL ? IntStream.rangeClosed(0, row).toArray()
            : Arrays.stream(Trial.removable(tokens, row)).filter(t -> !prompt.isTemplate(t)).toArray();
        if (removable.length == 0)
            throw new UsageException("the prompt has no token before the explained row that may be replaced;"
                + " give a longer one, or --remove-all");
        var terms = Trial.Terms.of(model, removable);
        return replacement.isPresent() ? terms.replacing(replacement.getAsInt()) : terms;
    }

    /// Explains the same token at the paraphrase's own row, counted from its end.
    private Trial paraphrase(Input input, Trial plain) {
        var prompt = reader.forModel(input);
        var fromEnd = plain.explained().position() - plain.ids().length;
        var target = Scorer.again(plain.explained()).at(fromEnd);
        var row = UsageException.unless(() -> target.row(prompt.size()));
        try (var run = model.run(Pass.of(prompt.ids()).at(row).forgetting())) {
            return new Trial(model, prompt.ids(), target.on(run).getFirst(), terms(prompt, row));
        }
    }

    private boolean says(Trial trial, String answer) {
        var ids = model.tokenizer().map(t -> t.encodePlain(answer).ids()).orElse(new int[0]);
        return ids.length > 0 && ids[0] == trial.explained().id();
    }

    /// The tokens that cover a marked character.
    private static BitSet marks(EvaluationCase one, Prompt prompt) {
        var marked = new BitSet();
        var tokens = prompt.encoding().tokens();
        for (var mark : one.marks()) {
            var here = new BitSet();
            switch (mark) {
                case EvaluationCase.Mark.Span(int from, int to) -> mark(here, prompt, from, to);
                case EvaluationCase.Mark.Words(var text)        -> {
                    var whole = one.input() instanceof Input.Text(var given) ? given
                        : tokens.stream().map(Token::text).collect(Collectors.joining());
                    for (int at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) {
                        var from = whole.codePointCount(0, at);
                        mark(here, prompt, from, from + text.codePointCount(0, text.length()));
                    }
                }
            }
            if (here.isEmpty())
                throw new UsageException("marked: " + (mark instanceof EvaluationCase.Mark.Words(var text)
                    ? "'" + text + "'" : "a span") + " is nowhere in the prompt; correct it");
            marked.or(here);
        }
        return marked;
    }

    private static void mark(BitSet marked, Prompt prompt, int from, int to) {
        for (var t : prompt.encoding().tokens())
            if (t.start() >= 0 && t.start() < to && from < t.end()) marked.set(t.index());
    }

    /// Whether the optional id is one of the model's.
    static OptionalInt replacement(Optional<String> text, LanguageModel model) {
        return text.map(t -> OptionalInt.of(Given.whole("--replacement-id", t, 0, model.spec().vocabulary() - 1)))
            .orElse(OptionalInt.empty());
    }
}
