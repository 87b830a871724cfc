package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import clew.attribution.GoldenTable.Computed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;

/// Every array that the peers computed for the fourteen checkpoints is what we compute, on every device.
///
/// An array that none of our methods produces has to be listed in [Later] with its reason: nothing is passed over.
final class GoldenTest {
    static final List<String> GOLDENS = List.of(
        "gpt2-tiny", "gpt2-tiny-bf16", "gpt2-tiny-f16-bare", "gpt2-tiny.tl", "gpt2-tiny.inseq",
        "llama-tiny-gqa", "llama-tiny-gqa-bf16", "llama-tiny-gqa-f16", "llama-tiny-gqa.tl", "llama-tiny-gqa.inseq",
        "llama-tiny-tied-mha", "llama-tiny-tied-mha.tl",
        "qwen2-tiny", "qwen2-tiny-sharded", "qwen3-tiny", "mistral-tiny", "pythia-tiny", "pythia-tiny.tl",
        "gemma2-tiny", "gemma3-tiny");

    @TestFactory
    @Execution(CONCURRENT)
    Stream<DynamicContainer> everyArrayIsMatched() {
        Shared.path("goldens");
        var containers = new ArrayList<DynamicContainer>();
        for (var device : Device.values())
            for (var name : GOLDENS) containers.add(golden(name, device));
        return containers.stream();
    }

    private static DynamicContainer golden(String name, Device device) {
        return dynamicContainer(c -> c.displayName(name + " on " + device).executionMode(CONCURRENT)
            .childExecutionMode(SAME_THREAD).children(arrays(name, device)));
    }

    private static Stream<DynamicTest> arrays(String name, Device device) {
        var subject = new Subject(Golden.read(name), device);
        var figures = new TreeMap<String, Double>();
        return subject.golden.arrays().keySet().stream()
            .map(array -> dynamicTest(array, () -> isMatched(subject, Case.of(array), device, figures)))
            .onClose(() -> { subject.close(); write(name + "." + device, figures); });
    }

    /// @param figures gets how far it is off
    static void isMatched(Subject subject, Case c, Device device, Map<String, Double> figures) {
        if (Later.of(c, subject.golden.name()).isPresent()) return;
        var row = GoldenTable.row(c).orElseThrow(() -> new AssertionError(
            c.array() + " is neither matched nor listed among what belongs to a later issue"));
        var allowed = row.kind().tolerance(device, c.precision(), subject.model.spec().family());
        var off = off(subject.golden.arrays().get(c.array()), row.how().of(subject, c));
        figures.put(c.array(), off);
        assertTrue(off <= allowed,
            () -> c.array() + " is off by " + off + " of its largest magnitude, allowed is " + allowed);
    }

    /// The largest difference, relative to the array's scale.
    private static double off(double[] expected, Computed computed) {
        assertEquals(expected.length, computed.length(), "length");
        var off = 0.0;
        for (int i = 0; i < computed.values().length; i++)
            off = Math.max(off, Math.abs(computed.values()[i] - expected[i]));
        var scale = Double.isNaN(computed.scale())
            ? GoldenTable.largest(Arrays.copyOf(expected, computed.values().length)) : computed.scale();
        return off == 0 ? 0 : off / scale;
    }

    /// The measured differences, for whoever wants to know more than that they are allowed.
    private static void write(String name, Map<String, Double> figures) {
        try {
            var folder = Files.createDirectories(Path.of("target", "goldens"));
            var lines = figures.entrySet().stream().map(f -> f.getKey() + "\t" + f.getValue()).toList();
            Files.write(folder.resolve(name + ".tsv"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
