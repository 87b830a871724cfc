package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Tape;
import clew.model.token.Tokenizer;
import clew.weights.Checkpoint;
import clew.weights.Config;
import clew.weights.QuantisedWeights;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An open model: an architecture with mapped weights, a device to run it on and, where its files are there, a
/// tokenizer.
///
/// Safe for use by several threads. Closing it unmaps the weights; runs must not be used afterwards.
public final class LanguageModel implements AutoCloseable {
    private final Path path;
    private final Config config;
    private final Checkpoint checkpoint;
    private final Optional<QuantisedWeights> quantised;
    private final Family family;
    private final Kernels kernels;
    private final @Nullable Tokenizer tokenizer;
    private final Watcher watcher;
    private final long budget;

    LanguageModel(Path path, Config config, Checkpoint checkpoint, Optional<QuantisedWeights> quantised, Family family,
                  Kernels kernels, @Nullable Tokenizer tokenizer, Watcher watcher, long budget) {
        this.path = path;
        this.config = config;
        this.checkpoint = checkpoint;
        this.quantised = quantised;
        this.family = family;
        this.kernels = kernels;
        this.tokenizer = tokenizer;
        this.watcher = watcher;
        this.budget = budget;
    }

    /// The same model with a watcher: how a program shows progress.
    public LanguageModel watched(Watcher other) {
        return new LanguageModel(path, config, checkpoint, quantised, family, kernels, tokenizer, other, budget);
    }

    /// The same model with so many bytes for the values of a run and its way back: a run that would take more keeps the
    /// blocks' inputs only and computes the blocks again on the way back.
    public LanguageModel within(long bytes) {
        return new LanguageModel(path, config, checkpoint, quantised, family, kernels, tokenizer, watcher, bytes);
    }

    /// The same model on another device.
    public LanguageModel on(Kernels device) {
        return new LanguageModel(path, config, checkpoint, quantised, family, device, tokenizer, watcher, budget);
    }

    long budget() {
        return budget;
    }

    public Path path() {
        return path;
    }

    public Config config() {
        return config;
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /// Where the matrices of its linear layers lie quantised; empty where they are used as the files have them.
    public Optional<QuantisedWeights> quantised() {
        return quantised;
    }

    public Family family() {
        return family;
    }

    public Spec spec() {
        return family.spec();
    }

    public Kernels kernels() {
        return kernels;
    }

    public Optional<Tokenizer> tokenizer() {
        return Optional.ofNullable(tokenizer);
    }

    /// SHA-256 over config.json, every safetensors header and the file sizes.
    public String fingerprint() {
        return checkpoint.fingerprint(path.resolve("config.json"));
    }

    /// What tokens become.
    public Embedding embeddings() {
        return family.tokens();
    }

    /// Runs the model on a text, tokenised as the tokenizer says; logits at the last row.
    public Run run(String text) {
        if (tokenizer == null) throw new ModelException(path + " has no tokenizer files; give ids instead of text");
        return run(Pass.of(tokenizer.encode(text).ids()));
    }

    /// @throws ModelException if an id is out of range or a sequence is longer than the model's positions
    public Run run(Pass pass) {
        return run(pass, null);
    }

    /// What sequences that begin like those of the pass need not compute again.
    ///
    /// @param pass   sequences without edits; no logits of it are computed
    /// @param prefix what comes before it
    /// @param from   of each sequence, which of the prefix it goes on from
    public Prefix remember(Pass pass, Prefix prefix, int... from) {
        check(pass, prefix.length());
        var past = continued(pass, prefix, from, true);
        int last = pass.ids().length - 1;
        try (var tape = new Tape(kernels, Tape.Memory.FORGET, budget, watcher::step)) {
            family.forward(Forward.at(new int[] {last}, spec(), pass.at(), tape, new Hooks(family, pass), past));
        }
        return past.prefix();
    }

    /// One sequence of nothing, to go on from.
    public Prefix nothing() {
        return Prefix.empty(spec().layers());
    }

    /// Runs what comes behind a prefix: rows count from its end. There is no way back from such a run.
    ///
    /// @param from of each sequence, which of the prefix it goes on from
    public Run run(Pass pass, Prefix prefix, int... from) {
        check(pass, prefix.length());
        var tape = new Tape(kernels, Tape.Memory.FORGET, budget, watcher::step);
        var hooks = new Hooks(family, pass);
        var past = continued(pass, prefix, from, false);
        var logits = family.forward(Forward.of(family.spec(), pass, tape, hooks, past));
        var run = new Run(this, pass, tape, hooks, logits);
        watcher.ran(run);
        return run;
    }

    private static Prefix.Continued continued(Pass pass, Prefix prefix, int[] from, boolean kept) {
        if (!pass.edits().isEmpty()) throw new IllegalArgumentException("a pass with edits cannot go on from a prefix");
        if (from.length != pass.sequences())
            throw new IllegalArgumentException(pass.sequences() + " sequences go on from " + from.length);
        for (int b : from) Objects.checkIndex(b, prefix.sequences());
        return new Prefix.Continued(prefix, from, pass.tokens(), kept);
    }

    Run run(Pass pass, @Nullable KvCache cache) {
        if (cache != null && !spec().labels().isEmpty())
            throw new ModelException(path + " classifies texts and has no next token to generate; explain its classes");
        check(pass, cache == null ? 0 : cache.length());
        var tape = new Tape(kernels, pass.memory(), budget, watcher::step);
        var hooks = new Hooks(family, pass);
        var logits = family.forward(Forward.of(family.spec(), pass, tape, hooks, cache));
        if (cache != null) cache.ran(pass.tokens());
        var run = new Run(this, pass, tape, hooks, logits);
        watcher.ran(run);
        return run;
    }

    /// Whether the pass can run at all, without running it.
    ///
    /// @throws ModelException as [#run(Pass)] does, or if a hook or an edit names no hook point of the model
    public void require(Pass pass) {
        check(pass, 0);
        new Hooks(family, pass);
    }

    /// Why `what`, a number that the model computed, is none: a weight that is not finite, or else an overflow.
    ///
    /// Reads every weight; for a message, not for a loop.
    public ModelException notFinite(String what) {
        return checkpoint.firstNonFinite()
            .map(found -> new ModelException(path + ": " + found
                + ", so the model's output is not a number; download the weights again"))
            .orElseGet(() -> new ModelException(what
                + " is not finite: the model overflows on this input; try --device scalar"));
    }

    private void check(Pass pass, int past) {
        var s = family.spec();
        var given = pass.embeddings();
        if (given != null && given.cols() != s.width())
            throw new IllegalArgumentException("embeddings " + given.shape() + " for a model of width " + s.width());
        for (int id : pass.ids())
            if (id < 0 || id >= s.vocabulary())
                throw new ModelException("id " + id + " is outside the vocabulary of " + s.vocabulary() + " (0 … "
                    + (s.vocabulary() - 1) + ")");
        if (pass.end(past) > s.positions())
            throw new ModelException("the input has " + pass.end(past) + " tokens, the model has "
                + s.positions()
                + " positions; shorten it");
        for (int row : pass.asked())
            if (row < 0 || row >= pass.tokens())
                throw new ModelException("position " + row + " is outside the input of " + pass.tokens() + " tokens");
    }

    @Override
    public void close() {
        quantised.ifPresent(QuantisedWeights::close);
        checkpoint.close();
        kernels.sweep();
    }
}
