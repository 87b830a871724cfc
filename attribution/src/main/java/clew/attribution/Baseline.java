package clew.attribution;

import clew.model.Embedding;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.weights.Config;
import java.util.List;
import java.util.OptionalInt;

/// What an input is compared with: a row that stands in for every token's embedding. Learned positions stay.
public sealed interface Baseline {
    /// All zeros. Singular for RMSNorm models.
    record Zero() implements Baseline {
        @Override
        public String toString() {
            return "zero";
        }
    }

    /// The padding token of config.json or generation_config.json, else of the tokenizer.
    record Pad() implements Baseline {
        @Override
        public String toString() {
            return "pad";
        }
    }

    /// The token whose text is one space, at every position: what GIM compares with.
    record Space() implements Baseline {
        @Override
        public String toString() {
            return "space";
        }
    }

    /// This token at every position, special tokens included, as Captum does.
    record Token(int id) implements Baseline {
        @Override
        public String toString() {
            return "token:" + id;
        }
    }

    /// The mean row of the embedding matrix.
    record Mean() implements Baseline {
        @Override
        public String toString() {
            return "mean";
        }
    }

    /// @throws IllegalArgumentException if the text names no baseline
    static Baseline named(String text) {
        return switch (text) {
            case "zero"  -> new Zero();
            case "pad"   -> new Pad();
            case "mean"  -> new Mean();
            case "space" -> new Space();
            default -> {
                if (!text.matches("token:\\d{1,9}"))
                    throw new IllegalArgumentException(
                        "unknown baseline '" + text + "'; known are zero, pad, mean, space and token:ID");
                yield new Token(Integer.parseInt(text.substring(6)));
            }
        };
    }

    /// @throws ModelException if the model has no padding token, no space, or no such id
    default void require(LanguageModel model) {
        if (!(this instanceof Mean)) row(model);                       // which every model has, and which takes a while
    }

    /// The row, `[D]`.
    ///
    /// @throws ModelException if the model has no padding token, or the id is outside its vocabulary
    default double[] row(LanguageModel model) {
        var tokens = model.embeddings();
        return switch (this) {
            case Zero _        -> new double[model.spec().width()];
            case Pad _         -> embedding(tokens, pad(model).orElseThrow(() -> new ModelException(
                model.path() + " names no padding token; use --baseline token:ID")));
            case Space _       -> embedding(tokens, space(model));
            case Token(int id) -> embedding(tokens, id);
            case Mean _        -> mean(tokens);
        };
    }

    /// The padding token, if any file names one.
    static OptionalInt pad(LanguageModel model) {
        var ids = model.config().ids("pad_token_id");
        if (ids.isEmpty())
            ids = Config.ofGeneration(model.path()).map(c -> c.ids("pad_token_id")).orElse(List.of());
        if (!ids.isEmpty()) return OptionalInt.of(ids.getFirst());
        return model.tokenizer().map(t -> t.padId()).orElse(OptionalInt.empty());
    }

    private static int space(LanguageModel model) {
        return model.tokenizer().flatMap(t -> t.idsWithText(" ").stream().findFirst()).orElseThrow(() ->
            new ModelException(model.path() + " has no token that is one space; use --baseline zero, mean or"
                + " token:ID"));
    }

    private static double[] mean(Embedding tokens) {
        var V = tokens.vocabulary();
        var mean = new double[tokens.table().cols()];
        for (int v = 0; v < V; v++) {
            var row = tokens.row(v);
            for (int d = 0; d < mean.length; d++) mean[d] += row[d] / V;
        }
        return mean;
    }

    private static double[] embedding(Embedding tokens, int id) {
        if (id < 0 || id >= tokens.vocabulary())
            throw new ModelException("baseline id " + id + " is outside the vocabulary of " + tokens.vocabulary());
        return tokens.row(id);
    }
}
