package clew.attribution;

import clew.model.Run;
import java.util.Arrays;
import java.util.List;

/// The attention patterns of a run as the attention methods read them: one `[T·T]` matrix per layer, rows are queries.
///
/// @param layers `[L][T·T]`, heads fused
/// @param T      tokens
record Patterns(double[][] layers, int T) {
    /// Of a run that declared [Attention#PATTERNS].
    static Patterns of(Run run, Fusion fusion) {
        int L = run.model().spec().layers(), H = run.model().spec().heads(), T = run.pass().tokens();
        var layers = new double[L][T * T];
        for (int l = 0; l < L; l++) {
            var p = run.value("blocks." + l + ".attn.hook_pattern").tensor().toDoubles();       // [H, T, T]
            for (int i = 0; i < T * T; i++) layers[l][i] = p[i];
            for (int i = T * T; i < p.length; i++) {
                var at = i % (T * T);
                layers[l][at] = switch (fusion) {
                    case MEAN -> layers[l][at] + p[i];
                    case MAX  -> Math.max(layers[l][at], p[i]);
                    case MIN  -> Math.min(layers[l][at], p[i]);
                };
            }
            if (fusion == Fusion.MEAN) for (int i = 0; i < T * T; i++) layers[l][i] /= H;
        }
        return new Patterns(layers, T);
    }

    /// The first n tokens among themselves: no query of theirs sees more.
    Patterns of(int n) {
        var cut = new double[layers.length][n * n];
        for (int l = 0; l < cut.length; l++)
            for (int i = 0; i < n; i++) System.arraycopy(layers[l], i * T, cut[l], i * n, n);
        return new Patterns(cut, n);
    }

    /// The rows of a whole map that explain the targets.
    static double[][] rows(double[] map, int T, List<Explained> targets) {
        return targets.stream().map(t -> row(map, T, t.position(), T)).toArray(double[][]::new);
    }

    /// The row of a query in a map of n tokens, with zeros up to T.
    static double[] row(double[] map, int n, int query, int T) {
        return Arrays.copyOf(Arrays.copyOfRange(map, query * n, (query + 1) * n), T);
    }
}
