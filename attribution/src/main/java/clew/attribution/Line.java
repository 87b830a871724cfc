package clew.attribution;

/// The straight line `from + α (to − from)` between two inputs, and sums along it.
record Line(double[] from, double[] to) {
    double[] at(double alpha) {
        var out = new double[to.length];
        for (int i = 0; i < out.length; i++) out[i] = from[i] + alpha * (to[i] - from[i]);
        return out;
    }

    /// `(to − from) ⊙ g`.
    double[] times(double[] g) {
        var out = new double[to.length];
        for (int i = 0; i < out.length; i++) out[i] = (to[i] - from[i]) * g[i];
        return out;
    }

    /// Adds `w_i g_i` of consecutive points to `sum`; `gradients` holds one behind another.
    static void add(double[] sum, double[] gradients, double[] weights, int first) {
        for (int i = 0; i < gradients.length; i++)
            sum[i % sum.length] += weights[first + i / sum.length] * gradients[i];
    }
}
