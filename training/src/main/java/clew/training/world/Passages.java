package clew.training.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A passage of two to five random facts, and questions whose answers stand in it; or the passage is said again, in
/// another order and from either end, so that a text has more to find and less to read.
///
/// No training text has a reserved pair of a fact's two ends; a held-out question asks for nothing but one.
final class Passages implements Source {
    /// A way of saying something about {a} and {b}.
    private record Kind(String name, List<String> pools, List<String> say, List<String> ask, List<String> back,
                        String so, String turn) {
        static Kind of(String name, Resource resource) {
            var lines = resource.lines(name);
            return new Kind(name, List.of(after("pools", lines).getFirst().split(" \\| ")), after("say", lines),
                after("ask", lines), after("back", lines), after("so", lines).getFirst(),
                after("turn", lines).getFirst());
        }

        private static List<String> after(String word, List<String> lines) {
            return lines.stream().filter(l -> l.startsWith(word + " "))
                .map(l -> l.substring(word.length() + 1)).toList();
        }

        boolean isAboutPeople() {
            return pools.getFirst().equals("person");
        }
    }

    /// One of the passage's facts; `i` is what all facts of its kind in the passage have in common.
    private record Fact(Kind kind, String a, String b, String i) {
        String fill(String template) {
            return Phrasing.capital(template.replace("{a}", a).replace("{b}", b).replace("{i}", i));
        }
    }

    /// Several of one kind, two kinds about the same people, or each of a kind of its own.
    private enum Shape { SAME, CROSSED, MIXED }

    private record Passage(Shape shape, List<Fact> facts) {}

    /// Of a hundred training passages, how many have two facts whatever the dice say.
    private static final int SHORT = 30;

    private final Pools pools;
    private final Reserve reserve;
    private final Edition edition;
    private final List<Kind> kinds;
    private final List<String> openers;

    Passages(Pools pools, Reserve reserve, Edition edition) {
        var resource = Resource.read("passages.txt");
        this.pools = pools;
        this.reserve = reserve;
        this.edition = edition;
        this.kinds = resource.sections().keySet().stream().filter(s -> !s.equals("openers"))
            .map(s -> Kind.of(s, resource)).toList();
        this.openers = resource.lines("openers");
    }

    @Override
    public void write(Draft draft, Dice dice) {
        Passage passage;
        do passage = passage(2, Split.TRAINING, dice); while (passage.facts.stream().anyMatch(this::isReserved));
        var context = context(passage, dice);
        if (dice.chance(edition.again())) again(passage, context, draft, dice);
        else questions(passage, context, draft, dice);
    }

    /// Every fact once more, as often as there is room for all of them.
    private void again(Passage passage, String context, Draft draft, Dice dice) {
        draft.quiet(context);
        var turned = passage.shape == Shape.CROSSED ? 0 : dice.of(edition.turned());   // the others have {a} once
        for (int i = 0; i < 2; i++)
            for (var fact : dice.shuffled(passage.facts)) {
                var back = dice.chance(turned);
                var lead = " " + fact.fill(back ? fact.kind.turn : fact.kind.so);
                var answer = " " + (back ? fact.a : fact.b);
                if (!draft.hasRoomFor(lead + answer + ".")) return;
                draft.quiet(lead).counted(answer).quiet(".");
            }
    }

    private void questions(Passage passage, String context, Draft draft, Dice dice) {
        int questions = dice.between(1, 5);
        for (int i = 0; i < questions; i++) {
            var item = item(context, dice.of(passage.facts), passage.shape, edition, dice);
            if (!draft.hasRoomFor(item)) return;
            draft.add(item, Draft.Marking.ANSWERS);
            context = "";
        }
    }

    @Override
    public Example heldOut(int i, Dice dice) {
        while (true) {
            var passage = passage(3, Split.HELD_OUT, dice);
            var asked = passage.facts.stream().filter(this::isReserved).findFirst();
            if (asked.isEmpty()) continue;
            var example = Example.of(Skill.RETRIEVAL, item(context(passage, dice), asked.get(), passage.shape,
                Edition.FIRST, dice));
            if (example.evidence().size() == 1) return example;
        }
    }

    private boolean isReserved(Fact fact) {
        return reserve.holds(fact.kind.name, fact.a, fact.b);
    }

    private Passage passage(int least, Split split, Dice dice) {
        if (split == Split.TRAINING && edition == Edition.DRILL)
            return new Passage(Shape.SAME, facts(dice.of(kinds), dice.between(2, 4), split, dice));
        int n = split == Split.TRAINING && dice.chance(SHORT) ? 2 : dice.between(least, 5), shape = dice.below(100);
        if (shape < 60) return new Passage(Shape.SAME, facts(dice.of(kinds), n, split, dice));
        return shape < 85 ? crossed(split, dice) : mixed(n, split, dice);
    }

    private List<Fact> facts(Kind kind, int n, Split split, Dice dice) {
        boolean one = kind.pools.get(0).equals(kind.pools.get(1));
        var a = pools.some(kind.pools.get(0), one ? 2 * n : n, split, dice);
        var b = one ? a.subList(n, 2 * n) : pools.some(kind.pools.get(1), n, split, dice);
        var i = kind.pools.size() > 2 ? pools.one(kind.pools.get(2), split, dice) : "";
        return IntStream.range(0, n).mapToObj(k -> new Fact(kind, a.get(k), b.get(k), i)).toList();
    }

    private Passage crossed(Split split, Dice dice) {
        var two = dice.shuffled(kinds.stream().filter(k -> k.isAboutPeople() && !k.name.equals("writes")).toList());
        var one = facts(two.get(0), dice.between(2, 3), split, dice);
        var other = facts(two.get(1), one.size(), split, dice);
        var same = IntStream.range(0, one.size())
            .mapToObj(k -> new Fact(two.get(1), one.get(k).a, other.get(k).b, other.get(k).i));
        return new Passage(Shape.CROSSED, dice.shuffled(Stream.concat(one.stream(), same).toList()));
    }

    private Passage mixed(int n, Split split, Dice dice) {
        while (true) {
            var facts = new ArrayList<Fact>();
            for (var kind : dice.shuffled(kinds).subList(0, n)) facts.addAll(facts(kind, 1, split, dice));
            var words = facts.stream().flatMap(f -> Stream.of(f.a, f.b, f.i)).filter(s -> !s.isEmpty()).toList();
            if (words.stream().distinct().count() == words.size()) return new Passage(Shape.MIXED, facts);
        }
    }

    private String context(Passage passage, Dice dice) {
        var sentences = new ArrayList<String>();
        if (dice.chance(25)) sentences.add(dice.of(openers));
        for (var fact : passage.facts) sentences.add(fact.fill(dice.of(fact.kind.say)));
        return String.join(" ", sentences);
    }

    private static Item item(String context, Fact fact, Shape shape, Edition edition, Dice dice) {
        int n = shape == Shape.CROSSED ? 0 : dice.below(10);         // the others need {a} to stand once
        if (n < edition.ask()) return asked(context, fact.fill(dice.of(fact.kind.ask)), fact.b, dice);
        if (n < edition.ask() + edition.back()) return asked(context, fact.fill(dice.of(fact.kind.back)), fact.a, dice);
        return Frame.PLAIN.item(context, fact.fill(fact.kind.so), fact.b);
    }

    private static Item asked(String context, String question, String answer, Dice dice) {
        var phrasing = new Phrasing(Phrasing.Form.ASK, Split.TRAINING, question);
        return Frame.of(phrasing, dice).item(context, question, answer);
    }
}
