package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.io.BufferedReader;
import java.io.BufferedWriter;
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
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever bytes a .safetensors file has, it opens and all of it can be read, or one sentence says why not.
///
/// Two seconds by default; `JAVA_TOOL_OPTIONS=-Dclew.fuzz=600` for ten minutes. Where Python has Hugging Face's
/// library, every accepted file must be one that it accepts, with the same names, types, shapes and bytes.
final class SafeTensorsFuzzTest {
    private static final Pattern VALUE = Pattern.compile("(?<=:)(\\[[^\\]]*\\]|\"[^\"]*\"|-?\\d+)|(?<=[\\[,])\\d+");
    private static final List<String> POOL = List.of("0", "1", "-1", "3", "8", "16", "4294967296",
        "9223372036854775807", "9223372036854775808", "1e3", "0.5", "null", "true",
        "\"F32\"", "\"BF16\"", "\"F4\"", "\"F8_E4M3\"", "\"Q8\"",
        "[]", "[0]", "[0,0]", "[2,2]", "{}", "\"\"", "\"\\ud800\"", "[[]]", "[-0,8]", "[4,0]", "[1,1,1,1,1,1,1,1,1]");

    /// As many at least, however busy the machine is.
    private static final int LEAST = 200;
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path dir;

    @Test
    void everyFileOpensAndIsReadableOrIsRefusedInASentence() throws IOException {
        var seed = Long.getLong("clew.fuzz.seed", 20261125);
        var random = new Random(seed);
        var sound = List.of(file(2), file(1), file(0));
        var end = Instant.now().plusSeconds(Integer.getInteger("clew.fuzz", 2));
        int accepted = 0, tried = 0, stricter = 0;
        try (var peer = Peer.start()) {
            for (; tried < LEAST || Instant.now().isBefore(end); tried++) {
                var bytes = mutated(sound.get(random.nextInt(sound.size())), random);
                try {
                    var ours = opened(bytes);
                    if (ours != null) accepted++;
                    if (!agrees(ours, peer.answer(bytes))) stricter++;
                } catch (RuntimeException | Error e) {
                    Files.write(Path.of("target", "safetensors-fuzz-finding.safetensors"), bytes);
                    throw new AssertionError("seed " + seed + ", file " + tried, e);
                }
            }
        }
        System.err.println("fuzz: seed " + seed + ", " + tried + " files, " + accepted + " of them accepted, "
            + stricter + " refused that the other library accepts");
        assertTrue(accepted > 0 && accepted < tried, accepted + " of " + tried + " were accepted");
    }

    /// Files that were found, or could have been: each means here what it means to the other library, or is refused.
    @Test
    void findingsStayFound() throws IOException {
        var finding = Path.of("src/test/resources/clew/weights/findings");
        try (var files = Files.list(finding); var peer = Peer.start()) {
            for (var file : files.sorted().toList()) {
                var bytes = Files.readAllBytes(file);
                agrees(opened(bytes), peer.answer(bytes));
            }
        }
    }

    /// False where the other library accepts what is refused here, which is allowed; the contrary is not.
    private static boolean agrees(@Nullable JsonNode ours, Optional<String> theirs) {
        if (theirs.isEmpty()) return true;                               // there is no other library
        var refused = theirs.get().startsWith("{");
        if (ours == null) return refused;
        assertEquals(JSON.readTree(theirs.get()), JSON.readTree(ours.toString()));
        return true;
    }

    /// The other library in a Python process.
    private record Peer(Process process, BufferedWriter to, BufferedReader from) implements AutoCloseable {
        static Peer start() throws IOException {
            var file = Path.of(Files.isDirectory(Path.of("src/test/python")) ? "src" : "weights/src",
                "test/python/safetensors_files.py");
            var process = new ProcessBuilder("python3", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var peer = new Peer(process, process.outputWriter(StandardCharsets.UTF_8),
                process.inputReader(StandardCharsets.UTF_8));
            if (!"ready".equals(peer.from.readLine())) {
                System.err.println("not compared: pip install safetensors to compare with it");
                process.destroy();
            }
            return peer;
        }

        /// Nothing where there is no such library.
        Optional<String> answer(byte[] bytes) throws IOException {
            if (!process.isAlive()) return Optional.empty();
            to.write(Base64.getEncoder().encodeToString(bytes));
            to.newLine();
            to.flush();
            var line = from.readLine();
            if (line == null) throw new IOException("the other library ended its process");
            return Optional.of(line);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /// An accepted file is covered by its tensors to the last byte, and every element of a readable type can be read.
    ///
    /// @return its names, types, shapes and bytes, as the peer writes them; null if it is refused
    private @Nullable JsonNode opened(byte[] bytes) throws IOException {
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
            return shown(opened, bytes, 8 + (int) header);
        } catch (WeightsException e) {
            assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"), e.getMessage());
            assertFalse(e.getMessage().contains("Exception"), e.getMessage());
            return null;
        }
    }

    private static JsonNode shown(SafeTensors opened, byte[] bytes, int data) {
        return JSON.valueToTree(opened.entries().stream().sorted(Comparator.comparing(SafeTensors.Entry::name,
            SafeTensorsFuzzTest::points)).map(e -> List.of(e.name(), e.dtype(), dims(e.shape()),
                HexFormat.of().formatHex(bytes, data + (int) e.begin(), data + (int) e.end()))).toList());
    }

    private static List<Long> dims(Shape shape) {
        return IntStream.range(0, shape.rank()).mapToObj(i -> (long) shape.dim(i)).toList();
    }

    /// The order of Python's strings.
    private static int points(String a, String b) {
        return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
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
