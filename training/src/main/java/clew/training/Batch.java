package clew.training;

import java.util.Arrays;
import java.util.List;

/// Documents of similar length side by side, padded on the right.
///
/// @param ids       `[B·T]`
/// @param labels    `[B·T]`: the next token, or [CrossEntropy#NONE]
/// @param sequences B
public record Batch(int[] ids, int[] labels, int sequences) {
    static Batch of(List<Document> documents) {
        var T = documents.stream().mapToInt(d -> d.ids().length - 1).max().orElseThrow();
        int[] ids = new int[documents.size() * T], labels = new int[ids.length];
        Arrays.fill(labels, CrossEntropy.NONE);
        for (int b = 0; b < documents.size(); b++) {
            var d = documents.get(b);
            for (int t = 0; t + 1 < d.ids().length; t++) {
                ids[b * T + t] = d.ids()[t];
                if (d.weighs()[t + 1]) labels[b * T + t] = d.ids()[t + 1];
            }
        }
        return new Batch(ids, labels, documents.size());
    }

    /// Rows with a label.
    public int predictions() {
        var n = 0;
        for (int label : labels) if (label != CrossEntropy.NONE) n++;
        return n;
    }
}
