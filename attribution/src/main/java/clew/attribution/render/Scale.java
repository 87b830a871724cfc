package clew.attribution.render;

import clew.attribution.Attribution;
import clew.model.token.Token;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What the colours of a heatmap are scaled by: `max |score|` over the tokens that count.
public enum Scale {
    /// All.
    ALL,
    /// All but the special token that begins every text, which often outshines the rest; its own colour is cut off at
    /// the end of the scale.
    WITHOUT_BOS;

    /// The largest magnitude; 0 if all are 0.
    public double of(Attribution a, double[] scores) {
        return of(a.tokens(), scores);
    }

    /// Of rows of scores of the same tokens; 0 if there are none.
    double of(Attribution a, double[][] rows) {
        return Arrays.stream(rows).mapToDouble(row -> of(a, row)).max().orElse(0);
    }

    /// Of a matrix over a continuation: the prompt's tokens, and those of the continuation that the rows saw before.
    double of(Attribution a, Attribution.Sequence s) {
        return Math.max(of(a, a.scores()), Arrays.stream(s.earlier()).mapToDouble(Palette::scale).max().orElse(0));
    }

    double of(List<Token> tokens, double[] scores) {
        return Palette.scale(IntStream.range(0, scores.length).filter(t -> counts(tokens.get(t)))
            .mapToDouble(t -> scores[t]).toArray());
    }

    private boolean counts(Token t) {
        return this == ALL || t.index() > 0 || !t.special();
    }

    /// `absmax`, and what does not count.
    String label() {
        return this == ALL ? "absmax" : "absmax without the first token";
    }
}
