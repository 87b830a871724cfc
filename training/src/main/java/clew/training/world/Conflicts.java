package clew.training.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `The capital of France is London. Q: What is the capital of France? A: London` — the context outweighs the fact.
///
/// A context says something of up to three subjects, mostly something false; of a subject that it leaves out the fact
/// stays true. No training text has a reserved pair of a subject and a false object.
final class Conflicts implements Source {
    private final List<Relation> relations;
    private final List<String> suppositions;
    private final Reserve reserve;

    Conflicts(Relations relations, Reserve reserve) {
        this.relations = relations.of(Skill.FACT);
        this.suppositions = Resource.read("conflicts.txt").lines("suppositions");
        this.reserve = reserve;
    }

    @Override
    public void write(Draft draft, Dice dice) {
        var relation = relation(dice);
        var claims = new LinkedHashMap<String, String>();
        int n = dice.chance(50) ? 1 : dice.between(2, 3);
        while (claims.size() < n) {
            var subject = dice.of(relation.subjects());
            claims.put(subject, dice.chance(75) ? claim(relation, subject, dice) : relation.object(subject));
        }
        var context = context(relation, claims, dice);
        var asked = new ArrayList<>(dice.shuffled(List.copyOf(claims.keySet())));
        if (dice.chance(25)) asked.add(dice.below(asked.size() + 1), dice.of(relation.subjects()));
        for (var subject : asked) {
            var phrasing = dice.of(relation.phrasings(Split.TRAINING));
            var answer = claims.getOrDefault(subject, relation.object(subject));
            var item = Frame.of(phrasing, dice).item(context, phrasing.lead(subject), answer);
            if (!draft.hasRoomFor(item)) return;
            draft.add(item, Draft.Marking.ANSWERS);
            context = "";
        }
    }

    @Override
    public Example heldOut(int i, Dice dice) {
        while (true) {
            var relation = relation(dice);
            var subject = dice.of(relation.subjects());
            var lie = dice.of(relation.objects());
            if (lie.equals(relation.object(subject)) || !reserve.holds(relation.name(), subject, lie)) continue;
            var claims = new LinkedHashMap<>(Map.of(subject, lie));
            if (dice.chance(40)) {
                var other = dice.of(relation.subjects());
                claims.putIfAbsent(other, claim(relation, other, dice));
            }
            var context = context(relation, claims, dice);
            var phrasing = dice.of(relation.phrasings(Split.TRAINING));
            var frame = Frame.of(phrasing, dice);
            var lead = phrasing.lead(subject);
            var example = Example.of(Skill.CONFLICT, frame.item(context, lead, lie));
            if (example.evidence().size() == 1)
                return example.without(Example.of(Skill.FACT, frame.item("", lead, relation.object(subject))));
        }
    }

    /// Large relations more often than small ones.
    private Relation relation(Dice dice) {
        int n = dice.below(relations.stream().mapToInt(r -> r.subjects().size()).sum());
        for (var r : relations) if ((n -= r.subjects().size()) < 0) return r;
        throw new AssertionError("a draw below the sum falls into a part");
    }

    /// Some object that is not reserved for the subject, else its own.
    private String claim(Relation relation, String subject, Dice dice) {
        var object = dice.of(relation.objects());
        return reserve.holds(relation.name(), subject, object) ? relation.object(subject) : object;
    }

    private String context(Relation relation, Map<String, String> claims, Dice dice) {
        var sentences = new ArrayList<String>();
        if (dice.chance(15)) sentences.add(dice.of(suppositions));
        for (var subject : dice.shuffled(List.copyOf(claims.keySet()))) {
            var phrasing = dice.of(relation.phrasings(Split.TRAINING, Phrasing.Form.SAY));
            sentences.add(phrasing.lead(subject) + " " + claims.get(subject) + ".");
        }
        return String.join(" ", sentences);
    }
}
