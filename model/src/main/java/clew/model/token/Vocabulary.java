package clew.model.token;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pieces and ids, one to one; ids may have gaps.
final class Vocabulary {
    private final Map<String, Integer> ids;
    private final @Nullable String[] pieces;

    /// @throws IllegalArgumentException if two pieces share an id, or an id is far beyond the number of pieces
    Vocabulary(Map<String, Integer> ids) {
        int limit = Math.max(1 << 20, 4 * ids.size());
        int highest = -1;
        for (var entry : ids.entrySet()) {
            int id = entry.getValue();
            if (id < 0 || id >= limit) throw new IllegalArgumentException("piece '" + entry.getKey() + "' has id " + id
                + ": ids of " + ids.size() + " pieces lie in 0 … " + (limit - 1));
            highest = Math.max(highest, id);
        }
        this.ids = ids;
        this.pieces = new String[highest + 1];
        for (var entry : ids.entrySet()) {
            int id = entry.getValue();
            if (pieces[id] != null) throw new IllegalArgumentException(
                "pieces '" + pieces[id] + "' and '" + entry.getKey() + "' share the id " + id);
            pieces[id] = entry.getKey();
        }
    }

    /// The id of a piece, or −1.
    int id(String piece) {
        return ids.getOrDefault(piece, -1);
    }

    @Nullable String piece(int id) {
        return id >= 0 && id < pieces.length ? pieces[id] : null;
    }

    /// Number of pieces.
    int count() {
        return ids.size();
    }

    /// Highest id + 1.
    int end() {
        return pieces.length;
    }
}
