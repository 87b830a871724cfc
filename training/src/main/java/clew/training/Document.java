package clew.training;

import java.util.Arrays;
import java.util.HashSet;

/// One training text as ids; `weighs[i]` says whether predicting token i counts.
///
/// @param ids    begin-of-sequence token included
/// @param weighs per token; the first never counts, since nothing predicts it
public record Document(int[] ids, boolean[] weighs) {
    public Document {
        if (ids.length < 2 || ids.length != weighs.length)
            throw new IllegalArgumentException("a document needs two tokens or more and a mark for each, not "
                    + ids.length + " and " + weighs.length);
    }

    /// Every token counts.
    public static Document of(int... ids) {
        var weighs = new boolean[ids.length];
        Arrays.fill(weighs, 1, ids.length, true);
        return new Document(ids, weighs);
    }

    /// The same, and every token from `first` on that the document has had before counts as well: copying can be
    /// learned from it. What comes for the first time counts as it did.
    public Document countingRepeats(int first) {
        var counts = weighs.clone();
        var had = new HashSet<Integer>();
        for (int t = 0; t < ids.length; t++) counts[t] |= !had.add(ids[t]) && ids[t] >= first;
        return new Document(ids, counts);
    }
}
