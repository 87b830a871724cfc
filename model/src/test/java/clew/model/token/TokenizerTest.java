package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Laws of tokenizers, on two small ones that need no other file.
final class TokenizerTest {
    private static final String ALPHABET = "abthel  \n\t'09é▁中\u0301\u00a0\u3000\uD83E\uDD99\uD83D<>|_Ġ";

    @TempDir
    private Path folder;

    private List<Tokenizer> both() {
        return List.of(Tiny.open(folder, Tiny.byteLevel()), Tiny.open(folder, Tiny.byteFallback()));
    }

    @Test
    void decodingGivesTheTextBack() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (var tokenizer : both()) for (int i = 0; i < 2000; i++) {
            var text = text(random).replace('▁', '_');          // SentencePiece cannot tell ▁ from a space
            var back = tokenizer.decode(tokenizer.encodePlain(text).ids());
            assertEquals(Unicode.wellFormed(text), back, () -> "seed " + seed);
        }
    }

    @Test
    void offsetsCoverTheTextInOrder() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (var tokenizer : both()) for (int i = 0; i < 2000; i++) {
            var text = text(random);
            int reached = 0;
            for (var token : tokenizer.encodePlain(text).tokens()) {
                assertTrue(token.start() <= reached && token.end() >= reached, () -> "gap, seed " + seed);
                reached = token.end();
            }
            assertEquals(text.codePointCount(0, text.length()), reached, () -> "seed " + seed);
        }
    }

    @Test
    void describedIdsCoverTheirDecoding() {
        var random = new Random(7);
        for (var tokenizer : both()) for (int i = 0; i < 500; i++) {
            var ids = random.ints(12, 0, tokenizer.size()).toArray();
            var decoded = tokenizer.decode(ids);
            int reached = 0;
            for (var token : tokenizer.describe(ids)) {
                assertTrue(token.start() <= reached && token.end() >= reached);
                reached = token.end();
            }
            assertEquals(decoded.codePointCount(0, decoded.length()), reached);
        }
    }

    @Test
    void mergesGoByRankAndKeepTheSpaceWithTheWord() {
        var encoding = Tiny.open(folder, Tiny.byteLevel()).encode("the the é");
        var tokens = encoding.tokens();
        assertEquals(List.of("<|end|>", "the", "Ġthe", "Ġ", "Ã©"), tokens.stream().map(Token::piece).toList());
        assertEquals(List.of("<|end|>", "the", " the", " ", "é"), tokens.stream().map(Token::text).toList());
        assertArrayEquals(new int[] {261, 257, 258, ' ', 260}, encoding.ids());
        assertEquals(new Token(0, 261, "<|end|>", "<|end|>", 0, 0, true), tokens.getFirst());
        assertEquals(7, tokens.get(3).start());
    }

    @Test
    void missingCharactersFallBackToTheirBytes() {
        var tokenizer = Tiny.open(folder, Tiny.byteFallback());
        var tokens = tokenizer.encodePlain("ab 中").tokens();
        assertEquals(List.of("▁ab", "▁", "<0xE4>", "<0xB8>", "<0xAD>"), tokens.stream().map(Token::piece).toList());
        assertEquals(List.of(" ab", " ", "\uFFFD", "\uFFFD", "\uFFFD"), tokens.stream().map(Token::text).toList());
        assertTrue(tokens.subList(2, 5).stream().allMatch(t -> t.start() == 3 && t.end() == 4));
        assertEquals("SentencePiece-style BPE with byte fallback", tokenizer.kind());
        assertEquals(List.of(tokenizer.idOf("▁ab").getAsInt()), tokenizer.idsWithText(" ab"));
        assertEquals(List.of(), tokenizer.idsWithText("ab"));
    }

    /// Beside each other, bytes are the text that they came from, whatever it is and wherever it begins.
    @Test
    void bytesOfOneCharacterAreTheCharacterAtTheFirst() {
        var fallback = Tiny.open(folder, Tiny.byteFallback());
        assertEquals(List.of(" ab", " ", "中", "", ""), fallback.texts(fallback.encodePlain("ab 中").ids()));
        var level = Tiny.open(folder, Tiny.byteLevel());
        var ids = level.encodePlain("é中 🦙!").ids();
        assertEquals(List.of("é", "中", "", "", " ", "🦙", "", "", "", "!"), level.texts(ids));
        assertEquals(List.of("\uFFFD", "\uFFFD", "!"), level.texts(ids[7], ids[8], ids[9]));
        assertEquals(List.of("\uFFFD", "\uFFFD", "a"), fallback.texts(fallback.idOf("<0xE4>").getAsInt(),
            fallback.idOf("<0xB8>").getAsInt(), fallback.idOf("a").getAsInt()));
        var random = new Random(3);
        for (int i = 0; i < 500; i++) {
            var text = Unicode.wellFormed(text(random)).replace('▁', '_');
            assertEquals(text, String.join("", level.texts(level.encodePlain(text).ids())));
            assertEquals(text.isEmpty() ? "" : " " + text,
                String.join("", fallback.texts(fallback.encodePlain(text).ids())));
        }
    }

    @Test
    void addedTokensAreFoundInTheTextAndSkippedOnDemand() {
        var tokenizer = Tiny.open(folder, Tiny.byteLevel());
        var ids = tokenizer.encodePlain("a<|end|>b").ids();
        assertEquals(261, ids[1]);
        assertEquals("a<|end|>b", tokenizer.decode(ids));
        assertEquals("ab", tokenizer.decodeSkipSpecial(ids));
        assertEquals(261, tokenizer.bosId().orElseThrow());
        assertTrue(tokenizer.eosId().isEmpty());
    }

    @Test
    void longTextWithoutSpacesTakesLinearithmicTime() {
        for (var tokenizer : both()) assertTimeout(Duration.ofSeconds(60),
            () -> tokenizer.encode("the".repeat(350_000)));          // a third of a second alone, hours if quadratic
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "[]", "{", "{}", "{\"model\":{}}", "{\"model\":{\"vocab\":{},\"merges\":[]},\"model\":{}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}", "{\"model\":{\"vocab\":{\"a\":0,\"b\":0},\"merges\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":2147483647},\"merges\":[]}}", "{\"model\":{\"vocab\":{\"a\":-1},\"merges\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":99999999999},\"merges\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":0.5},\"merges\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[\"a a\"]}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[\"a\"]}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[[\"a\",\"a\",\"a\"]]}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[],\"dropout\":0.1}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[],\"end_of_word_suffix\":\"</w>\"}}",
        "{\"model\":{\"vocab\":{\"\\ud800\":0},\"merges\":[]}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[]},\"normalizer\":{\"type\":\"BertNormalizer\"}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[]},\"normalizer\":{\"type\":\"NFC\",\"strict\":true}}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[]},\"added_tokens\":[{\"id\":7,\"content\":\"b\"}]}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[]},\"added_tokens\":[{\"id\":1,\"content\":\"\"}]}",
        "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[]}} {}"})
    void whatIsBrokenOrUnknownIsRefusedByName(String json) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Tiny.open(folder, json));
        assertTrue(refusal.getMessage().contains("tokenizer.json: "), refusal::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a)*", "\\bword", "[a[b]]", "[[:alpha:]]", "a{2}+", "[\\W]", "(?<n>a)", "(?x) a",
        "[a&&b]", "\\1", "("})
    void expressionsThatCouldMeanSomethingElseAreRefused(String expression) {
        assertThrows(IllegalArgumentException.class, () -> Regexes.translate(expression));
    }

    /// `a*a*…b` tries every way to share n letters out; real ones stay below the limit on what costs them most.
    @Test
    void anExpressionThatTriesEverythingStopsAtALimit() {
        var hostile = Finder.Expression.of("a*".repeat(9) + "b");
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            var refusal = assertThrows(IllegalArgumentException.class, () -> hostile.spans("a".repeat(1000)));
            assertTrue(refusal.getMessage().contains("looks at a text of 1000 characters too often"),
                refusal::getMessage);
        });
        var llama3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        for (var expression : new String[] {PreTokenizer.GPT2, llama3})
            for (var text : new String[] {" ", "\t ", "a", "'", "7", "!", "é\n", "\r\n ", "中"}) {
                var whole = text.repeat(1_000_000 / text.length());
                assertEquals(whole.length(), Finder.Expression.of(expression).spans(whole).done());
            }
    }

    /// By bounds, not by an overflow of the stack, whose place depends on what is compiled.
    @Test
    void deepNestingIsRefused() throws InterruptedException {
        var sequences = "{\"type\":\"Sequence\",\"normalizers\":[".repeat(5000) + "]}".repeat(5000);
        for (var nested : new String[] {"[".repeat(100_000), sequences, "{\"a\":".repeat(65) + "0" + "}".repeat(65)})
            thin(() -> assertThrows(IllegalArgumentException.class, () -> Tiny.open(folder, "{\"normalizer\":" + nested
                + ",\"model\":{\"vocab\":{},\"merges\":[]}}")));
    }

    @Test
    void expressionsNestAndLastOnlyAsFarAsTheStackGoes() throws InterruptedException {
        var text = "ab 中e\u0301".repeat(1000);
        for (var longest : new String[] {"a?".repeat(2048), "[" + "a-b".repeat(1364) + "]+", "(?:a|b)".repeat(585),
            "\\s?".repeat(1365), "(".repeat(64) + "a" + ")".repeat(64), "(?i:" + "\\p{L}*".repeat(500) + ")"})
            thin(() -> assertEquals(text.length(), Finder.Expression.of(longest).spans(text).done()));
        for (var longer : new String[] {"a".repeat(4097), "(".repeat(65) + "a" + ")".repeat(65)})
            assertThrows(IllegalArgumentException.class, () -> Regexes.translate(longer));
    }

    /// On the smallest stack that a thread has anywhere by default.
    private static void thin(Runnable work) throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var thread = new Thread(null, work, "thin", 512 << 10);
        thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        thread.start();
        thread.join();
        if (failure.get() != null) throw new AssertionError(failure.get());
    }

    /// As in GPT-2's first tokenizer.json, whose `unk_token` is empty.
    @Test
    void aPieceForUnknownsThatIsNotThereRefusesOnlyTheTextsThatNeedIt() {
        var tokenizer = Tiny.open(folder, "{\"model\":{\"vocab\":{\"a\":0},\"merges\":[],\"unk_token\":\"\"}}");
        assertEquals(2, tokenizer.encode("aa").size());
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("ab"));
        assertTrue(tokenizer.unkId().isEmpty());
    }

    @Test
    void aFolderWithoutTokenizerSaysWhatToDo() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Tokenizer.open(folder));
        assertTrue(refusal.getMessage().contains("save_pretrained"), refusal::getMessage);
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int n = random.nextInt(40); n > 0; n--) text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        return text.toString();
    }
}
