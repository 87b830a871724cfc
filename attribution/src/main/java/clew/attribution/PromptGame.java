package clew.attribution;

import clew.engine.tape.Tape;
import clew.engine.tensor.Shape;
import clew.model.Edit;
import clew.model.Pass;
import clew.model.Prefix;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `v(S)`: the explained scalars of the prompt with every group that is not in S removed.
///
/// Each coalition is evaluated once. Coalitions are ordered by position and run as a trie: those that begin alike share
/// the keys and values of their beginning, and those that begin as the prompt itself share the prompt's. So removing
/// token t costs the tokens from t on only.
final class PromptGame implements Game {
    /// Rows of one batch, and logits.
    private static final int ROWS = 4096;
    private static final long LOGITS = 1L << 24;
    /// A stage of its own for a shared beginning has to save this share of the rows.
    private static final double WORTH = 0.2;

    private final Run run;
    private final List<Explained> targets;
    private final Groups groups;
    private final Removal removal;
    private final int end;                                                // rows behind it say nothing
    private final int first;                                              // first row explained
    private final Map<BitSet, double[]> known = new LinkedHashMap<>();
    private final Rows rows;
    private final int[][] instead;                                        // ids of removed tokens, [draws][end]
    private final @Nullable Renderings texts;
    private @Nullable Prefix prompt;
    private long sequences;

    /// What stands in the prompt, and a row in place of a removed token where no id is.
    private record Rows(int[] ids, double[] embeddings, double[] other, int width) {
        boolean embedded() {
            return width > 0;
        }

        double[] own(int token) {
            return Arrays.copyOfRange(embeddings, token * width, (token + 1) * width);
        }
    }

    PromptGame(Run run, List<Explained> targets, Groups groups, Removal removal) {
        this.run = run;
        this.targets = targets;
        this.removal = removal.on(run.model());
        this.removal.require(run.model(), run.pass().tokens());
        this.end = targets.stream().mapToInt(Explained::position).max().orElse(0) + 1;
        this.first = targets.stream().mapToInt(Explained::position).min().orElse(0);
        this.groups = groups;
        var D = run.embeddings().cols();
        var given = run.pass().embeddings() != null || run.pass().edits().stream().anyMatch(PromptGame::ofEmbeddings);
        var e = given || removal instanceof Removal.Zero || removal instanceof Removal.Mean
            ? run.embeddings().tensor().toDoubles() : new double[0];
        var other = removal instanceof Removal.Mean ? new Baseline.Mean().row(run.model()) : new double[D];
        this.rows = new Rows(run.pass().ids(), e, other, e.length == 0 ? 0 : D);
        this.instead = switch (this.removal) {
            case Removal.Resample r    -> r.tokens(run.model().spec().vocabulary(), end);
            case Removal.Token(int id) -> new int[][] {IntStream.range(0, end).map(_ -> id).toArray()};
            default                    -> new int[][] {{}};
        };
        this.texts = removal instanceof Removal.Texts(var template) ? Renderings.of(run, targets, groups, template)
            : null;
    }

    /// One draw of a game.
    private PromptGame(PromptGame whole, int[] drawn) {
        this.run = whole.run;
        this.targets = whole.targets;
        this.groups = whole.groups;
        this.removal = whole.removal;
        this.end = whole.end;
        this.first = whole.first;
        this.rows = whole.rows;
        this.prompt = whole.prompt;
        this.texts = whole.texts;
        this.instead = new int[][] {drawn};
    }

    /// The games of the single draws that this one is the mean of; this one where nothing is drawn.
    List<PromptGame> draws() {
        return instead.length == 1 ? List.of(this) : Arrays.stream(instead).map(d -> new PromptGame(this, d)).toList();
    }

    @Override
    public int players() {
        return groups.size();
    }

    /// How tokens are removed, with the model's usual way said.
    Removal removal() {
        return removal;
    }

    /// Sequences run so far.
    long sequences() {
        return sequences;
    }

    @Override
    public double[][] values(List<BitSet> coalitions) {
        var sets = coalitions.stream().map(this::removed).toList();
        var missing = sets.stream().filter(s -> !known.containsKey(s)).distinct().toList();
        if (!missing.isEmpty()) find(missing);
        return sets.stream().map(known::get).toArray(double[][]::new);
    }

    /// The positions that are gone, as far as anything depends on them.
    private BitSet removed(BitSet present) {
        var gone = groups.positions(without(present));
        if (gone.length() > end) gone.clear(end, gone.length());
        return gone;
    }

    private void find(List<BitSet> sets) {
        if (texts != null) {
            byLength(sets, set -> texts.without(set).length, (some, length) -> rendered(texts, some, length));
            return;
        }
        if (removal instanceof Removal.Delete || removal instanceof Removal.Mask) {
            byLength(sets, set -> left(set).length, this::shorter);
            return;
        }
        var sum = new LinkedHashMap<BitSet, double[]>();
        for (var draw : instead) {
            new Trie(draw).find(sets);
            for (var set : sets) {
                var v = Objects.requireNonNull(known.remove(set));
                var s = sum.computeIfAbsent(set, _ -> new double[v.length]);
                for (int t = 0; t < v.length; t++) s[t] += v[t] / instead.length;
            }
        }
        known.putAll(sum);
    }

    /// The beginning that all sequences share whose tokens are there.
    private Prefix prompt(Trie trie) {
        if (prompt != null) return prompt;
        var shares = run.pass().edits().stream().allMatch(PromptGame::ofEmbeddings) && first > 0;
        var model = run.model();
        prompt = shares ? model.remember(trie.stretch(List.of(new BitSet()), 0, first), model.nothing(), 0)
            : model.nothing();
        return prompt;
    }

    private interface Batch {
        void run(List<BitSet> sets, int length);
    }

    /// Prompts of equal length together.
    private void byLength(List<BitSet> sets, ToIntFunction<BitSet> length, Batch batch) {
        var all = sets.stream().collect(Collectors.groupingBy(length::applyAsInt, TreeMap::new, Collectors.toList()));
        all.forEach((tokens, some) -> {
            for (int at = 0, size = batch(tokens); at < some.size(); at += size)
                batch.run(some.subList(at, Math.min(some.size(), at + size)), tokens);
        });
    }

    /// Texts of one length; rows are counted from their ends.
    private void rendered(Renderings texts, List<BitSet> sets, int length) {
        var ids = sets.stream().flatMapToInt(set -> Arrays.stream(texts.without(set))).toArray();
        var moved = length - run.pass().tokens();
        var pass = new Pass(ids, sets.size(), null, new int[0], Set.of(), List.of(), Tape.Memory.FORGET)
            .at(targets.stream().mapToInt(f -> f.position() + moved).toArray());
        sequences += sets.size();
        try (var other = run.model().run(pass)) {
            for (int b = 0; b < sets.size(); b++) {
                var sequence = b;
                known.put(sets.get(b), targets.stream()
                    .mapToDouble(f -> f.at(other.logits(sequence, f.position() + moved))).toArray());
            }
        }
    }

    private int[] left(BitSet gone) {
        var left = IntStream.range(0, end).filter(t -> !gone.get(t)).toArray();
        return left.length > 0 && left[0] <= first ? left
            : IntStream.concat(IntStream.of(0), IntStream.of(left)).distinct().toArray();
    }

    /// Prompts that lose tokens.
    private void shorter(List<BitSet> sets, int length) {
        var left = sets.stream().map(this::left).toList();
        var asked = left.stream().flatMapToInt(l -> targets.stream().mapToInt(f -> row(l, f.position()))).toArray();
        var pass = pass(left.stream().flatMapToInt(Arrays::stream).toArray(), left.size(), new int[0], null)
            .at(asked);
        if (removal instanceof Removal.Mask)
            pass = pass.places(left.stream().flatMapToInt(Arrays::stream).toArray());
        sequences += sets.size();
        try (var shortened = run.model().run(pass)) {
            for (int b = 0; b < sets.size(); b++) {
                var values = new double[targets.size()];
                for (int t = 0; t < values.length; t++)
                    values[t] = targets.get(t).at(shortened.logits(b, row(left.get(b), targets.get(t).position())));
                known.put(sets.get(b), values);
            }
        }
    }

    /// The last of the remaining positions that is not behind the explained one.
    private static int row(int[] left, int position) {
        var at = Arrays.binarySearch(left, position);
        return at >= 0 ? at : -at - 2;
    }

    private int batch(int tokens) {
        var logits = (long) run.model().spec().outputs() * targets.stream().map(Explained::position).distinct().count();
        return Math.clamp(Math.min(ROWS / tokens, LOGITS / logits), 1, ROWS);
    }

    /// An edit of the embeddings is not made again: the run's own are as edited.
    private static boolean ofEmbeddings(Edit e) {
        return e.where().hook().equals("hook_embed");
    }

    /// Rows at positions `at[i]`, one behind the other; those of `gone` replaced.
    private Pass pass(int[] at, int sequences, int[] instead, BitSet[] gone) {
        var each = at.length / sequences;
        var tokens = run.model().embeddings();
        var ids = new int[at.length];
        var embeddings = new double[at.length * rows.width];
        for (int i = 0; i < at.length; i++) {
            var replaced = gone != null && gone[i / each].get(at[i]);
            ids[i] = replaced && instead.length > 0 ? instead[at[i]] : rows.ids[at[i]];
            if (rows.embedded()) {
                var row = !replaced ? rows.own(at[i]) : instead.length > 0 ? tokens.row(ids[i]) : rows.other;
                System.arraycopy(row, 0, embeddings, i * rows.width, rows.width);
            }
        }
        var tensor = rows.embedded() ? run.model().kernels().tensor(Shape.of(at.length, rows.width), embeddings) : null;
        var edits = run.pass().edits().stream().filter(e -> !ofEmbeddings(e)).toList();
        return new Pass(ids, sequences, tensor, new int[0], Set.of(), edits, Tape.Memory.FORGET);
    }

    /// Prompts of equal length that differ in what stands at some positions.
    ///
    /// @param instead ids of removed tokens by position; empty where rows of embeddings stand in
    private final class Trie {
        private final int[] instead;
        private final Prefix prompt;

        Trie(int[] instead) {
            this.instead = instead;
            this.prompt = prompt(this);
        }

        void find(List<BitSet> sets) {
            var sorted = sets.stream().sorted(PromptGame::compare).toList();
            for (int from = 0, to; from < sorted.size(); from = to) {
                var most = 1;
                for (to = from; to < sorted.size() && to - from < most; to++)
                    most = batch(end - shared(sorted.subList(from, to + 1)));
                evaluate(sorted.subList(from, Math.max(from + 1, to)));
                to = Math.max(from + 1, to);
            }
        }

        /// How many positions all share with the prompt and need not be run.
        private int shared(List<BitSet> sets) {
            var at = prompt.length();
            for (var set : sets) {
                var next = set.nextSetBit(0);
                if (next >= 0) at = Math.min(at, next);
            }
            return at;
        }

        private void evaluate(List<BitSet> sets) {
            var base = prompt.first(shared(sets), run.model().kernels());
            var from = new int[sets.size()];
            var start = stage(sets, base, end, prompt.length(), from);
            sequences += sets.size();
            var rows = targets.stream().mapToInt(f -> f.position() - start.length()).toArray();
            var pass = stretch(sets, start.length(), end).at(rows);
            try (var rest = start.length() == 0 ? run.model().run(pass) : run.model().run(pass, start, from)) {
                for (int b = 0; b < sets.size(); b++) {
                    var values = new double[rows.length];
                    for (int t = 0; t < rows.length; t++) values[t] = targets.get(t).at(rest.logits(b, rows[t]));
                    known.put(sets.get(b), values);
                }
            }
        }

        /// What the sequences go on from up to `to`: the beginnings that several of them share, if there are enough.
        ///
        /// @param from filled with the place of each sequence's beginning
        private Prefix stage(List<BitSet> sets, Prefix base, int to, int most, int[] from) {
            var n = sets.size();
            var alike = new int[n];                                       // how far each is like the one before it
            for (int i = 1; i < n; i++) alike[i] = alike(sets.get(i - 1), sets.get(i));
            int best = base.length(), saved = (int) (WORTH * n * (to - base.length()));
            for (int m = base.length() + 1; m <= Math.min(most, to - 1); m++) {
                var unique = 1;
                for (int i = 1; i < n; i++) if (alike[i] < m) unique++;
                if ((m - base.length()) * (n - unique) > saved) {
                    best = m;
                    saved = (m - base.length()) * (n - unique);
                }
            }
            if (best == base.length()) return base;
            var beginnings = new ArrayList<BitSet>();
            for (int i = 0; i < n; i++) {
                if (i == 0 || alike[i] < best) beginnings.add(sets.get(i).get(0, best));
                from[i] = beginnings.size() - 1;
            }
            var before = new int[beginnings.size()];
            var start = stage(beginnings, base, best, most, before);
            return run.model().remember(stretch(beginnings, start.length(), best), start, before);
        }

        private Pass stretch(List<BitSet> sets, int begin, int until) {
            var at = IntStream.range(0, sets.size() * (until - begin)).map(i -> begin + i % (until - begin)).toArray();
            return pass(at, sets.size(), instead, sets.toArray(BitSet[]::new));
        }
    }

    /// Positions at which the two agree before the first at which they do not.
    private static int alike(BitSet a, BitSet b) {
        var difference = (BitSet) a.clone();
        difference.xor(b);
        return difference.isEmpty() ? Integer.MAX_VALUE : difference.nextSetBit(0);
    }

    private static int compare(BitSet a, BitSet b) {
        var at = alike(a, b);
        return at == Integer.MAX_VALUE ? 0 : a.get(at) ? 1 : -1;
    }
}
