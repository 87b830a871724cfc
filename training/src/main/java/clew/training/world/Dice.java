package clew.training.world;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Draws from a seeded generator.
record Dice(RandomGenerator random) {
    private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
        RandomGeneratorFactory.of("L64X128MixRandom");

    /// The dice of the `i`-th thing of a kind.
    static Dice of(long seed, String kind, int i) {
        return new Dice(GENERATORS.create((seed * 31 + kind.hashCode()) * 0x9E3779B97F4A7C15L + i));
    }

    /// 0 … n − 1.
    int below(int n) {
        return random.nextInt(n);
    }

    /// least … most.
    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    /// True in `percent` of a hundred draws.
    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T of(List<T> list) {
        return list.get(below(list.size()));
    }

    /// A shuffled copy.
    <T> List<T> shuffled(List<T> list) {
        var copy = new ArrayList<>(list);
        for (int i = copy.size() - 1; i > 0; i--) copy.set(i, copy.set(below(i + 1), copy.get(i)));
        return copy;
    }
}
