package clew.app;

import clew.attribution.render.Visible;
import clew.model.Sampler;
import clew.weights.Config;
import clew.weights.WeightsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a generation_config.json asks for beyond what [OwnSettings] and [Sampling] do: refused where it would make
/// another text, noted where somebody asks in vain, passed over where no text depends on it.
record UnmetSettings(Config file) {
    /// What [OwnSettings] and [Sampling] read.
    private static final Set<String> HONOURED = Set.of("do_sample", "temperature", "top_k", "top_p", "min_p",
        "typical_p", "repetition_penalty", "no_repeat_ngram_size", "bad_words_ids", "suppress_tokens",
        "begin_suppress_tokens",
        "max_new_tokens", "max_length", "min_new_tokens", "min_length", "eos_token_id", "stop_strings");

    /// Refused if they say anything but what changes nothing.
    private static final Set<String> WEIGHED = Set.of("num_beams", "num_beam_groups", "guidance_scale",
        "encoder_repetition_penalty", "encoder_no_repeat_ngram_size", "penalty_alpha", "epsilon_cutoff", "eta_cutoff",
        "top_h", "token_healing", "cache_implementation");

    /// Refused whatever they say; the last eight are no settings but arguments, which `generate` refuses here too.
    private static final Set<String> STRANGE = Set.of("sequence_bias", "constraints", "force_words_ids",
        "forced_bos_token_id", "forced_eos_token_id", "exponential_decay_length_penalty", "watermarking_config",
        "dola_layers", "logits_processor", "stopping_criteria", "prefix_allowed_tokens_fn", "synced_gpus",
        "assistant_model", "streamer", "negative_prompt_ids", "negative_prompt_attention_mask");

    /// How `generate` computes the same text: caches, compilation, guesses ahead.
    private static final Set<String> MANNERS = Set.of("compile_config", "prompt_lookup_num_tokens",
        "assistant_early_exit", "use_mtp", "prefill_chunk_size", "continuous_batching_config", "low_memory");

    /// Tokens without a part in a text that goes on, beams where there are none, a second model, what `generate`
    /// returns beside the text, where the file comes from.
    private static final Set<String> IDLE = Set.of("pad_token_id", "bos_token_id", "decoder_start_token_id",
        "early_stopping", "length_penalty", "diversity_penalty", "use_cache", "cache_config", "max_cache_len",
        "disable_compile", "renormalize_logits", "remove_invalid_values", "is_assistant", "num_assistant_tokens",
        "num_assistant_tokens_schedule", "assistant_confidence_threshold", "assistant_lookbehind", "target_lookbehind",
        "assistant_ensemble_weight", "max_matching_ngram_size", "speculation_type", "output_attentions",
        "output_hidden_states", "output_scores", "output_logits", "return_dict_in_generate", "transformers_version",
        "_from_model_config", "_commit_hash", "max_time", "num_return_sequences");

    /// Caches that hold what they are given. `generate` takes two of them for the usual one.
    private static final Set<String> USUAL = Set.of("dynamic", "hybrid"), EXACT = Set.of("static", "offloaded_static",
        "sliding_window", "hybrid_chunked", "offloaded_hybrid", "offloaded_hybrid_chunked", "offloaded", "paged");

    private static final int MOST_NAMED = 6;

    /// @param choice some keys say nothing where no token is drawn
    /// @throws WeightsException if the file asks for what is not known here
    void requireKnown(Sampler.Choice choice) {
        var draws = choice instanceof Sampler.Choice.Draw;
        said(key -> isStrange(key, file.json().get(key), draws)).stream().findFirst().ifPresent(key -> {
            throw new WeightsException(file.file() + ": " + key + " would change what is generated and is not"
                + " supported; take it out of the file to generate without it");
        });
    }

    private static boolean isStrange(String key, JsonNode value, boolean draws) {
        return switch (key) {
            case "num_beams", "num_beam_groups", "guidance_scale", "encoder_repetition_penalty" -> !is(value, 1);
            case "encoder_no_repeat_ngram_size"   -> !is(value, 0);
            case "penalty_alpha"                  -> !draws && !is(value, 0);
            case "epsilon_cutoff", "eta_cutoff"   -> draws && !is(value, 0) && !is(value, 1);
            case "top_h"                          -> draws;
            case "token_healing"                  -> !value.isBoolean() || value.booleanValue();
            case "cache_implementation"           -> Stream.of(USUAL, EXACT)
                .noneMatch(c -> c.contains(value.asString("")));
            default                               -> STRANGE.contains(key);
        };
    }

    private static boolean is(JsonNode value, int number) {
        return value.isNumber() && value.asDouble() == number;
    }

    /// What nobody gets though the text is the same as far as it goes, and what is not known at all.
    List<String> notes() {
        var notes = new ArrayList<String>();
        if (file.has("max_time")) notes.add(file.file()
            + " sets a time with max_time, which is not kept; end the text with --max-new-tokens");
        if (file.optInt("num_return_sequences").orElse(1) > 1) notes.add(file.file()
            + " asks for several texts with num_return_sequences; here is one, --seed gives others");
        var manners = said(key -> MANNERS.contains(key)
            || key.equals("cache_implementation") && EXACT.contains(file.json().get(key).asString("")));
        if (!manners.isEmpty()) notes.add(file.file() + " says with " + listed(manners)
            + " how to compute, which is not done so here; the text is the same");
        var unknown = said(key -> !isKnown(key));
        if (!unknown.isEmpty()) notes.add(file.file() + " says with " + listed(unknown)
            + " what is not known here and has no effect");
        return notes;
    }

    static boolean isKnown(String key) {
        return Stream.of(HONOURED, WEIGHED, STRANGE, MANNERS, IDLE).anyMatch(kind -> kind.contains(key));
    }

    /// The keys that are there with a value, of a kind.
    private List<String> said(Predicate<String> kind) {
        return file.json().propertyNames().stream().filter(file::has).filter(kind).toList();
    }

    private static String listed(List<String> keys) {
        return keys.stream().limit(MOST_NAMED).map(Visible::of).collect(Collectors.joining(", "))
            + (keys.size() > MOST_NAMED ? " and " + (keys.size() - MOST_NAMED) + " more" : "");
    }
}
