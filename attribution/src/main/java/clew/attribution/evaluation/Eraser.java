package clew.attribution.evaluation;

import java.util.BitSet;
import java.util.List;
import java.util.stream.DoubleStream;

/// ERASER's faithfulness, averaged over rationales r of the top 1, 5, 10, 20 and 50 % of the tokens (DeYoung et al.
/// 2020, section 4.2: the area over the perturbation curve).
///
/// | part | per rationale | better |
/// |---|---|---|
/// | comprehensiveness | `p(ŷ) − p(ŷ | without r)` | higher |
/// | sufficiency | `p(ŷ) − p(ŷ | only r)` | lower |
///
/// A rationale has `⌈share · n⌉` of the n tokens that may be replaced. The mean is over the shares, as in their code;
/// the paper's sum counts the empty rationale too.
public record Eraser(Part part) implements Metric {
    private static final double[] SHARES = {0.01, 0.05, 0.1, 0.2, 0.5};

    /// Which of the two.
    public enum Part { COMPREHENSIVENESS, SUFFICIENCY }

    @Override
    public String name() {
        return part == Part.COMPREHENSIVENESS ? "eraser-comprehensiveness" : "eraser-sufficiency";
    }

    @Override
    public Better better() {
        return part == Part.COMPREHENSIVENESS ? Better.HIGHER : Better.LOWER;
    }

    @Override
    public double of(Judged judged) {
        var trial = judged.trial();
        var order = judged.order();
        List<BitSet> replaced = DoubleStream.of(SHARES).mapToInt(share -> (int) Math.ceil(share * order.length))
            .mapToObj(k -> part == Part.COMPREHENSIVENESS ? Judged.first(order, k) : Judged.rest(order, k)).toList();
        var mean = trial.outcomes(replaced).stream().mapToDouble(Trial.Outcome::probability).average();
        return trial.whole().probability() - mean.orElse(Double.NaN);
    }
}
