package clew.app;

import clew.attribution.Lrp;
import clew.attribution.Target;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.rule.RuleSets;
import clew.engine.tensor.DType;
import clew.model.Models;
import clew.model.Synthetic;
import clew.model.token.BpeTrainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs the common commands once on models of a few thousand weights, so that the build can keep what the virtual
/// machine loaded: a class-data archive for later starts.
final class Rehearsal {
    private static final String TEXT = "one two one two three";

    private Rehearsal() {}

    /// @param args a folder for the models, which the caller removes
    public static void main(String[] args) throws IOException {
        for (var family : List.of("llama", "gpt2")) {
            var dir = Path.of(args[0], family);
            new Synthetic(family, 1, 16, 2, 2, 32, 280, 32, DType.F32).write(dir);
            var trainer = new BpeTrainer(List.of("<s>"));
            trainer.add(TEXT);
            trainer.write(trainer.learn(280), dir.resolve("tokenizer.json"));
            for (var format : List.of("text", "json")) {
                play("explain", "--model", dir.toString(), "--format", format, TEXT);
                play("generate", "--model", dir.toString(), "--format", format, "--max-new-tokens", "2", TEXT);
            }
            play("tokens", "--model", dir.toString(), TEXT);
            vectors(dir);
        }
    }

    /// The loops that a device takes to once it is warm, which no command on so small a model comes to.
    private static void vectors(Path dir) {
        try (var workers = Workers.of(2);
             var model = Models.open(dir, new SimdKernels(workers));
             var run = model.run(TEXT)) {
            new Lrp(RuleSets.ATTN_LRP).explain(run, Target.top());
        }
    }

    private static void play(String... command) throws IOException {
        var nowhere = OutputStream.nullOutputStream();
        var said = new PrintStream(nowhere, true, StandardCharsets.UTF_8);
        var io = new Io(InputStream.nullInputStream(), nowhere, said, Map.of(), Path.of("."), Set.of());
        if (Main.run(io, command) != 0) throw new IOException("the rehearsal of clew " + command[0] + " failed");
    }
}
