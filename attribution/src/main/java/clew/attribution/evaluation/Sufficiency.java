package clew.attribution.evaluation;

/// `p(ŷ | only the top k kept, the rest replaced) / p(ŷ)` — 1 where k tokens are all that the model needs.
///
/// Tokens are ranked by signed score. Those that may not be replaced stay.
public record Sufficiency(int k) implements Metric {
    @Override
    public String name() {
        return "sufficiency@" + k;
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public double of(Judged judged) {
        var only = judged.trial().outcome(Judged.rest(judged.order(), k));
        return only.probability() / judged.trial().whole().probability();
    }
}
