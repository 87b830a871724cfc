package clew.bench;

import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The limit of a product: fused multiply-adds of registers alone, twelve chains, which no memory holds up.
final class FmaPeak {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12, STEPS = 1_000_000;

    private FmaPeak() {}

    /// Operations of one [#run].
    static double operations() {
        return 2.0 * CHAINS * S.length() * STEPS;
    }

    /// Every chain tends to 1; the sum is handed back so that it must be computed.
    static float run() {
        FloatVector x = broadcast(S, 0.999f), y = broadcast(S, 0.001f);
        FloatVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < STEPS; step++) {
            a = a.fma(x, y); b = b.fma(x, y); c = c.fma(x, y); d = d.fma(x, y);
            e = e.fma(x, y); f = f.fma(x, y); g = g.fma(x, y); h = h.fma(x, y);
            i = i.fma(x, y); j = j.fma(x, y); k = k.fma(x, y); l = l.fma(x, y);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l)
            .reduceLanes(VectorOperators.ADD);
    }
}
