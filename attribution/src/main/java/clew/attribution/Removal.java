package clew.attribution;

import clew.model.LanguageModel;
import clew.model.ModelException;
import java.util.OptionalInt;
import java.util.Random;

/// What it means that a token is not there.
///
/// | removal | instead of the token | positions of the others |
/// |---|---|---|
/// | usual | padding, else unknown, else the first token | stay |
/// | token | another token | stay |
/// | zero | an embedding of zeros | stay |
/// | mean | the mean row of the embedding matrix | stay |
/// | delete | nothing: the prompt is shorter | move up |
/// | mask | nothing: no query attends to it | stay |
/// | resample | tokens drawn at random, results averaged | stay |
/// | texts | of a template's slot another text, the whole cut into tokens anew | move |
///
/// Learned positions stay with zero and mean. A model reads at least one token: where delete or mask would leave none
/// up to the explained row (of several the first), the first one stays. Where they take the token of the explained row
/// itself, the scalar is read at the last token that is left before it.
public sealed interface Removal {
    /// The model's padding token, else its unknown token, else the first of its vocabulary, in its place; a result
    /// names the token that it was.
    record Usual() implements Removal {
        @Override
        public String toString() {
            return "the model's padding token, else its unknown one, else 0";
        }
    }

    /// This token in its place.
    record Token(int id) implements Removal {
        @Override
        public String toString() {
            return "token:" + id;
        }
    }

    /// Zeros in place of the embedding.
    record Zero() implements Removal {
        @Override
        public String toString() {
            return "zero";
        }
    }

    /// The mean row of the embedding matrix in place of the embedding.
    record Mean() implements Removal {
        @Override
        public String toString() {
            return "mean";
        }
    }

    /// A shorter prompt.
    record Delete() implements Removal {
        @Override
        public String toString() {
            return "delete";
        }
    }

    /// Out of the sight of all other tokens, as by an attention mask.
    record Mask() implements Removal {
        @Override
        public String toString() {
            return "mask";
        }
    }

    /// Tokens drawn evenly from the vocabulary, for every position anew in each of so many draws; the scalar is the
    /// mean over the draws.
    record Resample(int draws, long seed) implements Removal {
        public Resample {
            if (draws < 1) throw new IllegalArgumentException("resampling takes at least 1 draw, not " + draws);
        }

        /// Token ids, `[draws][tokens]`.
        int[][] tokens(int vocabulary, int tokens) {
            var random = new Random(seed);
            var out = new int[draws][tokens];
            for (var draw : out) for (int t = 0; t < tokens; t++) draw[t] = random.nextInt(vocabulary);
            return out;
        }

        @Override
        public String toString() {
            return "resample:" + draws;
        }
    }

    /// What the template says in the place of a slot; features are its slots, whole.
    record Texts(Template template) implements Removal {
        @Override
        public String toString() {
            return "texts";
        }
    }

    /// Draws of a resampling that does not say how many.
    int DRAWS = 20;

    /// @param text `token:ID`, `zero`, `mean`, `delete`, `mask`, `resample` or `resample:DRAWS`
    /// @param seed of what is resampled
    /// @throws IllegalArgumentException if the text names no removal
    static Removal named(String text, long seed) {
        return switch (text) {
            case "zero"     -> new Zero();
            case "mean"     -> new Mean();
            case "delete"   -> new Delete();
            case "mask"     -> new Mask();
            case "resample" -> new Resample(DRAWS, seed);
            default -> {
                if (text.matches("token:\\d{1,9}")) yield new Token(Integer.parseInt(text.substring(6)));
                if (text.matches("resample:\\d{1,4}")) yield new Resample(Integer.parseInt(text.substring(9)), seed);
                throw new IllegalArgumentException("unknown removal '" + text
                    + "'; known are token:ID, zero, mean, delete, mask, resample and resample:DRAWS");
            }
        };
    }

    /// The same with what this model's usual one is.
    default Removal on(LanguageModel model) {
        return this instanceof Usual ? new Token(Baseline.pad(model)
            .orElseGet(() -> model.tokenizer().map(t -> t.unkId()).orElse(OptionalInt.empty()).orElse(0))) : this;
    }

    /// @throws ModelException if the model cannot do without a token like this
    default void require(LanguageModel model, int tokens) {
        switch (this) {
            case Token(int id) -> {
                if (id < 0 || id >= model.spec().vocabulary())
                    throw new ModelException("removal id " + id + " is outside the vocabulary of "
                        + model.spec().vocabulary() + " (0 … " + (model.spec().vocabulary() - 1) + ")");
            }
            case Mask _ -> {
                var window = model.family().hooks().stream().mapToInt(h -> h.window()).min().orElse(Integer.MAX_VALUE);
                if (window < tokens)
                    throw new ModelException("removal mask: attention of " + model.path() + " looks back on " + window
                        + " tokens only, fewer than the input's " + tokens + "; remove by delete or token:ID");
            }
            case Usual _, Zero _, Mean _, Delete _, Resample _, Texts _ -> {}
        }
    }
}
