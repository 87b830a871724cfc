package clew.bench.suite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;

class SuiteTest {
    private static final Set<String> QUESTIONS = new TreeSet<>(Set.of("GemmBenchmark", "GemvBenchmark",
        "ElementwiseBenchmark", "AttentionBenchmark", "BackwardBenchmark", "ExplainBenchmark", "GenerateBenchmark",
        "TokenizerBenchmark", "LoadBenchmark"));

    /// In this process, once each: enough to see that none has rotted.
    @Test
    void everyBenchmarkOfTheShortProfileRuns() throws Exception {
        var once = new CommandLineOptions("-f", "0", "-wi", "0", "-i", "1", "-bm", "ss", "-foe", "true", "-v", "SILENT",
            "-p", "model=demo", "-p", "layer=GPT2_UP");
        var results = new Runner(Suite.options(once, Profile.brief(2), Optional.empty()).build()).run().stream()
            .map(Measured::of).toList();
        assertEquals(QUESTIONS,
            results.stream().map(Measured::benchmark).collect(Collectors.toCollection(TreeSet::new)));
        for (var r : results) assertTrue(r.seconds() > 0 && r.seconds() < 60, r::toString);
    }

    @Test
    void theShortProfileSettlesEveryParameterAndNoOther() {
        var brief = Profile.brief(2).parameters();
        var named = new HashSet<String>();
        for (var question : QUESTIONS)
            parameters(question).forEach(field -> {
                named.add(field.getName());
                assertTrue(brief.containsKey(field.getName()), question + "." + field.getName());
            });
        assertEquals(named, brief.keySet());
    }

    private static Stream<Field> parameters(String question) {
        try {
            return Stream.of(Class.forName("clew.bench." + question).getFields())
                .filter(field -> field.isAnnotationPresent(Param.class));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theCommandLineGoesBeforeTheProfile() throws Exception {
        var line = new CommandLineOptions("-p", "layer=LLAMA_QO", "-w", "2s", "-jvmArgsAppend", "-Xms1g");
        var options = Suite.options(line, Profile.brief(2), Optional.of(new Species(256))).build();
        assertArrayEquals(new Object[] {"LLAMA_QO"}, options.getParameter("layer").get().toArray());
        assertEquals("2 s", options.getWarmupTime().get().toString());
        assertEquals("400 ms", options.getMeasurementTime().get().toString());
        assertArrayEquals(new Object[] {"-Xms1g", "-XX:MaxVectorSize=32"}, options.getJvmArgsAppend().get().toArray());
    }

    @Test
    void aProfileUsesTwoThreadsWhereThereAreTwoProcessors() {
        assertArrayEquals(new String[] {"1"}, Profile.brief(1).parameters().get("threads"));
        assertArrayEquals(new String[] {"2"}, Profile.brief(64).parameters().get("threads"));
    }
}
