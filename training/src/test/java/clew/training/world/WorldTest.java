package clew.training.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorldTest {
    private static final long SEED = 7;
    private static final World WORLD = World.of(SEED);
    private static final Map<Edition, List<Text>> EDITIONS = Arrays.stream(Edition.values())
        .collect(Collectors.toMap(e -> e, e -> World.of(SEED, e).training(6000)));
    private static final List<Text> TEXTS = EDITIONS.values().stream().flatMap(List::stream).toList();

    @Test
    void textsAreAFunctionOfTheSeed() {
        EDITIONS.forEach((edition, texts) -> {
            assertEquals(texts.subList(0, 500), World.of(SEED, edition).training(500));
            assertNotEquals(texts.subList(0, 5), World.of(SEED + 1, edition).training(5));
        });
    }

    @ParameterizedTest
    @EnumSource
    void heldOutExamplesAreAFunctionOfTheSeed(Skill skill) {
        assertEquals(WORLD.heldOut(skill, 40).subList(0, 20), World.of(SEED).heldOut(skill, 20));
    }

    @ParameterizedTest
    @EnumSource
    void theSharesOfTheSkillsSumToAHundred(Edition edition) {
        assertEquals(100, List.of(Skill.values()).stream().mapToInt(s -> s.share(edition)).sum());
    }

    @ParameterizedTest
    @EnumSource
    void skillsKeepTheirShares(Skill skill) {
        EDITIONS.forEach((edition, texts) -> {
            double n = texts.size(), p = skill.share(edition) / 100.0;
            double seen = texts.stream().filter(t -> t.skill() == skill).count();
            assertEquals(p, seen / n, 4 * Math.sqrt(p * (1 - p) / n), edition.name());     // four standard deviations
        });
    }

    @ParameterizedTest
    @EnumSource
    void noTrainingTextContainsAHeldOutPrompt(Skill skill) {
        for (var example : WORLD.heldOut(skill, 100)) {
            if (example.prompt().length() < 12) continue;                              // "Fodor. Fodor" says nothing
            for (var text : TEXTS) assertFalse(text.text().contains(example.prompt()), example.prompt());
        }
    }

    @Test
    void noTrainingTextMakesAFalseClaimOfAHeldOutConflict() {
        var sentences = TEXTS.stream().flatMap(t -> sentences(t.text()).stream()).collect(Collectors.toSet());
        for (var example : WORLD.heldOut(Skill.CONFLICT, 300)) {
            int answer = example.evidence().getFirst().from();
            var claim = sentences(example.prompt().substring(0, answer)).getLast() + " " + example.answer().strip();
            assertFalse(sentences.contains(claim), claim);
        }
    }

    /// Sentences without their last mark, free of frames.
    static List<String> sentences(String text) {
        return List.of(text.split("(?<=[.?])\\s+|[.?]?\\n|[.?]?<\\|\\w+\\|> ?|(?:Q|A|Question|Answer): ?")).stream()
            .map(s -> s.strip().replaceAll("[.?]$", "")).filter(s -> !s.isEmpty()).toList();
    }

    @ParameterizedTest
    @EnumSource
    void evidenceIsWhereTheAnswerStands(Skill skill) {
        for (var example : WORLD.heldOut(skill, 100))
            for (var span : example.evidence())
                assertEquals(example.answer().strip(), example.prompt().substring(span.from(), span.to()));
    }

    @ParameterizedTest
    @EnumSource(names = {"RETRIEVAL", "CONFLICT"})
    void theAnswerStandsInThePromptOnce(Skill skill) {
        for (var example : WORLD.heldOut(skill, 300)) assertEquals(1, example.evidence().size(), example.prompt());
    }

    @Test
    void aConflictsQuestionAloneHasAnotherAnswer() {
        for (var example : WORLD.heldOut(Skill.CONFLICT, 300)) {
            var alone = example.alone().orElseThrow();
            assertNotEquals(example.answer(), alone.answer());
            assertEquals(List.of(), alone.evidence(), alone.prompt());
            assertTrue(alone.prompt().length() < example.prompt().length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void onePromptHasOneAnswer(Skill skill) {
        WORLD.heldOut(skill, 600).stream().collect(Collectors.groupingBy(Example::prompt,
                Collectors.mapping(Example::answer, Collectors.toSet())))
            .forEach((prompt, answers) -> assertEquals(1, answers.size(), prompt));
    }

    @Test
    void heldOutFeelingsAreBalanced() {
        var labels = WORLD.heldOut(Skill.SENTIMENT, 200).stream()
            .collect(Collectors.groupingBy(Example::answer, Collectors.counting()));
        assertEquals(Map.of(" positive", 100L, " negative", 100L), labels);
    }

    @Test
    void trainingFeelingsAreBalanced() {
        var all = TEXTS.stream().filter(t -> t.skill() == Skill.SENTIMENT)
            .map(Text::text).collect(Collectors.joining());
        double good = Span.of("positive", all.replace("positive or negative", "")).size();
        double bad = Span.of("negative", all.replace("positive or negative", "")).size();
        assertEquals(0.5, good / (good + bad), 2 / Math.sqrt(good + bad));                 // four standard deviations
    }

    @Test
    void countedSpansAreInOrderAndEveryTextEndsInACountedEnd() {
        for (var text : TEXTS) {
            int reached = -1;
            for (var span : text.counted()) {
                assertTrue(span.from() > reached, text.text());
                reached = span.to();
            }
            assertEquals(text.text().length(), reached);
            assertTrue(text.text().endsWith(Specials.END));
        }
    }

    @Test
    void aContinuationIsCutAtItsFirstStop() {
        var example = WORLD.heldOut(Skill.OPPOSITE, 1).getFirst();
        for (var stop : List.of("", "\nQ: more", ". More.", Specials.END))
            assertTrue(example.isAnsweredBy(example.answer() + stop));
        assertFalse(example.isAnsweredBy(example.answer() + " x"));
    }
}
