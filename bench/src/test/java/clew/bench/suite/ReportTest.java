package clew.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Map<String, String> UP = Map.of("layer", "GPT2_UP", "tokens", "64", "dtype", "BF16");

    /// 2 · 64 · 768 · 3072 operations, 768 · 3072 weights of two bytes, or of half a byte and a share of a scale.
    @Test
    void speedsFollowFromTheShapes() {
        assertEquals("302 GFLOP/s", new Measured("GemmBenchmark", "forward", UP, 1e-3, 0).speed());
        assertEquals("4.72 GB/s", new Measured("GemvBenchmark", "forward", UP, 1e-3, 0).speed());
        assertEquals("1.33 GB/s", new Measured("GemvBenchmark", "forward",
            Map.of("layer", "GPT2_UP", "dtype", "NF4"), 1e-3, 0).speed());
        assertEquals("40.0 tokens/s", new Measured("GenerateBenchmark", "decode", Map.of(), 0.025, 0).speed());
        assertEquals("–", new Measured("LoadBenchmark", "open", Map.of(), 1, 0).speed());
    }

    @Test
    void timesHaveTheUnitThatSuitsThem() {
        assertEquals("2.50 s", new Measured("A", "b", Map.of(), 2.5, 0).time());
        assertEquals("31.25 ms", new Measured("A", "b", Map.of(), 0.03125, 0).time());
        assertEquals("7.00 µs", new Measured("A", "b", Map.of(), 7e-6, 0).time());
        assertEquals("–", new Measured("A", "b", Map.of(), 1, Double.NaN).interval());
    }

    @Test
    void anEntryGoesAboveTheOthersAndSaysWhereItComesFrom(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("RESULTS.md"), "# Results\n\nIntroduction.\n\n## old\n\ntext\n");
        var results = List.of(new Measured("LoadBenchmark", "open", Map.of("model", "demo"), 0.5, 0.01),
            new Measured("LoadBenchmark", "open", Map.of("model", "llama-1b"), 1.5, 0.02));
        new Report(LocalDate.of(2026, 11, 26), "short", new Machine("a processor", "a JDK", "abc1234"), "-Xms1g",
            "./build bench Load", results).record(file);
        assertEquals("""
            # Results

            Introduction.

            ## 2026-11-26 · JMH, short profile

            a processor; a JDK, flags `-Xms1g`, commit abc1234. Times of an operation, ± half of the mean's 99.9 % \
            interval.

            ```
            ./build bench Load
            ```

            | Load | model | time | ± | speed |
            |---|---|---|---|---|
            | open | demo | 500.00 ms | 10.00 ms | – |
            | open | llama-1b | 1.50 s | 20.00 ms | – |

            ## old

            text
            """, Files.readString(file));
    }

    @Test
    void theFirstEntryGoesBehindTheIntroduction(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("RESULTS.md"), "# Results\n\n");
        var report = new Report(LocalDate.of(2026, 11, 26), "full", new Machine("p", "j", "c"), "", "x", List.of());
        report.record(file);
        assertEquals("# Results\n\n" + report.toMarkdown() + "\n", Files.readString(file));
    }

    @Test
    void widthsOfVectorsAreNamedByTheirBits() {
        assertEquals(List.of("-XX:MaxVectorSize=64", "-XX:MaxVectorSize=16"),
            Species.parse("512,128").stream().map(Species::option).toList());
        assertEquals(256, Species.of(List.of("-Xms1g", "-XX:MaxVectorSize=32")).orElseThrow().bits());
    }
}
