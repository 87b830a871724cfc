package clew.training;

import java.util.Arrays;
import java.util.List;

/// Documents of similar length side by side, padded on the right.
///
/// @param ids       `[B·T]`
/// @param rows      `[J]`: rows of `ids` whose prediction counts in the loss, ascending
/// @param labels    `[J]`: the token behind each of them
/// @param sequences B
public record Batch(int[] ids, int[] rows, int[] labels, int sequences) {
    static Batch of(List<Document> documents) {
        var T = documents.stream().mapToInt(d -> d.ids().length - 1).max().orElseThrow();
        int[] ids = new int[documents.size() * T], rows = new int[ids.length], labels = new int[ids.length];
        var J = 0;
        for (int b = 0; b < documents.size(); b++) {
            var d = documents.get(b);
            for (int t = 0; t + 1 < d.ids().length; t++) {
                ids[b * T + t] = d.ids()[t];
                if (!d.weighs()[t + 1]) continue;
                rows[J] = b * T + t;
                labels[J++] = d.ids()[t + 1];
            }
        }
        return new Batch(ids, Arrays.copyOf(rows, J), Arrays.copyOf(labels, J), documents.size());
    }
}
