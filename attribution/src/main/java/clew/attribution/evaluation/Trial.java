package clew.attribution.evaluation;

import clew.attribution.Baseline;
import clew.attribution.Explained;
import clew.engine.tape.Tape;
import clew.model.LanguageModel;
import clew.model.Pass;
import clew.model.token.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// A prompt on which explanations are judged: what the model says of it while some of its tokens are replaced.
///
/// Each set of tokens is replaced once, whoever asks and how often: methods that rank alike share the work.
public final class Trial {
    /// Rows that one batch of prompts may have.
    private static final int BATCH = 2048;

    private final Optional<LanguageModel> model;
    private final Answers answers;
    private final int[] ids;
    private final Explained explained;
    private final Terms terms;
    private final Map<BitSet, Outcome> known = new HashMap<>();

    /// What a trial is held under.
    ///
    /// @param removable   positions that may be replaced, ascending; metrics look at no others
    /// @param replacement the id that stands in for a token
    /// @param marked      positions that a person holds responsible; none where nobody said so
    /// @param paraphrase  the same asked in other words
    public record Terms(int[] removable, int replacement, BitSet marked, Optional<Trial> paraphrase) {
        /// With the model's padding token, or 0, as the replacement.
        public static Terms of(LanguageModel model, int... removable) {
            return new Terms(removable, Baseline.pad(model).orElse(0), new BitSet(), Optional.empty());
        }

        /// The same with another replacement.
        public Terms replacing(int id) {
            return new Terms(removable, id, marked, paraphrase);
        }

        /// The same with these positions marked.
        public Terms marking(BitSet positions) {
            return new Terms(removable, replacement, positions, paraphrase);
        }

        /// The same with a paraphrase.
        public Terms beside(Trial other) {
            return new Terms(removable, replacement, marked, Optional.of(other));
        }
    }

    /// What the model says of the prompt with some tokens replaced.
    ///
    /// @param probability p of the explained token at the explained row
    /// @param value       f, the explained scalar
    public record Outcome(double probability, double value) {}

    /// What says what becomes of the prompt, for each set of replaced tokens.
    interface Answers {
        List<Outcome> of(List<BitSet> sets);
    }

    /// @param explained a scalar of the prompt as it is
    public Trial(LanguageModel model, int[] ids, Explained explained, Terms terms) {
        this(Optional.of(model), new Replacing(model, ids.clone(), explained, terms.replacement), ids, explained,
            terms);
    }

    Trial(Optional<LanguageModel> model, Answers answers, int[] ids, Explained explained, Terms terms) {
        for (int t : terms.removable) Objects.checkIndex(t, ids.length);
        this.model = model;
        this.answers = answers;
        this.ids = ids.clone();
        this.explained = explained;
        this.terms = terms;
    }

    /// Positions up to the explained row that neither are special nor stand at that row.
    public static int[] removable(List<Token> tokens, int row) {
        return IntStream.range(0, row).filter(t -> !tokens.get(t).special()).toArray();
    }

    public LanguageModel model() {
        return model.orElseThrow(() -> new IllegalStateException("a trial without a model has no more to say"));
    }

    public Explained explained() {
        return explained;
    }

    public int[] ids() {
        return ids.clone();
    }

    public int[] removable() {
        return terms.removable.clone();
    }

    public BitSet marked() {
        return (BitSet) terms.marked.clone();
    }

    public Optional<Trial> paraphrase() {
        return terms.paraphrase;
    }

    /// The prompt, with the explained row's logits.
    public Pass pass() {
        return Pass.of(ids).at(explained.position());
    }

    /// The scores of the positions that may be replaced.
    public double[] of(double[] scores) {
        return Arrays.stream(terms.removable).mapToDouble(t -> scores[t]).toArray();
    }

    /// The prompt as it is.
    public Outcome whole() {
        return outcome(new BitSet());
    }

    /// The prompt with these positions replaced.
    public Outcome outcome(BitSet replaced) {
        return outcomes(List.of(replaced)).getFirst();
    }

    /// The same for each set, those not yet known together.
    public List<Outcome> outcomes(List<BitSet> sets) {
        var missing = sets.stream().filter(s -> !known.containsKey(s)).distinct().toList();
        var found = answers.of(missing);
        for (int i = 0; i < missing.size(); i++) known.put((BitSet) missing.get(i).clone(), found.get(i));
        return sets.stream().map(known::get).toList();
    }

    /// Runs prompts with replaced ids, in batches.
    private record Replacing(LanguageModel model, int[] ids, Explained f, int replacement) implements Answers {
        @Override
        public List<Outcome> of(List<BitSet> sets) {
            var batch = Math.max(1, BATCH / ids.length);
            var out = new ArrayList<Outcome>();
            for (int from = 0; from < sets.size(); from += batch)
                out.addAll(run(sets.subList(from, Math.min(sets.size(), from + batch))));
            return out;
        }

        private List<Outcome> run(List<BitSet> sets) {
            var joined = sets.stream().flatMapToInt(set -> IntStream.range(0, ids.length)
                .map(t -> set.get(t) ? replacement : ids[t])).toArray();
            var pass = new Pass(joined, sets.size(), null, new int[] {f.position()}, Set.of(), List.of(),
                Tape.Memory.FORGET);
            try (var run = model.run(pass)) {
                return IntStream.range(0, sets.size()).mapToObj(b -> outcome(run.logits(b, f.position()))).toList();
            }
        }

        private Outcome outcome(double[] logits) {
            return new Outcome(Math.exp(Explained.logSoftmax(logits)[f.id()]), f.at(logits));
        }
    }
}
