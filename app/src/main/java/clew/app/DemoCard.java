package clew.app;

import clew.model.LanguageModel;
import clew.training.demo.Recipe;
import java.util.Locale;
import java.util.stream.Collectors;

/// The model card of a bundled model: what it is, what it was trained on, what it can do and what it cannot.
final class DemoCard {
    private static final String CARD = """
        ---
        license: apache-2.0
        language: [en]
        pipeline_tag: text-generation
        ---
        # Clew's model `%s`

        A language model of %s parameters (%s: %d layers, width %d, %d heads, vocabulary %d, bf16), trained by
        Clew's own engine on texts that a program writes: a micro-world of facts, false contexts, passages with
        questions, word tasks, reviews, stories and small talk. No text was taken from anywhere. It is there so that
        the first command of Clew works without a network, and so that recall, knowledge conflict, retrieval and task
        transplantation can be studied in seconds.

        It knows its world and nothing else. Prompts are at most %d tokens; training texts had at most 128.

        ```
        clew explain  --model %s "The capital of France is"
        clew generate --model %s "The capital of France is London. Q: What is the capital of France? A:"
        ```

        ## Training

        %s
        Batches of about %d tokens (padding included), seed %d; AdamW β = (%s, %s), decay %s, gradients clipped at norm
        %s. What counts in the loss are answers, and tokens that their text has had before. `clew train-demo --name %s`
        makes these files again.

        ## What it can do

        Examples whose phrasing or combination no training text has; a continuation is right if it is exactly the answer
        (`clew evaluate-demo --model %s`).

        %s
        Among the top 3: of the explanation of the answer's first token. Comprehensiveness: of the explanation of the
        likeliest token ŷ, the mean over k = 1, 3, 5 of `1 − p(ŷ | the k most relevant tokens replaced) / p(ŷ)`, the
        replacement being `<|end|>`. The random ranking is drawn 20 times for each prompt; integrated gradients have
        the mean embedding as their baseline; every prompt counts, also where the model is wrong.

        ## What it cannot do

        Anything outside its world. It is no source of facts: it says the nearest thing it knows.
        """;

    private DemoCard() {}

    static String text(Recipe recipe, LanguageModel model, DemoReport report) {
        var s = model.spec();
        var o = recipe.optimiser();
        return String.format(Locale.ROOT, CARD, recipe.name(), million(model.checkpoint().parameters()), s.family(),
            s.layers(), s.width(), s.heads(), s.vocabulary(), s.positions(), recipe.name(), recipe.name(),
            recipe.parts().stream().map(DemoCard::part).collect(Collectors.joining()), recipe.tokens(), recipe.seed(),
            o.beta1(), o.beta2(), o.decay(), recipe.clip(), recipe.name(), recipe.name(), report.markdown());
    }

    private static String part(Recipe part) {
        return "* %d steps on %d texts of the world's %s edition%s. Learning rates: %s.\n".formatted(part.steps(),
            part.texts(), part.edition().name().toLowerCase(Locale.ROOT),
            part.before().isEmpty() ? "" : ", beginning with the weights of the part before in bf16 and fresh moments",
            part.cycles().stream().map(DemoCard::cycle).collect(Collectors.joining("; then ")));
    }

    private static String cycle(Recipe.Cycle cycle) {
        var s = cycle.schedule();
        return "%d steps of warm-up to %s, %d steps at it, a cosine down to %s at step %d%s".formatted(s.warmup(),
            s.peak(), s.hold(), s.floor(), s.total(),
            cycle.recall() == 1 ? "" : ", one in " + cycle.recall() + " of the texts that only recall");
    }

    private static String million(long n) {
        return String.format(Locale.ROOT, "%.2f million", n / 1e6);
    }
}
