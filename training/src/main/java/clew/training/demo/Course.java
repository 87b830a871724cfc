package clew.training.demo;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import clew.engine.kernel.Kernels;
import clew.model.Models;
import clew.model.Trainable;
import clew.model.token.BpeTrainer;
import clew.model.token.Tokenizer;
import clew.training.AdamW;
import clew.training.Batch;
import clew.training.Batches;
import clew.training.Document;
import clew.training.Parameters;
import clew.training.Trainer;
import clew.training.TrainingState;
import clew.training.world.Specials;
import clew.training.world.Text;
import clew.training.world.World;
import clew.weights.Config;
import clew.weights.SafeTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A bundled model in training: the world's texts, a tokenizer learned from them, steps; an interrupted run goes on.
///
/// The weights after step t depend on the recipe alone: not on threads, not on interruptions.
public final class Course {
    private final Recipe recipe;
    private final Path folder;
    private final List<Text> texts;
    private final Tokenizer tokenizer;
    private final Parameters parameters;
    private final AdamW optimiser;
    private Trainable model;
    private Trainer trainer;
    private int step;
    private int cycle = -1;
    private @Nullable Batches batches;
    private @Nullable List<Document> documents;

    private Course(Recipe recipe, Path folder, List<Text> texts, Kernels kernels) {
        this.recipe = recipe;
        this.folder = folder;
        this.texts = texts;
        tokenizer = Tokenizer.open(folder);
        parameters = recipe.before().map(b -> written(before(folder, b)))
            .orElseGet(() -> new Parameters(recipe.seed(), recipe.layers(), Recipe.SIGMA));
        optimiser = new AdamW(recipe.optimiser());
        model = model(kernels);
        trainer = new Trainer(model, parameters, optimiser, recipe::rate, recipe.clip());
        step = TrainingState.resume(state(), parameters, optimiser, trainer);
    }

    /// Begins in a folder, or goes on where an earlier run in it stopped. What the part before has written must lie
    /// beside it ([#before]).
    public static Course in(Path folder, Recipe recipe, Kernels kernels) {
        var texts = World.of(recipe.seed(), recipe.edition()).training(recipe.texts());
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), recipe.config());
            tokenizer(texts, recipe, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be written; name a folder that can", e);
        }
        return new Course(recipe, folder, texts, kernels);
    }

    private Trainable model(Kernels kernels) {
        return new Trainable(Models.family(Config.ofModel(folder), parameters), kernels);
    }

    /// Goes on with other kernels: what they compute is the same on any number of threads.
    public void on(Kernels kernels) {
        model = model(kernels);
        trainer = trainer.on(model);
    }

    /// Where the part before a recipe's writes its files, if this one's folder is that.
    public static Path before(Path folder, Recipe before) {
        return folder.resolveSibling(before.name());
    }

    private static Parameters written(Path folder) {
        try (var file = SafeTensors.open(folder.resolve(ModelFolder.WEIGHTS))) {
            return Parameters.copy(file);
        }
    }

    private static void tokenizer(List<Text> texts, Recipe recipe, Path folder) throws IOException {
        var file = folder.resolve("tokenizer.json");
        if (recipe.before().isEmpty()) learn(texts, recipe.vocabulary(), file);
        else Files.copy(before(folder, recipe.before().get()).resolve("tokenizer.json"), file, REPLACE_EXISTING);
    }

    private static void learn(List<Text> texts, int vocabulary, Path file) {
        var trainer = new BpeTrainer(Specials.ALL);
        for (var text : texts.subList(0, Math.min(texts.size(), Recipe.SAMPLE)))
            for (var piece : text.text().split("<\\|\\w+\\|>")) trainer.add(piece);
        trainer.write(trainer.learn(vocabulary), file);
    }

    /// Steps taken so far.
    public int step() {
        return step;
    }

    public Recipe recipe() {
        return recipe;
    }

    public Parameters parameters() {
        return parameters;
    }

    /// The loss of each step taken, in nats per predicted token.
    public List<Double> losses() {
        return trainer.losses();
    }

    /// Takes one step; returns what it was taken on.
    public Batch advance() {
        var batch = batch(step++);
        trainer.step(batch);
        return batch;
    }

    private Batch batch(int t) {
        var now = recipe.cycle(t);
        if (batches == null || cycle != now) batches = batches(now);
        cycle = now;
        return batches.at(t - recipe.start(now));
    }

    private Batches batches(int ofCycle) {
        if (documents == null) documents = texts.stream().map(this::document).toList();
        var used = recipe.cycles().get(ofCycle);
        var chosen = IntStream.range(0, texts.size()).filter(i -> used.uses(i, texts.get(i).skill()))
            .mapToObj(documents::get).toList();
        return new Batches(chosen, recipe.tokens(), recipe.seed() + ofCycle);
    }

    private Document document(Text text) {
        var document = text.document(tokenizer);
        return recipe.edition().countsRepeats() ? document.countingRepeats(Specials.ALL.size()) : document;
    }

    /// Keeps all that is needed to go on later.
    public void save() {
        TrainingState.save(state(), parameters, optimiser, trainer);
    }

    /// How many tokens the model reads at most.
    int positions() {
        return model.family().spec().positions();
    }

    /// How the losses so far agree with those that the bundled model had, in words.
    public String agreement() {
        var bundled = recipe.losses();
        if (bundled.isEmpty()) return "no losses of a bundled model are known to compare with";
        var both = Math.min(bundled.size(), losses().size());
        int equal = 0, apart = 0;
        while (equal < both && bundled.get(equal).equals(losses().get(equal))) equal++;
        if (equal == both) return "the losses of the first " + both + " steps are the bundled model's, bit for bit";
        for (int t = equal; t < both; t++) if (apart(bundled, t) > apart(bundled, apart)) apart = t;
        return String.format(Locale.ROOT, "the losses of the first %d steps are the bundled model's bit for bit,"
            + " those up to step %d within %.1e of them: it was trained with other kernels or another vector width",
            equal, both, apart(bundled, apart));
    }

    private double apart(List<Double> bundled, int t) {
        return Math.abs(losses().get(t) / bundled.get(t) - 1);
    }

    private Path state() {
        return folder.resolveSibling(recipe.name() + "-training.safetensors");
    }
}
