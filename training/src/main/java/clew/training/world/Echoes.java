package clew.training.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Words said twice, in the same order or each with its partner: drill for heads that copy.
///
/// Made-up words of reserved syllable pairs never occur in training, held-out examples are made of them.
final class Echoes implements Source {
    private static final List<String> OPENERS = List.of("", "", "Repeat: ", "Say it again: ", "Again: ");
    private static final List<String> VALUES = List.of("word", "colours", "city", "foods", "digit", "objects");
    private static final List<String> KNOWN = VALUES.subList(1, VALUES.size());

    private final Pools pools;
    private final Edition edition;

    Echoes(Pools pools, Edition edition) {
        this.pools = pools;
        this.edition = edition;
    }

    @Override
    public void write(Draft draft, Dice dice) {
        if (edition == Edition.DRILL) turned(draft, dice);
        else said(draft, dice);
    }

    /// `Anna: red. Tom: blue. blue: Tom. red: Anna. …`
    private void turned(Draft draft, Dice dice) {
        int n = dice.between(2, 5);
        var keys = pools.some("person", n, Split.TRAINING, dice);
        var values = pools.some(dice.of(KNOWN), n, Split.TRAINING, dice);
        draft.quiet(list(IntStream.range(0, n).mapToObj(i -> List.of(keys.get(i), values.get(i))).toList()) + ".");
        for (int round = 0; round < 2; round++)
            for (int i : dice.shuffled(IntStream.range(0, n).boxed().toList())) {
                if (!draft.hasRoomFor(" " + values.get(i) + ": " + keys.get(i) + ".")) return;
                draft.quiet(" " + values.get(i) + ":").counted(" " + keys.get(i)).quiet(".");
            }
    }

    private void said(Draft draft, Dice dice) {
        draft.quiet(dice.of(OPENERS));
        if (dice.chance(50)) {
            var words = pools.some(dice.of(VALUES), dice.between(3, 7), Split.TRAINING, dice);
            draft.quiet(String.join(" ", words) + ". " + words.getFirst());
            draft.counted(" " + String.join(" ", words.subList(1, words.size())) + ".");
        } else {
            var pairs = pairs(dice.between(2, 5), Split.TRAINING, dice);
            draft.quiet(list(pairs) + ".");
            for (var pair : dice.shuffled(pairs))
                draft.quiet(" " + pair.get(0) + ":").counted(" " + pair.get(1)).quiet(".");
        }
    }

    @Override
    public Example heldOut(int i, Dice dice) {
        if (i % 2 == 0) {
            var words = pools.some("word", dice.between(3, 7), Split.HELD_OUT, dice);
            int at = dice.between(1, words.size() - 1);
            var lead = String.join(" ", words) + ". " + String.join(" ", words.subList(0, at));
            return Example.of(Skill.ECHO, new Item(lead, words.get(at), ""));
        }
        var pairs = pairs(dice.between(2, 5), Split.HELD_OUT, dice);
        var asked = dice.of(pairs);
        return Example.of(Skill.ECHO, new Item(list(pairs) + ". " + asked.get(0) + ":", asked.get(1), ""));
    }

    /// Made-up words, each with a partner.
    private List<List<String>> pairs(int n, Split split, Dice dice) {
        var keys = pools.some("word", 2 * n, split, dice);
        var value = dice.of(VALUES);
        var values = value.equals("word") ? keys.subList(n, 2 * n) : pools.some(value, n, split, dice);
        return new ArrayList<>(IntStream.range(0, n).mapToObj(k -> List.of(keys.get(k), values.get(k))).toList());
    }

    private static String list(List<List<String>> pairs) {
        return String.join(". ", pairs.stream().map(p -> p.get(0) + ": " + p.get(1)).toList());
    }
}
