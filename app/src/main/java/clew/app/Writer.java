package clew.app;

import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.Pass;
import clew.model.Speech;
import clew.model.token.Tokenizer;
import clew.weights.Config;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        var length = length(request, prompt.length);
        var counted = progress.counting(model, length);
        var sampler = request.sampling().with(Config.ofGeneration(model.path()));
        UsageException.unless(() -> model.require(Pass.of(prompt)));
        var lead = model.tokenizer().map(t -> read.roles().isEmpty() ? t.decodeSkipSpecial(prompt) : "");
        lead.ifPresent(text -> told.ifPresent(t -> t.accept(text)));
        var speech = speech(request, prompt, told);
        var made = new Generator(counted).generate(prompt, limits(request, length), sampler,
            id -> speech.isEmpty() || speech.get().test(id));
        speech.ifPresent(Speech::end);
        var text = model.tokenizer().map(t -> Speech.before(request.stops(), text(t, prompt, made.ids()))).orElse(null);
        var whole = lead.map(l -> l + text)
            .orElseGet(() -> concat(prompt, made.ids()).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        return new Continuation(read, made.ids(), text, whole, made.stop());
    }

    private Generator.Limits limits(GenerateRequest request, int length) {
        var ends = request.end() == GenerateRequest.End.IGNORE ? Set.<Integer>of() : ends(model);
        return new Generator.Limits(length, ends, request.stopIds());
    }

    /// Only where somebody listens, or a text may end the continuation.
    private Optional<Speech> speech(GenerateRequest request, int[] prompt, Optional<Consumer<String>> told) {
        if (request.stops().isEmpty() && told.isEmpty()) return Optional.empty();
        if (!request.stops().isEmpty() && model.tokenizer().isEmpty())
            throw Reader.needed(model.path(), Key.STOP.option());
        return model.tokenizer().map(t -> new Speech(t, prompt, request.stops(), told.orElse(_ -> {})));
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
    private int length(GenerateRequest request, int prompt) {
        var room = model.spec().positions() - prompt + 1;
        if (room < 1) return 1;                                             // the model says how long a prompt may be
        var length = request.length().orElse(Math.min(GenerateRequest.USUAL, room));
        if (length > room)
            throw new UsageException("the model has " + model.spec().positions() + " positions and the prompt " + prompt
                + " tokens, so --max-new-tokens is at most " + room);
        return length;
    }

    /// Ids that end a text: what generation_config.json says, else config.json, else the tokenizer.
    static Set<Integer> ends(LanguageModel model) {
        var ids = Config.ofGeneration(model.path()).map(c -> c.ids("eos_token_id")).orElse(List.of());
        if (ids.isEmpty()) ids = model.config().ids("eos_token_id");
        var ends = new HashSet<>(ids);
        if (ends.isEmpty()) model.tokenizer().ifPresent(t -> t.eosId().ifPresent(ends::add));
        return ends;
    }
}
