package clew.attribution;

/// A method whose features are linear in f: the sum of what explains several scalars explains their sum, and takes one
/// way back instead of one for each. So do its scores, unless they are lengths.
public interface AdditiveMethod extends AttributionMethod {
    /// How features become scores.
    Aggregate aggregate();
}
