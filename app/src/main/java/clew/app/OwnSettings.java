package clew.app;

import clew.model.Barrier;
import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.LogitFilter;
import clew.model.Sampler;
import clew.weights.Config;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The model's own generation_config.json, read as Hugging Face's `generate` reads it: how long a continuation is,
/// where it ends, which tokens may not come. How tokens are drawn is read by [Sampling].
/// What it asks for beside that is up to [UnmetSettings].
record OwnSettings(LanguageModel model, Optional<Config> file) {
    static OwnSettings of(LanguageModel model) {
        return new OwnSettings(model, Config.ofGeneration(model.path()));
    }

    /// @param choice some keys say nothing where no token is drawn
    /// @throws clew.weights.WeightsException if the file asks for what is not known here
    void requireKnown(Sampler.Choice choice) {
        file.ifPresent(c -> new UnmetSettings(c).requireKnown(choice));
    }

    /// What the file asks for and nobody gets.
    List<String> notes() {
        return file.map(c -> new UnmetSettings(c).notes()).orElse(List.of());
    }

    /// What is to be said of a text that ended so: the file names no end, and transformers looks nowhere else then.
    List<String> notes(Generator.Stop stop) {
        if (stop != Generator.Stop.EOS || file.filter(c -> c.ids("eos_token_id").isEmpty()).isEmpty()) return List.of();
        return List.of("the text ends at a token that " + file.get().file() + " does not name as eos_token_id, where"
            + " transformers goes on; so does --ignore-eos");
    }

    /// How many new tokens at most, if the file says so: `max_new_tokens`, else what `max_length` leaves.
    ///
    /// @throws UsageException if the prompt is as long as prompt and continuation together may be
    OptionalInt length(int prompt) {
        var fresh = file.map(c -> c.optInt("max_new_tokens")).orElse(OptionalInt.empty());
        if (fresh.isPresent()) return fresh;
        var all = file.map(c -> c.optInt("max_length")).orElse(OptionalInt.empty());
        if (all.isPresent() && all.getAsInt() <= prompt)
            throw new UsageException("the prompt has " + prompt + " tokens and max_length of generation_config.json is "
                + all.getAsInt() + "; say how many more with --max-new-tokens");
        return all.isPresent() ? OptionalInt.of(all.getAsInt() - prompt) : all;
    }

    /// Texts that end a continuation.
    List<String> stops() {
        if (file.isEmpty()) return List.of();
        var c = file.get();
        var one = c.has("stop_strings") && c.json().get("stop_strings").isString();
        var stops = one ? List.of(c.requireString("stop_strings")) : c.strings("stop_strings");
        if (stops.contains("")) throw c.fault("stop_strings", "has an empty text in it");
        return stops;
    }

    /// Ids that end a text: what this file says, else config.json, else the tokenizer.
    Set<Integer> ends() {
        var ids = file.map(c -> c.ids("eos_token_id")).orElse(List.of());
        if (ids.isEmpty()) ids = model.config().ids("eos_token_id");
        var ends = new HashSet<>(ids);
        if (ends.isEmpty()) model.tokenizer().ifPresent(t -> t.eosId().ifPresent(ends::add));
        return ends;
    }

    /// Tokens that may not come, behind a prompt of so many.
    ///
    /// @param ends the ids that end the text, and may not before it is as long as `min_length` or `min_new_tokens` say
    List<LogitFilter> barriers(int prompt, Set<Integer> ends) {
        if (file.isEmpty()) return List.of();
        var c = file.get();
        var barriers = new ArrayList<LogitFilter>();
        count(c, "no_repeat_ngram_size").ifPresent(n -> barriers.add(new Barrier.NoRepeat(n)));
        var words = c.idLists("bad_words_ids").stream()
            .filter(w -> w.size() > 1 || !ends.contains(w.getFirst())).toList();
        if (!words.isEmpty()) barriers.add(new Barrier.Words(words));
        var fresh = count(c, "min_new_tokens");
        var least = fresh.isPresent() ? prompt + fresh.getAsInt() : count(c, "min_length").orElse(0);
        if (least > prompt && !ends.isEmpty()) barriers.add(new Barrier.Until(least, ends));
        var never = c.ids("suppress_tokens");
        if (!never.isEmpty()) barriers.add(Barrier.Until.never(Set.copyOf(never)));
        var first = c.ids("begin_suppress_tokens");
        if (!first.isEmpty()) barriers.add(new Barrier.Until(prompt + 1, Set.copyOf(first)));
        return barriers;
    }

    /// A number of tokens; 0 is as good as none.
    static OptionalInt count(Config c, String key) {
        var none = c.has(key) && c.json().get(key).isNumber() && c.json().get(key).asDouble() == 0;
        return none ? OptionalInt.empty() : c.optInt(key);
    }
}
