package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A `tokenizer.model` that is cut off, changed or lies is refused in one sentence with its name, or reads texts.
final class DamagedOriginalFilesTest {
    private static final String BYTES = IntStream.range(0, 256).mapToObj(b -> line(b) + " " + b)
        .collect(Collectors.joining("\n", "", "\n"));

    @TempDir
    Path folder;

    private static String line(int b) {
        return Base64.getEncoder().encodeToString(new byte[] {(byte) b});
    }

    /// SentencePiece's file of a few pieces, `type` UNIGRAM (1) or BPE (2).
    private static byte[] sentencePiece(int type, String... more) {
        var out = new ByteArrayOutputStream();
        piece(out, "<unk>", 0, 2);
        piece(out, "<s>", 0, 3);
        piece(out, "</s>", 0, 3);
        int rank = 0;
        for (var text : List.of("\u2581", "a", "b", "\u2581a", "ab", "\u00e9")) piece(out, text, -rank++, 1);
        for (var text : more) piece(out, text, -rank++, 1);
        field(out, 2, new byte[] {3 << 3, (byte) type});
        field(out, 3, new byte[] {3 << 3, 1, 4 << 3, 0});
        return out.toByteArray();
    }

    private static void piece(ByteArrayOutputStream out, String text, float score, int type) {
        var message = new ByteArrayOutputStream();
        field(message, 1, text.getBytes(StandardCharsets.UTF_8));
        message.write(2 << 3 | 5);
        int bits = Float.floatToIntBits(score);
        for (int i = 0; i < 4; i++) message.write(bits >>> 8 * i);
        message.write(3 << 3);
        message.write(type);
        field(out, 1, message.toByteArray());
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
        out.write(number << 3 | 2);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    /// Whether the file was read; a refusal is one sentence that names it.
    private boolean isRead(byte[] bytes) throws IOException {
        var file = Files.write(folder.resolve("tokenizer.model"), bytes);
        try {
            var tokenizer = Tokenizer.open(folder);
            tokenizer.decode(tokenizer.encode("a b ab \u00e9 \u4e2d").ids());
            return true;
        } catch (IllegalArgumentException e) {
            var said = e.getMessage();
            assertFalse(said.isBlank() || said.contains("\n") || said.contains("Exception"), said);
            assertTrue(said.startsWith(file.toString()) || said.contains("is not in the vocabulary"), said);
            return false;
        }
    }

    private String refused(byte[] bytes) throws IOException {
        Files.write(folder.resolve("tokenizer.model"), bytes);
        return assertThrows(IllegalArgumentException.class, () -> Tokenizer.open(folder)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void aSentencePieceFileMayEndAnywhereAndHoldAnything(int type) throws IOException {
        var whole = sentencePiece(type);
        assertTrue(isRead(whole));
        for (int end = 0; end < whole.length; end++) isRead(Arrays.copyOf(whole, end));
        var random = new Random(7 + type);
        int read = 0;
        for (int n = 0; n < 5000; n++) {
            var damaged = whole.clone();
            for (int k = 1 + random.nextInt(3); k > 0; k--)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            read += isRead(damaged) ? 1 : 0;
        }
        assertTrue(read > 0 && read < 5000, read + " of 5000 were read");
    }

    @Test
    void whatASentencePieceFileCannotSayIsNamed() throws IOException {
        for (int type : new int[] {1, 2}) {
            assertTrue(refused(sentencePiece(type, "ab")).contains("'ab'"), refused(sentencePiece(type, "ab")));
            assertTrue(refused(sentencePiece(type, "")).contains("piece 9 is empty"));
        }
        assertTrue(refused(sentencePiece(4)).contains("of type CHAR"));
        assertTrue(refused(new byte[0]).contains("no piece in it"));
        var huge = new byte[] {1 << 3 | 2, -1, -1, -1, -1, 7};                  // a piece of 2 GB
        assertTrue(refused(huge).contains("is not a SentencePiece model"));
        var endless = new byte[] {1 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        assertTrue(refused(endless).contains("is not a SentencePiece model"));
        var number = new byte[] {1 << 3, 5};                                    // where a piece should be
        assertTrue(refused(number).contains("is not a SentencePiece model"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "YWI= 256|has 257 ranks, which no encoding has", "YWI= 2147483647|has id 2147483647",
        "YWI= 4294967296|line 257",
        "YWI= -1|has id -1", "YWI= |line 257", "YWI=|line 257", "Y=WI 256|line 257", " 256|line 257",
        "YQ== 256|'a'", "YWI= 97|97", "YWI= 2.5|line 257", "YWI= x|line 257"})
    void whatARankFileCannotSayIsNamed(String last, String says) throws IOException {
        var refusal = refused((BYTES + last).getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(refusal.contains(says) && !refusal.contains("\n"), refusal);
    }

    @Test
    void aRankFileMayEndAnywhereAndHoldAnything() throws IOException {
        var file = folder.resolve("ranks");
        var whole = (BYTES + "YWI= 256\nYWJh 257\n").getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, whole);
        assertEquals(2, Tokenizer.fromTiktoken(file, PreTokenizer.GPT2, Map.of()).encode("abab").ids().length);
        var random = new Random(9);
        for (int n = 0; n < 3000; n++) {
            var damaged = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int k = random.nextInt(3); k > 0 && damaged.length > 0; k--)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            Files.write(file, damaged);
            try {
                Tokenizer.fromTiktoken(file, PreTokenizer.GPT2, Map.of()).encode("abab \u4e2d");
            } catch (IllegalArgumentException e) {
                var said = e.getMessage();
                assertTrue(said.startsWith(file.toString()) && !said.contains("\n"), said);
            }
        }
    }
}
