package clew.training.world;

import java.util.List;

/// Small talk; the user's name, given and asked for; questions that lean on the one before; answers in a sentence.
///
/// Reserved: pairs of a name and the way it is given, and of a question's subject and the next one's.
final class Chats implements Source {
    private static final String IN_A_SENTENCE = Specials.SYSTEM + " Answer in a sentence." + Specials.END;

    private static final List<String> RELATIONS =
        List.of("capital", "continent", "language", "maker", "colour", "opposite", "plural", "german");

    private final Resource resource = Resource.read("chat.txt");
    private final List<Relation> relations;
    private final Pools pools;
    private final Reserve reserve;

    Chats(Relations relations, Pools pools, Reserve reserve) {
        this.relations = RELATIONS.stream().map(relations::named).toList();
        this.pools = pools;
        this.reserve = reserve;
    }

    @Override
    public void write(Draft draft, Dice dice) {
        int n = dice.below(100);
        if (n < 25) talk(draft, dice);
        else if (n < 55) names(draft, dice);
        else if (n < 85) following(draft, dice);
        else sentences(draft, dice);
    }

    private void talk(Draft draft, Dice dice) {
        int turns = dice.between(1, 3);
        for (int i = 0; i < turns; i++) add(draft, turn(dice.of(resource.rows("talk"))));
    }

    private void names(Draft draft, Dice dice) {
        var met = meeting(Split.TRAINING, dice);
        add(draft, met.item);
        if (dice.chance(30)) add(draft, turn(dice.of(resource.rows("talk"))));
        add(draft, Frame.CHAT.item("", dice.of(resource.lines("recall")), met.name));
    }

    private void following(Draft draft, Dice dice) {
        var relation = dice.of(relations);
        var subject = dice.of(relation.subjects());
        add(draft, question(relation, subject, dice));
        int turns = dice.between(1, 3);
        for (int i = 0; i < turns; i++) {
            var next = next(relation, subject, Split.TRAINING, dice);
            add(draft, follow(relation, next, dice));
            subject = next;
        }
    }

    private void sentences(Draft draft, Dice dice) {
        draft.quiet(IN_A_SENTENCE);
        int turns = dice.between(1, 3);
        for (int i = 0; i < turns; i++) {
            var relation = dice.of(relations);
            var subject = dice.of(relation.subjects());
            var say = relation.phrasings(Split.TRAINING, Phrasing.Form.SAY).getFirst();
            var asked = question(relation, subject, dice);
            add(draft, new Item(asked.lead(), say.lead(subject) + " " + asked.answer(), "." + Specials.END));
        }
    }

    /// Two in three recall a name, one in three follow a question up.
    @Override
    public Example heldOut(int i, Dice dice) {
        if (i % 3 < 2) {
            var met = meeting(Split.HELD_OUT, dice);
            var recall = dice.of(resource.lines(dice.chance(50) ? "recall" : "recall*"));
            return example(met.item, Frame.CHAT.item("", recall, met.name));
        }
        var relation = dice.of(relations);
        var subject = dice.of(relation.subjects());
        var next = next(relation, subject, Split.HELD_OUT, dice);
        return example(question(relation, subject, dice), follow(relation, next, dice));
    }

    private static Example example(Item first, Item second) {
        var before = first.lead() + " " + first.answer() + first.tail();
        return Example.of(Skill.CHAT, new Item(before + second.lead(), second.answer(), second.tail()));
    }

    private static void add(Draft draft, Item item) {
        if (draft.hasRoomFor(item)) draft.add(item, Draft.Marking.ANSWERS);
    }

    private static Item turn(List<String> row) {
        return Frame.CHAT.item("", row.get(0), row.get(1));
    }

    /// A user who gives a name.
    private record Meeting(String name, Item item) {}

    private Meeting meeting(Split split, Dice dice) {
        while (true) {
            var name = pools.one("person", split, dice);
            var row = dice.of(resource.rows("names"));
            if (reserve.allows(split, name, row.getFirst()))
                return new Meeting(name, turn(row.stream().map(s -> s.replace("{n}", name)).toList()));
        }
    }

    private static Item question(Relation relation, String subject, Dice dice) {
        var phrasing = dice.of(relation.phrasings(Split.TRAINING, Phrasing.Form.ASK));
        return Frame.CHAT.item("", phrasing.lead(subject), relation.object(subject));
    }

    private Item follow(Relation relation, String subject, Dice dice) {
        return Frame.CHAT.item("", dice.of(resource.lines("follow")).replace("{s}", subject), relation.object(subject));
    }

    private String next(Relation relation, String before, Split split, Dice dice) {
        while (true) {
            var subject = dice.of(relation.subjects());
            if (!subject.equals(before) && reserve.allows(split, relation.name(), before, subject)) return subject;
        }
    }
}
