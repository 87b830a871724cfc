package clew.model.token;

import java.util.List;

/// The ids of a text and, one for one, where they came from.
public record Encoding(int[] ids, List<Token> tokens) {
    public Encoding {
        ids = ids.clone();
        tokens = List.copyOf(tokens);
    }

    @Override
    public int[] ids() {
        return ids.clone();
    }

    public int size() {
        return ids.length;
    }
}
