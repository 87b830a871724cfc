package clew.training.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// `hot -> cold`, `big -> small`, `new ->`: the task is to be read off the lines before.
///
/// No training text has a reserved pair of neighbouring subjects.
final class FewShot implements Source {
    private static final int SHOWN = 4;

    private final List<Relation> relations;
    private final Reserve reserve;

    FewShot(Relations relations, Reserve reserve) {
        this.relations = Stream.of("opposite", "plural", "german", "capital", "language", "maker")
            .map(relations::named).toList();
        this.reserve = reserve;
    }

    @Override
    public void write(Draft draft, Dice dice) {
        var relation = dice.of(relations);
        int lines = dice.between(3, 8);
        var subjects = new ArrayList<>(List.of(dice.of(relation.subjects())));
        draft.quiet(line(relation, subjects.getFirst()));                     // its answer: the task is not clear yet
        while (subjects.size() <= lines) {
            var subject = next(relation, subjects, Split.TRAINING, dice);
            var item = item(relation, subject);
            if (draft.hasRoomFor(item)) draft.add(item, Draft.Marking.ANSWERS);
            subjects.add(subject);
        }
    }

    @Override
    public Example heldOut(int i, Dice dice) {
        var relation = relations.get(i % relations.size());
        var subjects = new ArrayList<>(List.of(dice.of(relation.subjects())));
        while (subjects.size() < SHOWN) subjects.add(next(relation, subjects, Split.TRAINING, dice));
        var prompt = new StringBuilder();
        for (var s : subjects) prompt.append(line(relation, s));
        var item = item(relation, next(relation, subjects, Split.HELD_OUT, dice));
        return Example.of(Skill.FEW_SHOT, new Item(prompt + item.lead(), item.answer(), item.tail()));
    }

    private static String line(Relation relation, String subject) {
        return subject + " -> " + relation.object(subject) + "\n";
    }

    private static Item item(Relation relation, String subject) {
        return new Item(subject + " ->", relation.object(subject), "");
    }

    /// A subject that may follow the last of those before and is none of them.
    private String next(Relation relation, List<String> before, Split split, Dice dice) {
        while (true) {
            var subject = dice.of(relation.subjects());
            if (before.contains(subject)) continue;
            if (reserve.allows(split, relation.name(), before.getLast(), subject)) return subject;
        }
    }
}
