package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Devices;
import clew.model.Models;
import clew.training.world.Skill;
import clew.training.world.World;
import clew.weights.Bundled;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bundled models, with no word said about which.
final class DemoTest {
    @ParameterizedTest
    @ValueSource(strings = {"demo", "demo-gpt2"})
    void knowsThatParisIsTheCapitalOfFrance(String name) {
        var made = Cli.run("generate", "--model", name, "The capital of France is", "--format", "json").object();
        assertTrue(made.get("text").stringValue().startsWith(" Paris"), made.toString());
        assertEquals("eos", made.get("stopReason").stringValue());
    }

    @Test
    void isTheModelOfEveryVerbThatIsNotToldOne() {
        var explained = Cli.run("explain", "--format", "json", "The capital of France is").object();
        assertEquals(" Paris", explained.get("targets").get(0).get("text").stringValue());
        assertEquals("llama", Cli.run("inspect", "--format", "json").object().get("family").stringValue());
        assertEquals("The capital", Cli.run("tokens", "--format", "json", "The capital").object()
            .get("decodedSkipSpecial").stringValue());
    }

    @Test
    void theReportHasEverySkillAndEveryRanking() {
        var cli = Cli.run("evaluate-demo", "--examples", 2, "--prompts", 3);
        assertEquals(0, cli.exit(), cli.err());
        for (var skill : Skill.values()) assertTrue(cli.out().contains("| " + skill + " | "), cli.out());
        for (var ranking : new String[] {"lrp (attnlrp)", "saliency", "input-x-gradient", "integrated-gradients",
            "attention", "random"})
            assertTrue(cli.out().contains("| " + ranking + " | "), cli.out());
    }

    /// The study's premises: the evidence is one token of the prompt, and that is what is retrieved.
    @Test
    void relevanceFindsWhatIsRetrieved() {
        var folder = Bundled.directory("demo", Map.of(), Path.of("target", "home"));
        try (var device = Devices.open("simd", 1); var model = Models.open(folder, device.kernels())) {
            var rows = new RetrievalStudy(model).rows(World.of(1).heldOut(Skill.RETRIEVAL, 20));
            var lrp = rows.getFirst();
            var random = rows.getLast();
            assertTrue(lrp.found().value() > 2 * random.found().value(), lrp + " " + random);
            assertTrue(lrp.gain().value() - lrp.gain().half() > 0, lrp.toString());
            assertEquals(0, random.gain().value());
            assertTrue(Stream.of(lrp, random).allMatch(r -> r.comprehensiveness().value() <= 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--name=x", "--steps=0", "--threads=none"})
    void trainDemoRefusesWhatItDoesNotKnow(String option) {
        var cli = Cli.run("train-demo", option);
        assertEquals(2, cli.exit(), cli.err());
        assertEquals("", cli.out());
    }
}
