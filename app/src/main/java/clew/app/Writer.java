package clew.app;

import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.Pass;
import clew.model.Speech;
import clew.model.token.Tokenizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Continues prompts with a model that is open.
record Writer(LanguageModel model, Reader reader, Progress progress) {
    /// @param text  the continuation alone, without special tokens; null without a tokenizer
    /// @param whole prompt and continuation for a reader, of a chat the answer alone; ids where there is no tokenizer
    record Continuation(Prompt read, int[] ids, @Nullable String text, String whole, Generator.Stop stop) {
        byte[] json(@Nullable String name) {
            return JsonText.object(name, g -> {
                JsonText.ids(g, "ids", read.ids());
                JsonText.ids(g, "continuationIds", ids);
                JsonText.text(g, "text", text);
                g.writeStringProperty("stopReason", stop.name().toLowerCase(Locale.ROOT));
            });
        }
    }

    /// @param told hears the whole text piece by piece, as it is made, where there is a tokenizer
    Continuation write(GenerateRequest request, Optional<Consumer<String>> told) {
        var read = reader.forModel(request.input());
        var prompt = read.ids();
        var own = OwnSettings.of(model);
        var length = length(request, own, prompt.length);
        var counted = progress.counting(model, length);
        var end = Ending.of(request, own);
        var sampler = request.sampling().with(own.file(), own.barriers(prompt.length, end.ends()));
        own.requireKnown(sampler.choice());
        UsageException.unless(() -> model.require(Pass.of(prompt)));
        var lead = model.tokenizer().map(t -> read.roles().isEmpty() ? t.decodeSkipSpecial(prompt) : "");
        lead.ifPresent(text -> told.ifPresent(t -> t.accept(text)));
        var speech = speech(end, prompt, told);
        var made = new Generator(counted).generate(prompt, end.limits(length), sampler,
            id -> speech.isEmpty() || speech.get().test(id));
        speech.ifPresent(Speech::end);
        var text = model.tokenizer().map(t -> Speech.before(end.stops(), text(t, prompt, made.ids()))).orElse(null);
        var whole = lead.map(l -> l + text)
            .orElseGet(() -> concat(prompt, made.ids()).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        var answered = read.with(p -> Stream.concat(p.warnings().stream(), own.notes(made.stop()).stream()).toList());
        return new Continuation(answered, made.ids(), text, whole, made.stop());
    }

    /// Only where somebody listens, or a text may end the continuation.
    private Optional<Speech> speech(Ending end, int[] prompt, Optional<Consumer<String>> told) {
        if (end.stops().isEmpty() && told.isEmpty()) return Optional.empty();
        return model.tokenizer().map(t -> new Speech(t, prompt, end.stops(), told.orElse(_ -> {})));
    }

    /// What the decoding of both has behind that of the prompt; a character that the prompt leaves incomplete counts as
    /// new.
    private static String text(Tokenizer tokenizer, int[] prompt, int[] ids) {
        var spoken = IntStream.of(ids).filter(id -> !tokenizer.isSpecial(id)).toArray();
        String before = tokenizer.decode(prompt), whole = tokenizer.decode(concat(prompt, spoken).toArray());
        if (whole.startsWith(before)) return whole.substring(before.length());
        return whole.substring(Arrays.mismatch(before.toCharArray(), whole.toCharArray()));
    }

    private static IntStream concat(int[] one, int[] other) {
        return IntStream.concat(IntStream.of(one), IntStream.of(other));
    }

    /// The last new token is not run, so it needs no position of its own.
    private int length(GenerateRequest request, OwnSettings own, int prompt) {
        var room = model.spec().positions() - prompt + 1;
        if (room < 1) return 1;                                             // the model says how long a prompt may be
        var length = request.length()
            .orElseGet(() -> Math.min(own.length(prompt).orElse(GenerateRequest.USUAL), room));
        if (length > room)
            throw new UsageException("the model has " + model.spec().positions() + " positions and the prompt " + prompt
                + " tokens, so --max-new-tokens is at most " + room);
        return length;
    }
}
