package clew.model.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// Learns a byte-level BPE vocabulary (Sennrich et al. 2016): the most frequent adjacent pair becomes a piece, again
/// and again.
///
/// Texts are cut as Qwen's tokenizer cuts them (single digits, a space before a word belongs to it). Of equally
/// frequent
/// pairs the one whose pieces were learned first wins, so the result depends on the counts alone.
public final class BpeTrainer {
    private static final String CUT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final PreTokenizer WORDS = new PreTokenizer.Sequence(List.of(
        new PreTokenizer.Split(Finder.Expression.of(CUT), PreTokenizer.Behavior.ISOLATED, PreTokenizer.Side.MATCHES),
        new PreTokenizer.ByteLevel(PreTokenizer.Prefix.NEVER, List.of())));

    private final List<String> specials;
    private final Map<String, Integer> words = new LinkedHashMap<>();

    /// @param specials pieces that get the first ids and are never cut; the first begins every encoding
    public BpeTrainer(List<String> specials) {
        if (specials.isEmpty()) throw new IllegalArgumentException("a vocabulary needs a piece that begins a text");
        this.specials = List.copyOf(specials);
    }

    /// Counts the words of a text.
    public void add(String text) {
        WORDS.apply(Aligned.of(text), word -> words.merge(word.text(), 1, Integer::sum));
    }

    /// A vocabulary: pieces by id, and the merges in order of learning.
    public record Learned(List<String> pieces, List<String[]> merges) {}

    /// Learns until there are `size` pieces, specials and the 256 bytes included, or no pair occurs twice.
    public Learned learn(int size) {
        var pieces = new ArrayList<>(specials);
        for (int b = 0; b < 256; b++) pieces.add(String.valueOf(ByteAlphabet.charOf(b)));
        var state = new Pairs(words, specials.size());
        var merges = new ArrayList<String[]>();
        while (pieces.size() < size) {
            var best = state.best();
            if (best == null) break;
            merges.add(new String[] {pieces.get(best.left()), pieces.get(best.right())});
            pieces.add(pieces.get(best.left()) + pieces.get(best.right()));
            state.merge(best, pieces.size() - 1);
        }
        return new Learned(pieces, merges);
    }

    /// Writes tokenizer.json as Hugging Face's tokenizers read it.
    public void write(Learned learned, Path file) {
        var json = new ObjectMapper();
        var root = json.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        var added = root.putArray("added_tokens");
        for (int id = 0; id < specials.size(); id++)
            added.addObject().put("id", id).put("content", specials.get(id)).put("single_word", false).put("lstrip",
                    false)
                .put("rstrip", false).put("normalized", false).put("special", true);
        root.putNull("normalizer");
        var steps = root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        steps.addObject().put("type", "Split").put("behavior", "Isolated").put("invert",
                false).putObject("pattern").put("Regex", CUT);
        byteLevel(steps.addObject()).put("use_regex", false);
        template(root.putObject("post_processor"));
        byteLevel(root.putObject("decoder")).put("use_regex", true);
        var model = root.putObject("model");
        model.put("type", "BPE").putNull("dropout").putNull("unk_token").putNull("continuing_subword_prefix")
            .putNull("end_of_word_suffix").put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges",
                    false);
        var vocabulary = model.putObject("vocab");
        for (int id = 0; id < learned.pieces().size(); id++) vocabulary.put(learned.pieces().get(id), id);
        var merges = model.putArray("merges");
        for (var m : learned.merges()) merges.addArray().add(m[0]).add(m[1]);
        try {
            Files.write(file, json.writeValueAsBytes(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode byteLevel(ObjectNode node) {
        return node.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true);
    }

    private void template(ObjectNode node) {
        var first = specials.getFirst();
        node.put("type", "TemplateProcessing");
        for (int type = 0; type < 2; type++) {
            var items = node.putArray(type == 0 ? "single" : "pair");
            for (int sequence = 0; sequence <= type; sequence++) {
                items.addObject().putObject("SpecialToken").put("id", first).put("type_id", sequence);
                items.addObject().putObject("Sequence").put("id", sequence == 0 ? "A" : "B").put("type_id", sequence);
            }
        }
        var special = node.putObject("special_tokens").putObject(first);
        special.put("id", first).putArray("ids").add(0);
        special.putArray("tokens").add(first);
    }

    /// The words as ids, and how often each adjacent pair occurs in them.
    private static final class Pairs {
        /// Two neighbouring ids.
        record Pair(int left, int right) {}

        /// Ordered: the most frequent first, then the lowest ids.
        private record Rank(long count, Pair pair) implements Comparable<Rank> {
            @Override
            public int compareTo(Rank other) {
                if (count != other.count) return Long.compare(other.count, count);
                if (pair.left != other.pair.left) return Integer.compare(pair.left, other.pair.left);
                return Integer.compare(pair.right, other.pair.right);
            }
        }

        private final List<int[]> words = new ArrayList<>();
        private final List<Integer> counts = new ArrayList<>();
        private final Map<Pair, Long> count = new HashMap<>();
        private final Map<Pair, Set<Integer>> where = new HashMap<>();
        private final TreeSet<Rank> order = new TreeSet<>();

        Pairs(Map<String, Integer> texts, int firstByte) {
            texts.forEach((text, n) -> {
                var bytes = Objects.requireNonNull(ByteAlphabet.bytes(text));
                var ids = new int[bytes.length];
                for (int i = 0; i < ids.length; i++) ids[i] = firstByte + (bytes[i] & 0xFF);
                words.add(ids);
                counts.add(n);
                change(words.size() - 1, 1);
            });
        }

        /// The pair to merge next, or null if none occurs twice.
        @Nullable Pair best() {
            return order.isEmpty() || order.first().count < 2 ? null : order.first().pair;
        }

        void merge(Pair pair, int id) {
            for (int w : List.copyOf(where.get(pair))) {
                change(w, -1);
                words.set(w, merged(words.get(w), pair, id));
                change(w, 1);
            }
        }

        private static int[] merged(int[] word, Pair pair, int id) {
            var out = new int[word.length];
            var n = 0;
            for (int i = 0; i < word.length; i++) {
                var hit = i + 1 < word.length && word[i] == pair.left && word[i + 1] == pair.right;
                out[n++] = hit ? id : word[i];
                if (hit) i++;
            }
            return Arrays.copyOf(out, n);
        }

        private void change(int w, int sign) {
            var word = words.get(w);
            for (int i = 0; i + 1 < word.length; i++) {
                var pair = new Pair(word[i], word[i + 1]);
                long before = count.getOrDefault(pair, 0L), after = before + (long) sign * counts.get(w);
                order.remove(new Rank(before, pair));
                if (after > 0) order.add(new Rank(after, pair));
                count.put(pair, after);
                if (sign > 0) where.computeIfAbsent(pair, _ -> new TreeSet<>()).add(w);
                else if (after == 0) where.remove(pair);
            }
        }
    }
}
