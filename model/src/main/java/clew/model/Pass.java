package clew.model;

import clew.engine.tape.Tape;
import clew.engine.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What to run, all of it declared before the run: inputs, rows whose logits are wanted, hooks, edits, memory.
///
/// @param ids        token ids, sequence after sequence, `[B·T]`
/// @param sequences  B, all of equal length
/// @param embeddings rows `[B·T, D]` that stand in for the tokens' embeddings, or null
/// @param asked      rows of each sequence whose logits are computed, ascending
/// @param hooks      names or patterns (`blocks.*.attn.hook_pattern`) of the values to keep hold of
/// @param edits      interventions, applied in order
/// @param memory     whether the run can be read backwards
/// @param places     positions of the rows where they do not follow each other, `[B·T]`, or null
public record Pass(int[] ids, int sequences, @Nullable Tensor embeddings, int[] asked, Set<String> hooks,
                   List<Edit> edits, Tape.Memory memory, int @Nullable [] places) {
    /// Rows at positions that follow each other.
    public Pass(int[] ids, int sequences, @Nullable Tensor embeddings, int[] asked, Set<String> hooks,
                List<Edit> edits, Tape.Memory memory) {
        this(ids, sequences, embeddings, asked, hooks, edits, memory, null);
    }

    public Pass {
        if (ids.length == 0) throw new ModelException("the prompt yields no ids; give it at least one token");
        if (sequences < 1 || ids.length % sequences != 0)
            throw new IllegalArgumentException(ids.length + " ids do not make " + sequences + " sequences");
        if (embeddings != null && embeddings.rows() != ids.length)
            throw new IllegalArgumentException("embeddings " + embeddings.shape() + " for " + ids.length + " ids");
        if (places != null && places.length != ids.length)
            throw new IllegalArgumentException(places.length + " places for " + ids.length + " ids");
        ids   = ids.clone();
        asked = IntStream.of(asked).sorted().distinct().toArray();
        hooks = Set.copyOf(hooks);
        edits = List.copyOf(edits);
    }

    /// One sequence, logits at its last row, ready to be read backwards.
    public static Pass of(int... ids) {
        return new Pass(ids, 1, null, new int[] {ids.length - 1}, Set.of(), List.of(), Tape.Memory.KEEP);
    }

    /// The same pass with every row at a position of its own: keys keep their order, and their distances to the eye of
    /// learned positions and angles; a window counts rows.
    public Pass places(int... positions) {
        return new Pass(ids, sequences, embeddings, asked, hooks, edits, memory, positions);
    }

    /// Where row r of the batch stands, `past` rows of its sequence being known already.
    int place(int r, int past) {
        return places == null ? past + r % tokens() : places[r];
    }

    /// One more than the greatest place.
    int end(int past) {
        return places == null ? past + tokens() : Math.max(past + tokens(), IntStream.of(places).max().orElse(0) + 1);
    }

    /// T, rows of one sequence.
    public int tokens() {
        return ids.length / sequences;
    }

    /// Whether the rows asked for are the last ones of every sequence, however many.
    boolean asksForTheLast() {
        return asked.length > 0 && asked[0] == tokens() - asked.length;
    }

    /// Logits at these rows of every sequence.
    public Pass at(int... rows) {
        return new Pass(ids, sequences, embeddings, rows, hooks, edits, memory, places);
    }

    /// Logits at every row.
    public Pass atAll() {
        return at(IntStream.range(0, tokens()).toArray());
    }

    /// Keeps hold of these values, in place of those named before.
    public Pass hooks(String... names) {
        return new Pass(ids, sequences, embeddings, asked, Set.of(names), edits, memory, places);
    }

    /// Makes these interventions, in place of those named before.
    public Pass edits(List<Edit> changes) {
        return new Pass(ids, sequences, embeddings, asked, hooks, changes, memory, places);
    }

    /// Without a tape: logits and hooks, but no way back.
    public Pass forgetting() {
        return new Pass(ids, sequences, embeddings, asked, hooks, edits, Tape.Memory.FORGET, places);
    }

    /// The same pass over `count` sequences whose token embeddings are given, `[count·T, D]`; learned positions stay.
    public Pass embeddings(Tensor rows, int count) {
        var repeated = new int[Math.multiplyExact(tokens(), count)];
        for (int i = 0; i < repeated.length; i++) repeated[i] = ids[i % tokens()];
        return new Pass(repeated, count, rows, asked, hooks, edits, memory);
    }
}
