package clew.bench;

import clew.engine.kernel.Devices;
import clew.model.Models;
import clew.model.Trainable;
import clew.training.AdamW;
import clew.training.Batch;
import clew.training.Parameters;
import clew.training.Trainer;
import clew.training.demo.Recipe;
import clew.weights.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import java.util.Scanner;
import java.util.stream.IntStream;

/// Times training steps of a bundled model, for `peers/train.py` to set beside PyTorch.
///
/// Arguments: the number of threads, a recipe's name, B, T and n: every n-th row counts in the loss. Each line of
/// standard input is a number of seconds; the answer is the tokens per second of the best step in that time.
public final class TrainServer {
    private TrainServer() {}

    public static void main(String[] args) throws IOException {
        var recipe = Recipe.ALL.stream().filter(r -> r.name().equals(args[1])).findFirst().orElseThrow();
        var folder = Files.createTempDirectory("clew-train");
        var config = Config.read(Files.writeString(folder.resolve("config.json"), recipe.config()));
        try (var device = Devices.open("simd", Integer.parseInt(args[0])); var in = new Scanner(System.in)) {
            var parameters = new Parameters(recipe.seed(), recipe.layers(), Recipe.SIGMA);
            var model = new Trainable(Models.family(config, parameters), device.kernels());
            var trainer = new Trainer(model, parameters, new AdamW(recipe.optimiser()), _ -> 1e-3, recipe.clip());
            var batch = batch(Integer.parseInt(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]),
                recipe.vocabulary());
            while (in.hasNext()) System.out.println(batch.ids().length / best(trainer, batch, in.nextDouble()));
        }
        Files.delete(folder.resolve("config.json"));
        Files.delete(folder);
    }

    private static Batch batch(int B, int T, int n, int V) {
        var random = new Random(0);
        var rows = IntStream.range(0, B * T / n).map(j -> j * n + n - 1).toArray();
        return new Batch(random.ints(B * T, 0, V).toArray(), rows, random.ints(rows.length, 0, V).toArray(), B);
    }

    private static double best(Trainer trainer, Batch batch, double seconds) {
        var best = Double.MAX_VALUE;
        var begin = System.nanoTime();
        for (int i = 0; i < 3 || System.nanoTime() - begin < seconds * 1e9; i++) {
            var start = System.nanoTime();
            trainer.step(batch);
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return best;
    }
}
