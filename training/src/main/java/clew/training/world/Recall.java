package clew.training.world;

import java.util.List;

/// Closed-book questions of one skill, several to a text; now and then of all recall skills together.
final class Recall implements Source {
    /// A subject of a relation.
    private record Entry(Relation relation, String subject) {}

    private final Skill skill;
    private final List<Entry> own;
    private final List<Entry> all;

    /// @param seed shuffles the entries for the held-out examples
    Recall(Skill skill, Relations relations, long seed) {
        this.skill = skill;
        this.own = Dice.of(seed, skill.name(), 0).shuffled(entries(relations.of(skill)));
        this.all = entries(relations.bySkill().values().stream().flatMap(List::stream).toList());
    }

    private static List<Entry> entries(List<Relation> relations) {
        return relations.stream().flatMap(r -> r.subjects().stream().map(s -> new Entry(r, s))).toList();
    }

    /// How many different things there are to recall.
    int size() {
        return own.size();
    }

    @Override
    public void write(Draft draft, Dice dice) {
        int items = dice.chance(30) ? 1 : dice.between(3, 8);
        var marking = dice.chance(20) ? Draft.Marking.ALL : Draft.Marking.ANSWERS;
        var from = dice.chance(25) ? all : own;
        for (int i = 0; i < items; i++) {
            var entry = dice.of(i == 0 ? own : from);
            var item = entry.relation.item(entry.subject, Split.TRAINING, dice);
            if (draft.hasRoomFor(item)) draft.add(item, marking);
        }
    }

    /// Every entry has its turn before one comes again.
    @Override
    public Example heldOut(int i, Dice dice) {
        var entry = own.get(i % own.size());
        return Example.of(skill, entry.relation.item(entry.subject, Split.HELD_OUT, dice));
    }
}
