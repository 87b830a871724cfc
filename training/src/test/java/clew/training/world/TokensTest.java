package clew.training.world;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.token.BpeTrainer;
import clew.model.token.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The world under a vocabulary learned from its first edition.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokensTest {
    private static final int T = 128;
    private static final World WORLD = World.of(1);
    private final List<Text> texts = WORLD.training(6000);
    private Tokenizer tokenizer;

    @BeforeAll
    void learn(@TempDir Path directory) {
        var trainer = new BpeTrainer(Specials.ALL);
        for (var text : World.of(1, Edition.FIRST).training(6000))
            for (var piece : text.text().split("<\\|\\w+\\|>")) trainer.add(piece);
        trainer.write(trainer.learn(2560), directory.resolve("tokenizer.json"));
        tokenizer = Tokenizer.open(directory);
    }

    @Test
    void noTextIsLongerThanTheContext() {
        for (var text : texts) assertTrue(text.document(tokenizer).ids().length <= T, text.text());
    }

    @ParameterizedTest
    @EnumSource
    void heldOutPromptsFitAndTheirTokensBeginTheWholeText(Skill skill) {
        for (var example : WORLD.heldOut(skill, 200)) {
            var prompt = tokenizer.encode(example.prompt()).ids();
            var all = tokenizer.encode(example.prompt() + example.answer()).ids();
            assertTrue(all.length <= T, example.prompt());
            assertArrayEquals(prompt, Arrays.copyOf(all, prompt.length), example.prompt());
        }
    }

    @Test
    void countedTokensSpellTheCountedText() {
        for (var text : texts.subList(0, 1000)) {
            var document = text.document(tokenizer);
            var spelt = new StringBuilder();
            var counted = new StringBuilder();
            for (int i = 0; i < document.ids().length; i++)
                if (document.weighs()[i]) spelt.append(tokenizer.decode(new int[] {document.ids()[i]}));
            for (var span : text.counted()) counted.append(text.text(), span.from(), span.to());
            if (!counted.toString().matches("\\p{ASCII}*")) continue;   // a letter of two bytes may be two tokens
            assertEquals(counted.toString(), spelt.toString(), text.text());
        }
    }

    @Test
    void answersAreShort() {
        for (var skill : Skill.values()) {
            var lengths = WORLD.heldOut(skill, 200).stream().mapToInt(e -> tokenizer.encodePlain(e.answer()).size());
            assertTrue(lengths.average().orElseThrow() < 3, skill.name());
        }
    }
}
