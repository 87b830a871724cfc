package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `--dtype int8`, `nf4` and `nf4-dq`: made once, said once, and the results say what they are of.
class QuantisedVerbTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"int8", "nf4", "nf4-dq"})
    void quantisedOnceAndExplainedOnEitherDevice(String dtype) {
        var model = Tiny.model(dir.resolve("tiny"));
        var file = model.resolve("model." + dtype + ".clew");
        var first = explain(model, "--dtype", dtype);
        assertTrue(first.err().contains("clew: the weights in " + dtype + " are kept in " + file), first.err());
        assertTrue(Files.exists(file));
        var again = explain(model, "--dtype", dtype);
        assertTrue(!again.err().contains("are kept in"), again.err());
        assertEquals(scores(first), scores(again));
        assertNotEquals(scores(first), scores(explain(model)));
        var said = first.object().get("warnings").toString();
        assertTrue(said.contains("the blocks' matrices are in " + dtype), said);
        var wide = explain(model, "--dtype", dtype, "--device", "scalar");
        for (int i = 0; i < 3; i++)
            assertEquals(scores(wide).get(i).doubleValue(), scores(first).get(i).doubleValue(), 1e-4);
    }

    @Test
    void theLedgerOfAQuantisedModelCloses() {
        var made = Cli.run("explain", "--model", Tiny.model(dir.resolve("tiny")), "--dtype", "nf4", "--device",
            "scalar", "--rules", "cp-lrp", "--format", "json", "ab a b");
        assertTrue(!made.object().get("warnings").toString().contains("does not close"), made.out());
    }

    private static Cli explain(Path model, Object... more) {
        var args = new Object[6 + more.length];
        System.arraycopy(new Object[] {"explain", "--model", model, "--format", "json", "ab a b"}, 0, args, 0, 6);
        System.arraycopy(more, 0, args, 6, more.length);
        return Cli.run(args);
    }

    private static JsonNode scores(Cli made) {
        return made.object().at("/scores/0");
    }
}
