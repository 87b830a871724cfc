package clew.attribution.evaluation;

/// `1 − p(ŷ | top k replaced) / p(ŷ)` — 1 where the model cannot do without k tokens, below 0 where it is surer.
///
/// Tokens are ranked by signed score.
public record Comprehensiveness(int k) implements Metric {
    @Override
    public String name() {
        return "comprehensiveness@" + k;
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public double of(Judged judged) {
        var without = judged.trial().outcome(Judged.first(judged.order(), k));
        return 1 - without.probability() / judged.trial().whole().probability();
    }
}
