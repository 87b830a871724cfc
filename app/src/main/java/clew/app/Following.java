package clew.app;

import clew.attribution.Continuation;
import clew.attribution.Target;
import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.Pass;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A continuation asked for, before a model says which tokens it has.
///
/// @param extent every token and the sum, or the sum alone
record Following(Choice choice, Extent extent) {
    /// Where it comes from.
    sealed interface Choice {
        record Text(Given.Value given) implements Choice {}

        record Ids(List<Integer> ids) implements Choice {}

        /// The model's own, the likeliest token each time.
        record Made(int length) implements Choice {}
    }

    enum Extent { MATRIX, SUM }

    /// @throws UsageException if it is empty, or asked for together with what explains one row
    static Optional<Following> of(Given given) {
        given.requireOne(Key.CONTINUATION.alternatives());
        var choice = choice(given);
        if (choice.isEmpty()) {
            if (given.flag(Key.CONTINUATION_SUM))
                throw new UsageException(given.name(Key.CONTINUATION_SUM) + " needs a continuation; give"
                    + " --continuation, --continuation-ids or --continuation-length");
            return Optional.empty();
        }
        if (given.has(Key.POSITION))
            throw new UsageException(given.name(Key.POSITION) + " names the row of one target, and a continuation is"
                + " explained at the rows before its tokens; leave it out");
        return Optional.of(new Following(choice.get(), given.flag(Key.CONTINUATION_SUM) ? Extent.SUM : Extent.MATRIX));
    }

    private static Optional<Choice> choice(Given given) {
        var text = given.value(Key.CONTINUATION);
        if (text.isPresent()) {
            if (text.get().text().isEmpty())
                throw new UsageException(text.get().name() + " is empty; give the text that follows the prompt");
            Input.requireUnicode(text.get().name(), text.get().text());
            return Optional.of(new Choice.Text(text.get()));
        }
        if (given.has(Key.CONTINUATION_IDS)) {
            var ids = given.numbers(Key.CONTINUATION_IDS);
            if (ids.isEmpty())
                throw new UsageException(given.name(Key.CONTINUATION_IDS)
                    + " is empty; give the ids that follow the prompt");
            return Optional.of(new Choice.Ids(ids));
        }
        var length = given.number(Key.CONTINUATION_LENGTH, 1, Integer.MAX_VALUE);
        return length.isPresent() ? Optional.of(new Choice.Made(length.getAsInt())) : Optional.empty();
    }

    /// Its tokens behind a prompt.
    ///
    /// @param by says which score is explained, and what it is compared with
    /// @throws UsageException if it is too long, or the model ends the text at once
    Continuation behind(Prompt prompt, Target by, LanguageModel model) {
        return UsageException.unless(() -> new Continuation(prompt.ids(), switch (choice) {
            case Choice.Text(var given) -> text(model, given);
            case Choice.Ids(var ids)    -> ids.stream().mapToInt(i -> i).toArray();
            case Choice.Made(int n)     -> made(model, prompt.ids(), n);
        }, by.score(), by.contrast()));
    }

    private static int[] text(LanguageModel model, Given.Value given) {
        var tokenizer = model.tokenizer().orElseThrow(() -> Reader.needed(model.path(), given.name()));
        return Aim.pieces(tokenizer, given.text()).stream().mapToInt(t -> t.id()).toArray();
    }

    private static int[] made(LanguageModel model, int[] prompt, int length) {
        model.require(Pass.of(prompt));
        var ids = new Generator(model).greedy(prompt, length, OwnSettings.of(model).ends()).ids();
        if (ids.length == 0)
            throw new UsageException("the model ends the text behind this prompt; give what follows it with"
                + " --continuation");
        return ids;
    }

    /// What its giver may not have meant: that text and prompt are cut into tokens apart.
    List<String> warnings(Input input, Continuation made, Reader reader, LanguageModel model) {
        if (choice instanceof Choice.Made(int length) && made.ids().length < length)
            return List.of("the model ends the text after " + made.ids().length + " of " + length + " tokens");
        if (!(choice instanceof Choice.Text(var given))) return List.of();
        var joint = reader.joined(input, given.text());
        int[] apart = IntStream.concat(IntStream.of(made.prompt()), IntStream.of(made.ids())).toArray();
        if (joint.isEmpty() || Arrays.equals(joint.get(), apart)) return List.of();
        var from = Math.max(0, Arrays.mismatch(joint.get(), apart));
        return List.of(given.name() + " is cut into tokens by itself, from token " + from + " on as "
            + pieces(model, apart, from) + "; together with the prompt it would be "
            + pieces(model, joint.get(), from));
    }

    private static String pieces(LanguageModel model, int[] ids, int from) {
        var tokens = model.tokenizer().orElseThrow().describe(ids);
        return tokens.stream().skip(from).limit(6).map(t -> "'" + t.text() + "'").collect(Collectors.joining(" "))
            + (ids.length > from + 6 ? " …" : "");
    }
}
