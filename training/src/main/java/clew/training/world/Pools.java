package clew.training.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where names, things and numbers are drawn from; made-up words are two syllables.
///
/// A third of the people and a fifth of the cities have made-up names, so that copying cannot lean on known words.
final class Pools {
    private final Map<String, List<String>> lists = new HashMap<>();
    private final Set<String> madeUp = new HashSet<>();
    private final Reserve reserve;

    Pools(Relations relations, Reserve reserve) {
        var names = Resource.read("names.txt");
        for (var section : names.sections().keySet()) lists.put(section, names.words(section));
        lists.put("cities", relations.named("capital").objects());
        for (var a : list("first")) for (var b : list("second")) madeUp.add(a + b);
        this.reserve = reserve;
    }

    /// `n` different ones; of made-up words no two begin with the same two letters, of ages no two a first digit.
    List<String> some(String pool, int n, Split split, Dice dice) {
        var some = new ArrayList<String>();
        var keys = new HashSet<String>();
        while (some.size() < n) {
            var one = one(pool, split, dice);
            if (keys.add(key(one))) some.add(one);
        }
        return some;
    }

    private String key(String one) {
        if (Character.isDigit(one.charAt(0))) return one.substring(0, 1);
        return madeUp.contains(one) ? one.substring(0, 2) : one;
    }

    String one(String pool, Split split, Dice dice) {
        return switch (pool) {
            case "person" -> dice.chance(33) ? word(split, dice) : dice.of(list(dice.chance(50) ? "women" : "men"));
            case "city"   -> dice.chance(20) ? word(split, dice) : dice.of(list("cities"));
            case "word"   -> word(split, dice);
            case "digit"  -> String.valueOf(dice.between(2, 9));
            case "age"    -> String.valueOf(dice.between(10, 99));
            default       -> dice.of(list(pool));
        };
    }

    private List<String> list(String pool) {
        var list = lists.get(pool);
        if (list == null) throw new IllegalArgumentException("there is no pool of '" + pool + "'");
        return list;
    }

    /// Words made of reserved syllable pairs are for held-out examples only.
    private String word(Split split, Dice dice) {
        while (true) {
            String a = dice.of(list("first")), b = dice.of(list("second"));
            if (reserve.allows(split, a, b)) return a + b;
        }
    }
}
