package clew.training.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

class RelationsTest {
    private static final Relations RELATIONS = Relations.read(Edition.SECOND);

    static Stream<Relation> relations() {
        return RELATIONS.bySkill().values().stream().flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("relations")
    void phrasingsOfBothSplitsAndFormsDiffer(Relation relation) {
        var training = relation.phrasings(Split.TRAINING);
        var heldOut = relation.phrasings(Split.HELD_OUT);
        assertTrue(training.size() >= 8 && heldOut.size() >= 3, relation.name());
        for (var split : Split.values())
            for (var form : Phrasing.Form.values())
                assertFalse(relation.phrasings(split, form).isEmpty(), relation.name());
        var templates = training.stream().map(Phrasing::template).collect(Collectors.toSet());
        assertEquals(training.size(), templates.size());
        assertTrue(heldOut.stream().noneMatch(p -> templates.contains(p.template())));
    }

    @Test
    void theSecondEditionHasAllPhrasingsOfTheFirstAndMore() {
        var first = Relations.read(Edition.FIRST);
        relations().forEach(r -> r.phrasings().forEach((split, phrasings) -> {
            var before = first.named(r.name()).phrasings(split);
            assertTrue(phrasings.containsAll(before), r.name());
            if (split == Split.HELD_OUT) assertEquals(before, phrasings, r.name());
        }));
        assertTrue(count(RELATIONS) > count(first));
    }

    private static int count(Relations relations) {
        return relations.bySkill().values().stream().flatMap(List::stream)
            .mapToInt(r -> r.phrasings(Split.TRAINING).size()).sum();
    }

    private interface Visitor {
        void visit(Relation relation, String subject, String lead);
    }

    private static void forEachLead(Split split, Visitor visitor) {
        relations().forEach(relation -> relation.phrasings(split).forEach(phrasing ->
            relation.subjects().forEach(subject -> visitor.visit(relation, subject, phrasing.lead(subject)))));
    }

    @Test
    void aLeadHasOneAnswerWhateverTheRelation() {
        var answers = new HashMap<String, String>();
        for (var split : Split.values()) forEachLead(split, (relation, subject, lead) -> {
            var before = answers.putIfAbsent(lead, relation.object(subject));
            assertTrue(before == null || before.equals(relation.object(subject)), lead);
        });
    }

    @Test
    void noHeldOutLeadIsATrainingLead() {
        var training = new HashSet<String>();
        forEachLead(Split.TRAINING, (_, _, lead) -> training.add(lead));
        forEachLead(Split.HELD_OUT, (_, _, lead) -> assertFalse(training.contains(lead), lead));
    }

    @Test
    void everythingToRecallIsTaughtInAtLeastFivePhrasings() {
        var sentences = World.of(3).training(20_000).stream()
            .flatMap(t -> WorldTest.sentences(t.text()).stream()).collect(Collectors.toSet());
        relations().forEach(r -> r.subjects().forEach(s -> {
            var taught = r.phrasings(Split.TRAINING).stream().filter(p -> sentences.contains(switch (p.form()) {
                case ASK -> p.lead(s).replaceAll("[.?]$", "");
                case SAY -> p.lead(s) + " " + r.object(s);
            })).count();
            assertTrue(taught >= 5, r.name() + " of " + s + ": " + taught + " phrasings");
        }));
    }

    @Test
    void thereAreSeveralHundredFactsAndTwoHundredWords() {
        var world = World.of(1);
        assertTrue(world.size(Skill.FACT) > 500);
        assertEquals(100, world.size(Skill.SUM));
        assertTrue(world.size(Skill.GERMAN) > 150);
        assertTrue(world.size(Skill.PLURAL) > 100);
        assertTrue(world.size(Skill.OPPOSITE) > 100);
        assertEquals(0, world.size(Skill.STORY));
    }
}
