package clew.training.demo;

import clew.training.AdamW;
import clew.training.Schedule;
import clew.training.world.Edition;
import clew.training.world.Skill;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All that decides a bundled model, so that the same recipe gives the same bytes.
///
/// @param name       as `--model` says it
/// @param config     its config.json
/// @param layers     L
/// @param before     the part of the training that comes before this one: its files are where this one begins
/// @param seed       of the world, the fresh weights and the order of the data
/// @param edition    of the world
/// @param texts      training texts of the world
/// @param vocabulary pieces of the tokenizer, learned from the first [#SAMPLE] of the texts
/// @param tokens     of one batch
/// @param cycles     one after the other, each with a schedule of its own (SGDR, Loshchilov & Hutter 2017)
/// @param optimiser  of AdamW
/// @param clip       largest norm of the gradient that is left as it is
public record Recipe(String name, String config, int layers, Optional<Recipe> before, long seed, Edition edition,
                     int texts, int vocabulary, int tokens, List<Cycle> cycles, AdamW.Options optimiser, double clip) {
    /// One warm-up, stretch and cosine.
    ///
    /// @param recall of so many texts of recall skills one is used; all texts of the others are
    public record Cycle(Schedule schedule, int recall) {
        private static final Set<Skill> RECALL = EnumSet.of(Skill.FACT, Skill.SUM, Skill.OPPOSITE, Skill.PLURAL,
            Skill.GERMAN, Skill.SENTIMENT);

        /// Whether the cycle uses the text at `place`, which mainly teaches `skill`.
        boolean uses(int place, Skill skill) {
            return place % recall == 0 || !RECALL.contains(skill);
        }
    }

    /// The standard deviation of fresh matrices: at a width of 128, three times GPT-2's, or attention begins so even
    /// that heads which copy come late (docs/training.md).
    public static final double SIGMA = 0.06;

    /// Texts from which the tokenizer is learned.
    static final int SAMPLE = 20_000;

    private static final String LLAMA = """
        {
          "architectures": ["LlamaForCausalLM"],
          "model_type": "llama",
          "vocab_size": 2560,
          "hidden_size": 128,
          "num_hidden_layers": 4,
          "num_attention_heads": 4,
          "num_key_value_heads": 2,
          "head_dim": 32,
          "intermediate_size": 384,
          "hidden_act": "silu",
          "max_position_embeddings": 256,
          "rope_theta": 10000.0,
          "rms_norm_eps": 1e-05,
          "attention_bias": false,
          "mlp_bias": false,
          "tie_word_embeddings": true,
          "initializer_range": 0.06,
          "bos_token_id": 0,
          "eos_token_id": 1,
          "pad_token_id": 1,
          "dtype": "bfloat16"
        }
        """;

    private static final String GPT2 = """
        {
          "architectures": ["GPT2LMHeadModel"],
          "model_type": "gpt2",
          "vocab_size": 2560,
          "n_embd": 96,
          "n_layer": 4,
          "n_head": 3,
          "n_inner": 384,
          "n_positions": 144,
          "activation_function": "gelu_new",
          "layer_norm_epsilon": 1e-05,
          "attn_pdrop": 0.0,
          "embd_pdrop": 0.0,
          "resid_pdrop": 0.0,
          "tie_word_embeddings": true,
          "initializer_range": 0.06,
          "bos_token_id": 0,
          "eos_token_id": 1,
          "pad_token_id": 1,
          "dtype": "bfloat16"
        }
        """;

    private static final List<Cycle> CYCLES = List.of(new Cycle(new Schedule(2e-3, 3e-5, 200, 2600, 4000), 1),
        new Cycle(new Schedule(2e-3, 2e-5, 100, 4900, 8000), 4),
        new Cycle(new Schedule(2e-3, 2e-5, 100, 4400, 7000), 2));

    private static final List<Cycle> DRILL = List.of(new Cycle(new Schedule(1e-3, 1e-4, 50, 500, 1000), 1));
    private static final List<Cycle> LAST = List.of(new Cycle(new Schedule(1.5e-3, 1e-5, 100, 1700, 4000), 1));

    /// Llama's architecture, the default model.
    public static final Recipe DEMO = inThreeParts("demo", LLAMA);

    /// GPT-2's architecture, smaller.
    public static final Recipe DEMO_GPT2 = inThreeParts("demo-gpt2", GPT2);

    private static Recipe inThreeParts(String name, String config) {
        var options = new AdamW.Options(0.9, 0.98, 1e-8, 0.1);
        return new Recipe(name + "-first", config, 4, Optional.empty(), 1, Edition.FIRST, 300_000, 2560, 2048, CYCLES,
            options, 1).then(name + "-drill", Edition.DRILL, 60_000, DRILL).then(name, Edition.SECOND, 300_000, LAST);
    }

    /// Another part of the training, behind this one: it begins with the files that this one writes, in bf16.
    public Recipe then(String name, Edition edition, int texts, List<Cycle> cycles) {
        return new Recipe(name, config, layers, Optional.of(this), seed, edition, texts, vocabulary, tokens, cycles,
            optimiser, clip);
    }

    /// All parts of the training, this one last.
    public List<Recipe> parts() {
        var earlier = before.map(Recipe::parts).orElseGet(List::of);
        return Stream.concat(earlier.stream(), Stream.of(this)).toList();
    }

    /// How many steps this part has.
    public int steps() {
        return cycles.stream().mapToInt(c -> c.schedule().total()).sum();
    }

    /// The learning rate of step `t`, counted from 0.
    double rate(int t) {
        var c = cycle(t);
        return cycles.get(c).schedule().rate(t - start(c));
    }

    /// The cycle that step `t` belongs to.
    int cycle(int t) {
        var c = 0;
        while (t >= start(c) + cycles.get(c).schedule().total()) c++;
        return c;
    }

    /// The first step of a cycle.
    int start(int cycle) {
        return cycles.subList(0, cycle).stream().mapToInt(c -> c.schedule().total()).sum();
    }

    /// The losses of the bundled model's first steps, in nats per predicted token; none where none are recorded.
    List<Double> losses() {
        try (@Nullable InputStream in = Recipe.class.getResourceAsStream(name + ".losses")) {
            if (in == null) return List.of();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Double::valueOf).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The models that Clew brings along.
    public static final List<Recipe> ALL = List.of(DEMO, DEMO_GPT2);
}
