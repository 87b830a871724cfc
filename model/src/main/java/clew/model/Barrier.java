package clew.model;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Takes tokens out, whatever their logits are; ids beyond the vocabulary say nothing.
public sealed interface Barrier extends LogitFilter {
    /// The ids that may not come next.
    IntStream out(int[] seen);

    @Override
    default double[] apply(int[] seen, double[] logits) {
        var left = logits.clone();
        out(seen).filter(id -> id < left.length).forEach(id -> left[id] = Double.NEGATIVE_INFINITY);
        return left;
    }

    /// These ids, until prompt and continuation together have so many: a least length, if the ids are those that end a
    /// text.
    record Until(int length, Set<Integer> ids) implements Barrier {
        public Until {
            ids = Set.copyOf(ids);
        }

        /// These ids, at any length.
        public static Until never(Set<Integer> ids) {
            return new Until(Integer.MAX_VALUE, ids);
        }

        @Override
        public IntStream out(int[] seen) {
            return seen.length < length ? ids.stream().mapToInt(id -> id) : IntStream.empty();
        }
    }

    /// What would make n ids in a row come a second time; those of the prompt count.
    record NoRepeat(int n) implements Barrier {
        public NoRepeat {
            if (n < 1) throw new IllegalArgumentException("a repetition has at least 1 token, not " + n);
        }

        @Override
        public IntStream out(int[] seen) {
            int m = n - 1, end = seen.length - m;                           // the last n − 1 ids begin at `end`
            return IntStream.range(0, Math.max(0, end))
                .filter(i -> Arrays.equals(seen, i, i + m, seen, end, seen.length)).map(i -> seen[i + m]);
        }
    }

    /// The last id of each of these words where its other ids have just been seen.
    record Words(List<List<Integer>> words) implements Barrier {
        public Words {
            words = words.stream().map(List::copyOf).toList();
            if (words.contains(List.of())) throw new IllegalArgumentException("a word has at least 1 token, not 0");
        }

        @Override
        public IntStream out(int[] seen) {
            return words.stream().filter(word -> ends(seen, word)).mapToInt(List::getLast);
        }

        private static boolean ends(int[] seen, List<Integer> word) {
            var from = seen.length - (word.size() - 1);
            return from >= 0 && IntStream.range(from, seen.length).allMatch(i -> seen[i] == word.get(i - from));
        }
    }
}
