package clew.model.token;

import clew.model.token.Aligned.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// SentencePiece's rewriting as Hugging Face does it: grapheme by grapheme, a short one (up to 5 bytes) as a whole if a
/// key begins it, else character by character. The shortest key decides, whatever follows it in the grapheme.
record Precompiled(CharsMap map) implements Normalizer {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final int LONGEST = 5;

    @Override
    public Aligned apply(Aligned text) {
        var changes = new ArrayList<Change>(text.text().length());
        boolean changed = false;
        var graphemes = GRAPHEME.matcher(text.text());
        while (graphemes.find()) changed |= grapheme(graphemes.group(), changes);
        return changed ? text.rewrite(changes) : text;
    }

    private boolean grapheme(String grapheme, List<Change> changes) {
        if (grapheme.length() <= LONGEST && replace(grapheme, changes)) return true;
        boolean changed = false;
        for (int i = 0, width; i < grapheme.length(); i += width) {
            int point = grapheme.codePointAt(i);
            width = Character.charCount(point);
            if (replace(grapheme.substring(i, i + width), changes)) changed = true;
            else changes.add(new Change(point, 0));
        }
        return changed;
    }

    /// Adds what replaces `part`. Additional characters belong to the one before, missing ones end the last.
    private boolean replace(String part, List<Change> changes) {
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        var match = bytes.length > LONGEST ? null : map.find(bytes, 0, CharsMap.Choice.SHORTEST);
        if (match == null) return false;
        var points = match.replacement().codePoints().toArray();
        int more = points.length - part.codePointCount(0, part.length());
        for (int i = 0; i < points.length; i++)
            changes.add(new Change(points[i], i >= points.length - more ? 1 : 0));
        if (more < 0 && !changes.isEmpty()) {
            var last = changes.removeLast();
            changes.add(new Change(last.point(), last.change() + more));
        }
        return true;
    }
}
