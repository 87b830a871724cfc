package clew.model.token;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the `model` of tokenizer.json in one pass: vocabulary and merges go straight into their tables.
///
/// | type | vocab | further keys |
/// |---|---|---|
/// | `BPE` | an object of pieces and ids | `merges` (strings or pairs), `unk_token`, `byte_fallback`, `fuse_unk`, … |
/// | `Unigram` | an array of pieces and scores | `unk_id`, `byte_fallback` |
///
/// Without a `type` the shape of `vocab` decides. Merges that come before the vocabulary are read when it is there.
final class ModelReader {
    private static final Set<String> BPE_KEYS = Set.of("dropout", "unk_token", "continuing_subword_prefix",
        "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges");
    private static final Set<String> UNIGRAM_KEYS = Set.of("unk_id", "byte_fallback");
    private static final int NOWHERE = -1;

    private final JsonCursor cursor;
    private final ObjectNode settings = JsonNodeFactory.instance.objectNode();
    private @Nullable Vocabulary vocabulary;
    private double @Nullable [] scores;
    private MergeTable.@Nullable Builder merges;
    private int mergesAt = NOWHERE;
    private byte[] pair = new byte[64];

    private ModelReader(JsonCursor cursor) {
        this.cursor = cursor;
    }

    /// The model, and the piece that stands for unknown characters.
    record Read(Model model, @Nullable String unknown) {}

    /// Reads the object at the cursor.
    static Read read(JsonCursor cursor) {
        if (cursor.peek() != '{') throw new IllegalArgumentException("model is not an object");
        var reader = new ModelReader(cursor);
        cursor.object(reader::property);
        return reader.model();
    }

    private void property(String name) {
        switch (name) {
            case "vocab" -> {
                if (cursor.peek() == '[') scoredVocabulary();
                else                      vocabulary = vocabulary(cursor);
            }
            case "merges" -> {
                mergesAt = cursor.position();
                if (vocabulary == null) cursor.skip();
                else                    merges = merges(vocabulary);
            }
            default -> settings.set(name, cursor.tree());
        }
    }

    static Vocabulary vocabulary(JsonCursor cursor) {
        if (cursor.peek() != '{')
            throw new IllegalArgumentException("the vocabulary is not an object of pieces and ids");
        var builder = new Vocabulary.Builder();
        cursor.need('{');
        for (boolean more = !cursor.take('}'); more; more = !cursor.closes('}')) {
            cursor.string();
            cursor.need(':');
            builder.add(cursor.bytes(), cursor.start(), cursor.end(), cursor.integer());
        }
        return builder.build();
    }

    private void scoredVocabulary() {
        var builder = new Vocabulary.Builder();
        var all = new double[1 << 12];
        cursor.need('[');
        for (boolean more = !cursor.take(']'); more; more = !cursor.closes(']')) {
            int id = builder.count();
            if (id == all.length) all = Arrays.copyOf(all, 2 * id);
            cursor.need('[');
            cursor.string();
            builder.add(cursor.bytes(), cursor.start(), cursor.end(), id);
            cursor.need(',');
            all[id] = cursor.number();
            cursor.need(']');
        }
        vocabulary = builder.build();
        scores = Arrays.copyOf(all, builder.count());
    }

    private MergeTable.Builder merges(Vocabulary vocabulary) {
        if (cursor.peek() != '[') throw new IllegalArgumentException("model.merges is not an array");
        var builder = new MergeTable.Builder(vocabulary);
        cursor.need('[');
        for (boolean more = !cursor.take(']'); more; more = !cursor.closes(']')) {
            int rank = builder.count();
            boolean added = cursor.peek() == '[' ? pair(builder) : written(builder);
            if (!added) throw new IllegalArgumentException("merge " + rank + " is not a pair of pieces");
        }
        return builder;
    }

    private boolean written(MergeTable.Builder builder) {
        if (cursor.peek() != '"') return false;
        cursor.string();
        return builder.addWritten(cursor.bytes(), cursor.start(), cursor.end());
    }

    private boolean pair(MergeTable.Builder builder) {
        cursor.need('[');
        int middle = append(0), end = middle >= 0 && cursor.take(',') ? append(middle) : NOWHERE;
        if (end < 0 || !cursor.take(']')) return false;
        builder.add(pair, 0, middle, middle, end);
        return true;
    }

    /// Reads a string into `pair` behind `size` bytes; their new number, or [#NOWHERE] if no string is there.
    private int append(int size) {
        if (cursor.peek() != '"') return NOWHERE;
        cursor.string();
        int length = cursor.end() - cursor.start();
        if (size + length > pair.length) pair = Arrays.copyOf(pair, 2 * (size + length));
        System.arraycopy(cursor.bytes(), cursor.start(), pair, size, length);
        return size + length;
    }

    private Read model() {
        if (vocabulary == null) throw new IllegalArgumentException("model lacks its vocab");
        var part = new Part(settings, "model");
        var type = settings.has("type") ? part.type() : scores != null ? "Unigram" : "BPE";
        return switch (type) {
            case "BPE"     -> bpe(part, vocabulary);
            case "Unigram" -> unigram(part, vocabulary);
            default -> throw part.unsupported("BPE, Unigram");
        };
    }

    private Read bpe(Part part, Vocabulary vocabulary) {
        part.only(BPE_KEYS);
        if (scores != null) throw part.wrong("vocab", "an object of pieces and ids, as type BPE has it");
        if (mergesAt == NOWHERE) throw new IllegalArgumentException("model lacks its merges: WordPiece and WordLevel"
            + " are not supported; supported are BPE, Unigram");
        if (merges == null) {
            int behind = cursor.position();
            cursor.moveTo(mergesAt);
            merges = merges(vocabulary);
            cursor.moveTo(behind);
        }
        if (part.has("dropout") && !(settings.get("dropout").isNumber() && settings.get("dropout").doubleValue() == 0))
            throw part.wrong("dropout", "0 (random merges cannot be reproduced)");
        for (var affix : List.of("continuing_subword_prefix", "end_of_word_suffix"))
            if (part.has(affix) && !part.string(affix).isEmpty())
                throw part.wrong(affix, "empty, which alone is supported");
        var unknown = part.has("unk_token") ? part.string("unk_token") : null;
        int unknownId = unknown == null ? Bpe.DROPPED : vocabulary.id(unknown);
        if (unknown != null && unknownId < 0) unknownId = Bpe.REFUSED;
        var options = EnumSet.noneOf(Bpe.Option.class);
        if (part.flagOrNull("byte_fallback", Part.Default.FALSE)) options.add(Bpe.Option.BYTE_FALLBACK);
        if (part.flagOrNull("fuse_unk", Part.Default.FALSE)) options.add(Bpe.Option.FUSE_UNKNOWN);
        if (part.flagOrNull("ignore_merges", Part.Default.FALSE)) options.add(Bpe.Option.WHOLE_PIECES);
        return new Read(Bpe.of(vocabulary, merges.build(), unknownId, options), unknown);
    }

    private Read unigram(Part part, Vocabulary vocabulary) {
        part.only(UNIGRAM_KEYS);
        if (scores == null || mergesAt != NOWHERE)
            throw part.wrong("vocab", "an array of pieces and scores and all there is, as type Unigram has it");
        if (vocabulary.end() == 0) throw part.wrong("vocab", "of one piece or more");
        int unknown = part.has("unk_id") ? part.count("unk_id") : -1;
        if (unknown >= vocabulary.end()) throw part.wrong("unk_id", "the id of a piece");
        var missing = part.flag("byte_fallback", Part.Default.FALSE) ? Unigram.Missing.BYTES : Unigram.Missing.UNKNOWN;
        return new Read(Unigram.of(vocabulary, scores, unknown, missing), vocabulary.piece(unknown));
    }
}
