package clew.engine.kernel;

/// How attention reads its rows: H query heads share K key heads of width d; which keys a query sees.
///
/// Queries are rows `[B·queries, H·d]`, keys and values rows `[B·keys, K·d]`. Query i of a sequence stands at position
/// `keys − queries + i` and sees keys up to itself, at most `window` of them.
/// Patterns are rows `[B·H·queries, keys]`: sequence, then head, then query.
///
/// @param heads   H, query heads
/// @param kvHeads K, key and value heads; H is a multiple of K and head h reads key head `h / (H/K)`
/// @param width   d, width of a head
/// @param queries query rows of one sequence
/// @param keys    key rows of one sequence, the queries' own included
/// @param window  how many keys a query may look back, itself included; `Integer.MAX_VALUE` for all
public record Heads(int heads, int kvHeads, int width, int queries, int keys, int window) {
    public Heads {
        if (kvHeads < 1 || heads % kvHeads != 0)
            throw new IllegalArgumentException("attention: " + heads + " heads cannot share " + kvHeads + " key heads");
        if (queries > keys)
            throw new IllegalArgumentException("attention: " + queries + " queries but " + keys + " keys");
    }

    /// Causal attention of `tokens` queries over themselves.
    public static Heads causal(int heads, int kvHeads, int width, int tokens) {
        return new Heads(heads, kvHeads, width, tokens, tokens, Integer.MAX_VALUE);
    }

    /// The key head that query head `h` reads.
    public int kv(int h) {
        return h / (heads / kvHeads);
    }

    /// First key that query `i` sees.
    public int firstKey(int i) {
        return Math.max(0, lastKey(i) - window + 1);
    }

    /// Last key that query `i` sees: itself.
    public int lastKey(int i) {
        return keys - queries + i;
    }
}
