package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever bytes a .safetensors file has, it opens and all of it can be read, or one sentence says why not.
///
/// Two seconds by default; `JAVA_TOOL_OPTIONS=-Dclew.fuzz=600` for ten minutes.
final class SafeTensorsFuzzTest {
    private static final Pattern VALUE = Pattern.compile("(?<=:)(\\[[^\\]]*\\]|\"[^\"]*\"|-?\\d+)|(?<=[\\[,])\\d+");
    private static final List<String> POOL = List.of("0", "1", "-1", "3", "8", "16", "4294967296",
        "9223372036854775807", "9223372036854775808", "1e3", "0.5", "null", "true",
        "\"F32\"", "\"BF16\"", "\"F4\"", "\"F8_E4M3\"", "\"Q8\"",
        "[]", "[0]", "[0,0]", "[2,2]", "{}", "\"\"", "\"\\ud800\"", "[[]]", "[-0,8]", "[4,0]", "[1,1,1,1,1,1,1,1,1]");

    @TempDir
    Path dir;

    @Test
    void everyFileOpensAndIsReadableOrIsRefusedInASentence() throws IOException {
        var seed = Long.getLong("clew.fuzz.seed", 20261125);
        var random = new Random(seed);
        var sound = List.of(file(2), file(1), file(0));
        var end = Instant.now().plusSeconds(Integer.getInteger("clew.fuzz", 2));
        int accepted = 0, tried = 0;
        for (; Instant.now().isBefore(end); tried++) {
            var bytes = mutated(sound.get(random.nextInt(sound.size())), random);
            try {
                if (opens(bytes)) accepted++;
            } catch (RuntimeException | Error e) {
                Files.write(Path.of("target", "safetensors-fuzz-finding.safetensors"), bytes);
                throw new AssertionError("seed " + seed + ", file " + tried, e);
            }
        }
        System.err.println("fuzz: seed " + seed + ", " + tried + " files, " + accepted + " of them accepted");
        assertTrue(accepted > 0 && accepted < tried, accepted + " of " + tried + " were accepted");
    }

    /// An accepted file is covered by its tensors to the last byte, and every element of a readable type can be read.
    private boolean opens(byte[] bytes) throws IOException {
        var file = Files.write(dir.resolve("fuzz.safetensors"), bytes);
        try (var opened = SafeTensors.open(file)) {
            var header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            var covered = opened.entries().stream().mapToLong(e -> e.end() - e.begin()).sum();
            assertEquals(bytes.length - 8 - header, covered);
            for (var entry : opened.entries()) {
                if (Header.readable(entry.dtype()).isEmpty()) continue;
                var tensor = opened.tensor(entry.name());
                assertEquals(entry.end() - entry.begin(), tensor.size() * tensor.dtype().bytes());
                for (long i = 0; i < tensor.size(); i++) tensor.get(i);
            }
            return true;
        } catch (WeightsException e) {
            assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"), e.getMessage());
            assertFalse(e.getMessage().contains("Exception"), e.getMessage());
            return false;
        }
    }

    private byte[] file(int tensors) throws IOException {
        var file = dir.resolve("sound" + tensors + ".safetensors");
        var named = Map.<String, Tensor>of("a.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), "b",
            Tensors.ofLongs(7, 8));
        var some = new TreeMap<>(named);
        while (some.size() > tensors) some.pollLastEntry();
        SafeTensorsWriter.write(file, some, Map.of("format", "pt"));
        return Files.readAllBytes(file);
    }

    private static byte[] mutated(byte[] sound, Random random) throws IOException {
        var length = (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
        var json = new String(sound, 8, length, StandardCharsets.UTF_8);
        var data = Arrays.copyOfRange(sound, 8 + length, sound.length);
        switch (random.nextInt(4)) {
            case 0 -> { return torn(sound, random); }
            case 1 -> data = Arrays.copyOf(data, Math.max(0, data.length + random.nextInt(17) - 8));
            default -> { for (int n = 1 + random.nextInt(2); n > 0; n--) json = changed(json, random); }
        }
        var header = json.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        var said = random.nextInt(12) == 0 ? random.nextLong() >> random.nextInt(64) : header.length;
        out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(said).array());
        out.write(header);
        out.write(data);
        return out.toByteArray();
    }

    /// Bytes changed, dropped or doubled anywhere.
    private static byte[] torn(byte[] sound, Random random) {
        var bytes = sound.clone();
        for (int n = random.nextInt(4); n > 0; n--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        return random.nextInt(3) > 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
    }

    /// A value of the header replaced, or an entry of it written again.
    private static String changed(String json, Random random) {
        var values = new ArrayList<int[]>();
        var found = VALUE.matcher(json);
        while (found.find()) values.add(new int[] {found.start(), found.end()});
        if (values.isEmpty() || random.nextInt(8) == 0)
            return json.replaceFirst("\\{", "{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},");
        var at = values.get(random.nextInt(values.size()));
        return json.substring(0, at[0]) + POOL.get(random.nextInt(POOL.size())) + json.substring(at[1]);
    }
}
