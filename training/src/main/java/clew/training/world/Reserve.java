package clew.training.world;

/// Sets combinations apart for the held-out examples: one in `oneIn`, chosen by a hash of the seed and the parts. What
/// one in 64 sets apart, one in 8 does as well.
///
/// No training text has a reserved combination, held-out examples have nothing but.
record Reserve(long seed, int oneIn) {
    boolean holds(String... parts) {
        long h = 0xCBF29CE484222325L ^ seed;                    // FNV-1a over the characters
        for (var part : parts) {
            for (int i = 0; i < part.length(); i++) h = (h ^ part.charAt(i)) * 0x100000001B3L;
            h = (h ^ '|') * 0x100000001B3L;
        }
        h ^= h >>> 32;
        return Long.remainderUnsigned(h * 0x9E3779B97F4A7C15L >>> 32, oneIn) == 0;
    }

    /// Whether a combination may stand where texts of this split are made.
    boolean allows(Split split, String... parts) {
        return holds(parts) == (split == Split.HELD_OUT);
    }
}
