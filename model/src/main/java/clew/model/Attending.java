package clew.model;

/// What the attention of a layer does besides its shapes: scores `c · q·k`, bounded by a soft cap, over a window.
///
/// @param scale  c, `1/√d` unless a model says otherwise
/// @param cap    κ of the soft cap `κ · tanh(s/κ)`; infinite for scores as they are
/// @param window how many keys a query looks back on, itself included; `Integer.MAX_VALUE` for all
public record Attending(double scale, double cap, int window) {
    /// Every score as it is, over all keys.
    public static Attending full(double scale) {
        return new Attending(scale, Double.POSITIVE_INFINITY, Integer.MAX_VALUE);
    }

    /// The same over the last `keys` keys.
    public Attending within(int keys) {
        return new Attending(scale, cap, keys);
    }

    /// The same with scores within `±bound`.
    public Attending capped(double bound) {
        return new Attending(scale, bound, window);
    }
}
