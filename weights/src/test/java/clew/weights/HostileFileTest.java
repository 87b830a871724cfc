package clew.weights;

import static clew.weights.RawFile.entry;
import static clew.weights.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A file that breaks the format is refused with one sentence that names it, what is wrong, and a remedy.
class HostileFileTest {
    private static final long MAX = Long.MAX_VALUE;

    @TempDir
    Path dir;

    // spotless:off
    static Stream<Arguments> attacks() {
        var two = "{" + entry("a", "U8", "[4]", "[0,4]") + "," + entry("b", "U8", "[4]", "%s") + "}";
        return Stream.of(
            attack("truncated: its header ends",      raw("{}", 0).withLength(9)),
            attack("ends at byte 100000008",          raw("{}", 0).withLength(100_000_000)),
            attack("at most 100000000",               raw("{}", 0).withLength(100_000_001)),
            attack("at most 100000000",               raw("{}", 0).withLength(Long.MAX_VALUE)),
            attack("18446744073709551615 bytes",      raw("{}", 0).withLength(-1)),
            attack("9223372036854775808 bytes",       raw("{}", 0).withLength(Long.MIN_VALUE)),
            attack("does not start with '{'",         raw("", 0)),
            attack("does not start with '{'",         raw(" {}", 0)),
            attack("does not start with '{'",         raw("[]", 0)),
            attack("does not start with '{'",         raw("\uFEFF{}", 0)),
            attack("not valid JSON",                  raw("{", 0)),
            attack("not valid JSON",                  raw("{}}", 0)),
            attack("more than one JSON value",        raw("{}{}", 0)),
            attack("more than one JSON value",        raw("{} 1", 0)),
            attack("not valid JSON",                  raw("{} \0", 0)),
            attack("not valid JSON",                  raw("{/* c */}", 0)),
            attack("not valid JSON",                  raw("{'a':1}", 0)),
            attack("not valid JSON",                  raw("{\"a\":NaN}", 0)),
            attack("not valid UTF-8",                 bytes('{', '"', 0xFF, '"', '}')),
            attack("not valid UTF-8",                 bytes('{', '"', 0xC0, 0x80, '"', '}')),
            attack("not valid UTF-8",                 bytes('{', '"', 0xED, 0xA0, 0x80, '"', '}')),
            attack("not valid UTF-8",                 bytes('{', '}', ' ', 0xC3)),
            attack("not valid JSON",                  RawFile.of("{}".getBytes(StandardCharsets.UTF_16LE), 0)),
            attack("surrogate",                       raw("{" + none("\\ud800") + "}", 0)),
            attack("surrogate",                       raw("{" + none("\\udc00") + "}", 0)),
            attack("not described by an object",      raw("{\"a\":" + "[".repeat(100_000), 0)),
            attack("whole numbers",                   raw("{\"a\":{\"shape\":" + "[".repeat(100_000), 0)),
            attack("Duplicate",                       raw("{" + none("a") + "," + none("a") + "}", 0)),
            attack("Duplicate",                       raw("{" + none("a") + "," + none("\\u0061") + "}", 0)),
            attack("Duplicate",                       raw(with("\"shape\":[0]"), 0)),
            attack("Duplicate",                       raw("{\"__metadata__\":{},\"__metadata__\":{}}", 0)),
            attack("Duplicate",                       raw("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0)),
            attack("__metadata__ is not an object",   raw("{\"__metadata__\":1}", 0)),
            attack("'k' is not a string",             raw("{\"__metadata__\":{\"k\":1}}", 0)),
            attack("'k' is not a string",             raw("{\"__metadata__\":{\"k\":{}}}", 0)),
            attack("'a' is not described",            raw("{\"a\":[]}", 0)),
            attack("'a' is not described",            raw("{\"a\":null}", 0)),
            attack("needs a dtype",                   raw("{\"a\":{}}", 0)),
            attack("needs a dtype",                   raw("{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}}", 0)),
            attack("unknown key 'scale'",             raw(with("\"scale\":2"), 0)),
            attack("dtype that is not a string",      raw("{\"a\":{\"dtype\":1}}", 0)),
            attack("unknown dtype 'F33'",             tensor("F33", "[1]", "[0,4]", 4)),
            attack("unknown dtype 'f32'",             tensor("f32", "[1]", "[0,4]", 4)),
            attack("unknown dtype '\\u001b[31m'",     tensor("\\u001b[31m", "[1]", "[0,4]", 4)),
            attack("shape that is not an array",      tensor("U8", "4", "[0,4]", 4)),
            attack("whole numbers",                   tensor("U8", "[4.0]", "[0,4]", 4)),
            attack("whole numbers",                   tensor("U8", "[\"4\"]", "[0,4]", 4)),
            attack("whole numbers",                   tensor("U8", "[null]", "[0,4]", 4)),
            attack("whole numbers",                   tensor("U8", "[[4]]", "[0,4]", 4)),
            attack("outside 0",                       tensor("U8", "[-4]", "[0,4]", 4)),
            attack("outside 0",                       tensor("U8", "[-0]", "[0,0]", 0)),
            attack("outside 0",                       tensor("U8", "[-2,-2]", "[0,4]", 4)),
            attack("outside 0",                       tensor("U8", "[18446744073709551620]", "[0,4]", 4)),
            attack("extent of 4294967300",            tensor("U8", "[4294967300]", "[0,4]", 4)),
            attack("more elements than",              tensor("U8", "[2147483647,2147483647,2147483647]", "[0,4]", 4)),
            attack("more elements than",              tensor("U8", "[2147483647,2147483647,2147483647,0]", "[0,0]", 0)),
            attack("does not take",                   tensor("F32", "[2147483647,2147483647,2]", "[0,4]", 4)),
            attack("more than 64 numbers",            tensor("U8", "[1" + ",1".repeat(64) + "]", "[0,1]", 1)),
            attack("does not take the 3 bytes",       tensor("U8", "[4]", "[0,3]", 3)),
            attack("does not take the 5 bytes",       tensor("F32", "[1]", "[0,5]", 5)),
            attack("does not take the 7 bytes",       tensor("F64", "[1]", "[0,7]", 7)),
            attack("does not take the 1 bytes",       tensor("F4", "[3]", "[0,1]", 1)),
            attack("needs a dtype, a shape and two",  tensor("U8", "[4]", "[4]", 4)),
            attack("needs a dtype, a shape and two",  tensor("U8", "[4]", "[]", 4)),
            attack("more than 2 numbers",             tensor("U8", "[4]", "[0,4,4]", 4)),
            attack("ends before",                     tensor("U8", "[4]", "[4,0]", 4)),
            attack("outside 0",                       tensor("U8", "[4]", "[-4,0]", 4)),
            attack("outside 0",                       tensor("U8", "[4]", "[0,9223372036854775808]", 4)),
            attack("truncated: its header describes", tensor("U8", "[4]", "[0,4]", 3)),
            attack("truncated: its header describes", tensor("U8", "[4]", "[%d,%d]".formatted(MAX - 4, MAX), 4)),
            attack("bytes after its last tensor",     tensor("U8", "[4]", "[0,4]", 5)),
            attack("bytes after its last tensor",     raw("{}", 1)),
            attack("belong to no tensor",             tensor("U8", "[4]", "[1,5]", 5)),
            attack("belong to no tensor",             raw(two.formatted("[5,9]"), 9)),
            attack("overlap at byte 3",               raw(two.formatted("[3,7]"), 7)),
            attack("overlap at byte 0",               raw(two.formatted("[0,4]"), 4)));
    }
    // spotless:on

    @ParameterizedTest
    @MethodSource("attacks")
    void aFileThatBreaksTheFormatIsRefusedInOneSentence(String says, RawFile raw) throws IOException {
        var file = raw.write(dir.resolve("model.safetensors"));
        var refusal = assertThrows(WeightsException.class, () -> SafeTensors.open(file)).getMessage();
        assertTrue(refusal.contains(says), () -> "expected \"" + says + "\" in: " + refusal);
        assertSentence(file, refusal);
    }

    @Test
    void fewerThanEightBytesAreTruncated() throws IOException {
        for (int size = 0; size < 8; size++) {
            var file = Files.write(dir.resolve("short.safetensors"), new byte[size]);
            var refusal = assertThrows(WeightsException.class, () -> SafeTensors.open(file)).getMessage();
            assertTrue(refusal.contains("is truncated"), refusal);
            assertSentence(file, refusal);
        }
    }

    @Test
    void aTruncatedFileSaysBothSizes() throws IOException {
        var whole = tensor("F32", "[1000]", "[0,4000]", 4000).write(dir.resolve("whole.safetensors"));
        var size = Files.size(whole);
        var cut = Files.write(dir.resolve("cut.safetensors"), Arrays.copyOf(Files.readAllBytes(whole), 1000));
        assertEquals(cut + " is truncated: its header describes " + size + " bytes, the file has 1000; "
                + "download it again", assertThrows(WeightsException.class, () -> SafeTensors.open(cut)).getMessage());
    }

    @Test
    void aGitLfsPointerIsNamedAsOne() throws IOException {
        var file = Files.writeString(dir.resolve("model.safetensors"),
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1044984\n");
        var refusal = assertThrows(WeightsException.class, () -> SafeTensors.open(file)).getMessage();
        assertTrue(refusal.contains("git lfs pull"), refusal);
    }

    @Test
    void aMissingFileAndADirectoryAreRefused() {
        for (var file : new Path[] {dir.resolve("none.safetensors"), dir}) {
            var refusal = assertThrows(WeightsException.class, () -> SafeTensors.open(file)).getMessage();
            assertSentence(file, refusal);
        }
    }

    @Test
    void everyFlippedOrCutHeaderByteIsReadOrRefusedButNeverBreaks() throws IOException {
        var good = RawFile.of("{\"__metadata__\":{\"k\":\"v\"}," + entry("a", "U8", "[2,2]", "[0,4]") + ","
                + entry("b", "F16", "[2]", "[4,8]") + "}", 8);
        var bytes = Files.readAllBytes(good.write(dir.resolve("good.safetensors")));
        var file = dir.resolve("bad.safetensors");
        for (int at = 0; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                var flipped = bytes.clone();
                flipped[at] ^= (byte) (1 << bit);
                openOrRefuse(Files.write(file, flipped));
            }
            openOrRefuse(Files.write(file, Arrays.copyOf(bytes, at)));
        }
    }

    private static void openOrRefuse(Path file) {
        try (var opened = SafeTensors.open(file)) {
            for (var name : opened.names()) opened.tensor(name).toDoubles();
        } catch (WeightsException e) {
            assertSentence(file, e.getMessage());
        }
    }

    private static void assertSentence(Path file, String refusal) {
        assertTrue(refusal.startsWith(file.toString()), refusal);
        assertTrue(refusal.contains("; "), () -> "no remedy: " + refusal);
        assertTrue(refusal.length() < 600, () -> "long: " + refusal);
        assertFalse(refusal.chars().anyMatch(Character::isISOControl), refusal);
    }

    private static RawFile raw(String header, int dataBytes) {
        return RawFile.of(header, dataBytes);
    }

    private static RawFile bytes(int... header) {
        var bytes = new byte[header.length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) header[i];
        return RawFile.of(bytes, 0);
    }

    /// An empty tensor.
    private static String none(String name) {
        return entry(name, "U8", "[0]", "[0,0]");
    }

    /// An empty tensor whose object says one thing more.
    private static String with(String more) {
        return "{" + none("a").replace("}", "," + more + "}") + "}";
    }

    private static Arguments attack(String says, RawFile raw) {
        return arguments(says, raw);
    }
}
