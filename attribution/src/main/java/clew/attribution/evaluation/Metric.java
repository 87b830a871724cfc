package clew.attribution.evaluation;

/// One number that says how good an explanation is.
public interface Metric {
    /// As tables and JSON name it.
    String name();

    Better better();

    /// The number; NaN where it says nothing about this trial, such as plausibility where no token is marked.
    double of(Judged judged);

    /// Which way the number is better.
    enum Better { HIGHER, LOWER, NEITHER }
}
