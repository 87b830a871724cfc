package clew.training.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reviews of one to three sentences that agree; `not` turns an adjective round, after `but` comes what counts.
///
/// No training text has a reserved pair of a thing and its adjective or verb, every held-out clause has one.
final class Reviews implements Source {
    private enum Feeling {
        POSITIVE, NEGATIVE;

        Feeling other() {
            return this == POSITIVE ? NEGATIVE : POSITIVE;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What one feeling is put into words with; a verb after "I" and after "did not".
    private record Words(List<String> adjectives, List<List<String>> verbs, List<String> verdicts) {}

    private final List<String> aspects;
    private final List<String> degrees;
    private final List<String> frames;
    private final Words positive;
    private final Words negative;
    private final Reserve reserve;

    Reviews(Reserve reserve) {
        var resource = Resource.read("reviews.txt");
        this.reserve = reserve;
        this.aspects = resource.words("aspects");
        this.degrees = resource.words("degrees");
        this.frames = resource.lines("frames");
        this.positive = new Words(resource.words("good"), resource.rows("liked"), resource.lines("praise"));
        this.negative = new Words(resource.words("bad"), resource.rows("disliked"), resource.lines("blame"));
    }

    @Override
    public void write(Draft draft, Dice dice) {
        int items = dice.between(1, 4);
        var marking = dice.chance(20) ? Draft.Marking.ALL : Draft.Marking.ANSWERS;
        for (int i = 0; i < items; i++) {
            var item = item(dice.of(List.of(Feeling.values())), Split.TRAINING, dice);
            if (draft.hasRoomFor(item)) draft.add(item, marking);
        }
    }

    @Override
    public Example heldOut(int i, Dice dice) {
        return Example.of(Skill.SENTIMENT, item(Feeling.values()[i % 2], Split.HELD_OUT, dice));
    }

    private Item item(Feeling feeling, Split split, Dice dice) {
        boolean starred = split == Split.HELD_OUT && dice.chance(50);
        var frame = dice.of(frames.stream().filter(f -> f.startsWith("* ") == starred).toList());
        var lead = frame.substring(starred ? 2 : 0).replace("{r}", review(feeling, split, dice));
        return new Item(lead, feeling.label(), lead.endsWith(Specials.ASSISTANT) ? Specials.END : "");
    }

    private String review(Feeling feeling, Split split, Dice dice) {
        var sentences = new ArrayList<String>();
        sentences.add(sentence(feeling, split, dice));
        if (dice.chance(30)) sentences.add(sentence(feeling, split, dice));
        if (dice.chance(25)) sentences.add(dice.of(words(feeling).verdicts));
        return String.join(" ", sentences);
    }

    private Words words(Feeling feeling) {
        return feeling == Feeling.POSITIVE ? positive : negative;
    }

    private String sentence(Feeling feeling, Split split, Dice dice) {
        int n = dice.below(10);
        if (n < 2) return "I " + verb(feeling, split, dice) + ".";
        var one = "The " + clause(feeling, split, dice);
        if (n < 6) return one + ".";
        var the = n < 7 ? " and the " : ", but the ";
        var first = n < 7 ? one : "The " + clause(feeling.other(), split, dice);
        return first + the + clause(feeling, split, dice) + ".";
    }

    private String clause(Feeling feeling, Split split, Dice dice) {
        boolean not = dice.chance(30);
        var words = words(not ? feeling.other() : feeling);
        var degree = dice.chance(40) ? (not ? dice.of(degrees.subList(0, 2)) : dice.of(degrees)) + " " : "";
        while (true) {
            String aspect = dice.of(aspects), adjective = dice.of(words.adjectives);
            if (reserve.allows(split, aspect, adjective))
                return aspect + (not ? " was not " : " was ") + degree + adjective;
        }
    }

    private String verb(Feeling feeling, Split split, Dice dice) {
        boolean not = dice.chance(40);
        var words = words(not ? feeling.other() : feeling);
        while (true) {
            var aspect = dice.of(aspects);
            var verb = dice.of(words.verbs);
            if (reserve.allows(split, aspect, verb.get(1)))
                return (not ? "did not " + verb.get(1) : verb.get(0)) + " the " + aspect;
        }
    }
}
