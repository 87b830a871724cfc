package clew.engine.tape;

/// Where relevance goes that does not reach the inputs.
public enum Entry {
    /// `⟨b, g⟩` of linear layers and `⟨β, g⟩` of norms.
    BIAS,
    /// `½(⟨P, gP⟩ − ⟨S, P ⊙ (gP − ⟨P, gP⟩)⟩)`: what the softmax keeps of its row.
    SOFTMAX,
    /// `½⟨q′, g⟩`: what a rotation hands to the position under PA-LRP.
    POSITION,
    /// `⟨put, g⟩`: what an edit put in the place of what the model computed.
    EDIT,
    /// What the stabiliser ε (or an empty side of LRP-αβ) absorbs.
    EPSILON
}
