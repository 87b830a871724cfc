package clew.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.token.BpeTrainer;
import clew.model.token.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is told while tokens come is, together, the text that they have in the end.
final class SpeechTest {
    private static final String TEXT = "Once upon a naïve 日本語 day 😀👩‍👩‍👧 Ünïcode…\n\n  two  spaces\tand <s> more.";

    @TempDir
    Path dir;

    private Tokenizer bytes() throws Exception {
        var trainer = new BpeTrainer(List.of("<s>"));
        trainer.add("one two one two three");
        trainer.write(trainer.learn(270), dir.resolve("tokenizer.json"));
        return Tokenizer.open(dir);
    }

    @Test
    void piecesAreTheWholeTextAndNoneEndsInsideACharacter() throws Exception {
        tellsAll(bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama3", "qwen2.5", "tinyllama", "mistral"})
    void soItIsWithRealTokenizers(String name) {
        tellsAll(Tokenizer.open(Shared.path("tokenizers/" + name)));
    }

    private static void tellsAll(Tokenizer tokenizer) {
        var ids = IntStream.of(tokenizer.encodePlain(TEXT).ids()).filter(id -> !tokenizer.isSpecial(id)).toArray();
        var whole = tokenizer.decode(ids);
        for (int cut = 1; cut < ids.length; cut++) {
            int[] prompt = Arrays.copyOf(ids, cut), rest = Arrays.copyOfRange(ids, cut, ids.length);
            if (tokenizer.decode(prompt).endsWith("\uFFFD")) continue;
            var told = told(tokenizer, prompt, rest, List.of());
            assertEquals(whole.substring(tokenizer.decode(prompt).length()), String.join("", told));
            for (var piece : told) assertFalse(piece.contains("\uFFFD"), piece);
        }
    }

    private static List<String> told(Tokenizer tokenizer, int[] prompt, int[] rest, List<String> stops) {
        var told = new ArrayList<String>();
        var speech = new Speech(tokenizer, prompt, stops, told::add);
        for (int id : rest) if (!speech.test(id)) break;
        speech.end();
        return told;
    }

    @Test
    void nothingOfAStopStringIsTold() throws Exception {
        var tokenizer = bytes();
        var rest = tokenizer.encodePlain(" two, END of it").ids();
        var prompt = tokenizer.encodePlain("one").ids();
        assertEquals(" two, ", String.join("", told(tokenizer, prompt, rest, List.of("END"))));
        assertEquals(" two", String.join("", told(tokenizer, prompt, rest, List.of("END", ", E"))));
        assertEquals(" two, END of it", String.join("", told(tokenizer, prompt, rest, List.of("ENDE", "of it!"))));
        assertEquals("a", Speech.before(List.of("bc", "b"), "abc"));
        assertEquals("abc", Speech.before(List.of("x"), "abc"));
    }

    @Test
    void aStopEndsTheContinuationAtOnce() throws Exception {
        var tokenizer = bytes();
        var speech = new Speech(tokenizer, tokenizer.encodePlain("one").ids(), List.of("!"), _ -> {});
        for (int id : tokenizer.encodePlain("two").ids()) assertTrue(speech.test(id));
        assertFalse(speech.test(tokenizer.encodePlain("!").ids()[0]));
    }

    @Test
    void anIncompleteCharacterIsToldAtTheEnd() throws Exception {
        var tokenizer = bytes();
        var ids = tokenizer.encodePlain("日").ids();
        assertEquals(3, ids.length);
        assertEquals(List.of("\uFFFD"), told(tokenizer, tokenizer.encodePlain("one").ids(), Arrays.copyOf(ids, 2),
            List.of()));
        assertEquals(List.of("日"), told(tokenizer, tokenizer.encodePlain("one").ids(), ids, List.of()));
    }
}
