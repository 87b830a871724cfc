package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model that classifies texts is explained class by class, by the names of its classes.
final class ClassifierTest {
    @TempDir
    static Path dir;
    private static Path model = Path.of("");

    @BeforeAll
    static void write() {
        model = Tiny.classifier(dir.resolve("classifier"));
    }

    @Test
    void aClassIsATargetLikeAnyLogit() throws IOException {
        for (var method : List.of("lrp", "input-x-gradient", "integrated-gradients")) {
            var object = Cli.run("explain", "--model", model, "--format", "json", "--method", method, "--target",
                "good", "--contrast", "text:bad", "--baseline", "mean", "a ab c").object();
            assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", object));
            assertEquals("good", object.at("/targets/0/text").stringValue());
            assertEquals(1, object.at("/targets/0/id").intValue());
            assertEquals(object.get("tokens").size() - 1, object.at("/targets/0/position").intValue());
        }
        var both = Cli.run("explain", "--model", model, "--format", "json", "--top-k", 5, "a b").object();
        assertEquals(2, both.get("targets").size());
    }

    @Test
    void anUnknownClassIsRefusedWithTheKnownOnes() {
        var unknown = Cli.run("explain", "--model", model, "--target", "a", "a b");
        assertEquals(2, unknown.exit());
        assertTrue(unknown.err().contains("no class is called 'a'; the classes are 'bad', 'good'"), unknown.err());
        var beyond = Cli.run("explain", "--model", model, "--target-id", 2, "a b");
        assertTrue(beyond.err().contains("target id 2 is outside the classes of 2 (0 … 1)"), beyond.err());
    }

    @Test
    void itHasNothingToGenerate() {
        var generated = Cli.run("generate", "--model", model, "a b");
        assertEquals(1, generated.exit());
        assertTrue(generated.err().contains("classifies texts and has no next token"), generated.err());
        assertEquals("", generated.out());
    }

    @Test
    void inspectNamesTheClasses() {
        assertTrue(Cli.run("inspect", "--model", model).out().contains("classes bad, good"));
        var labels = Cli.run("inspect", "--model", model, "--format", "json").object().get("labels");
        assertEquals("[\"bad\",\"good\"]", labels.toString());
    }
}
