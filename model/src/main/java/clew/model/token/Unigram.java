package clew.model.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The segmentation of greatest total score (Kudo 2018), found by one pass over the positions (Viterbi):
/// `best(end) = max over pieces ending there of best(start) + score(piece)`; the first found wins among equals.
///
/// A character that no piece of its own covers may be unknown, at the least score minus 10; neighbouring unknowns are
/// one token. With byte pieces an unknown is spelled as its bytes instead.
///
/// @param unknown id of the unknown piece, −1 if the file names none
record Unigram(Vocabulary vocabulary, Scores scores, int unknown, Missing missing, Trie trie, CharacterIds characters)
        implements Model {
    private static final double PENALTY = 10;

    /// The scores by id, that of an unknown, and how they are summed.
    record Scores(double[] of, double unknown, Sum sum) {}

    /// Hugging Face sums in double, SentencePiece rounds every sum to float.
    enum Sum { DOUBLE, SINGLE }

    /// What becomes of a character that the vocabulary lacks.
    enum Missing { UNKNOWN, BYTES }

    static Unigram of(Vocabulary vocabulary, double[] scores, int unknown, Missing missing) {
        var trie = new Trie();
        for (int id = 0; id < vocabulary.end(); id++) {
            var piece = vocabulary.piece(id);
            if (piece != null && !piece.isEmpty()) trie.put(piece, id);
        }
        double least = Arrays.stream(scores).min().orElse(0);
        return new Unigram(vocabulary, new Scores(scores, least - PENALTY, Sum.DOUBLE), unknown, missing, trie,
            new CharacterIds(vocabulary));
    }

    @Override
    public void encode(Aligned piece, Tokens out) {
        var text = piece.text();
        var path = new Path(text.length(), scores.sum());
        for (int at = 0, width; at < text.length(); at += width) {
            width = Character.charCount(text.codePointAt(at));
            extend(path, text, at, width);
        }
        emit(path, piece, out);
    }

    private void extend(Path path, String text, int at, int width) {
        boolean covered = false;
        int node = Trie.ROOT;
        for (int end = at; end < text.length() && (node = trie.child(node, text.charAt(end))) != Trie.NONE; ) {
            end++;
            int id = trie.value(node);
            if (id == Trie.NONE) continue;
            path.offer(at, end, id, path.score[at] + scores.of()[id]);
            covered |= end == at + width;
        }
        if (covered) return;
        if (unknown < 0) throw new IllegalArgumentException("the character " + Character.toString(text.codePointAt(at))
            + " is not in the vocabulary, and the tokenizer has no unknown piece; remove it from the text");
        path.offer(at, at + width, unknown, path.score[at] + scores.unknown());
    }

    private void emit(Path path, Aligned piece, Tokens out) {
        var ends = path.ends();
        for (int i = 0, start = 0; i < ends.length; ) {
            int end = ends[i++];
            if (path.id[end] == unknown) while (i < ends.length && path.id[ends[i]] == unknown) end = ends[i++];
            emit(piece, start, end, out);
            start = end;
        }
    }

    /// A token of the text from `start` to `end`: its piece, its bytes, or the unknown.
    private void emit(Aligned piece, int start, int end, Tokens out) {
        int from = piece.from()[start], to = piece.to()[end - 1];
        var value = piece.text().substring(start, end);
        int id = trie.value(value, 0, value.length());
        if (id == Trie.NONE && missing == Missing.BYTES) {
            var bytes = value.getBytes(StandardCharsets.UTF_8);
            if (characters.hasBytes(bytes)) {
                for (byte b : bytes) {
                    int byteId = characters.byteId(b & 0xFF);
                    out.add(byteId, String.valueOf(vocabulary.piece(byteId)), from, to);
                }
                return;
            }
        }
        out.add(id == Trie.NONE ? unknown : id, value, from, to);
    }

    /// The best way to every position: where its last piece starts, and that piece.
    private static final class Path {
        private final double[] score;
        private final int[] start;
        private final int[] id;
        private final Sum sum;

        Path(int length, Sum sum) {
            this.sum = sum;
            score = new double[length + 1];
            start = new int[length + 1];
            id = new int[length + 1];
            Arrays.fill(start, -1);
        }

        void offer(int from, int end, int piece, double sumOfScores) {
            double total = sum == Sum.SINGLE ? (float) sumOfScores : sumOfScores;
            if (start[end] >= 0 && total <= score[end]) return;
            score[end] = total;
            start[end] = from;
            id[end] = piece;
        }

        /// Where the pieces of the best segmentation end, in order.
        int[] ends() {
            int count = 0;
            for (int at = start.length - 1; at > 0; at = start[at]) count++;
            var ends = new int[count];
            for (int at = start.length - 1; at > 0; at = start[at]) ends[--count] = at;
            return ends;
        }
    }
}
