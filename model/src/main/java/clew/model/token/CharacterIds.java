package clew.model.token;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The ids of single characters and of the byte pieces `<0x00>` … `<0xFF>`, −1 where the vocabulary lacks them.
final class CharacterIds {
    private final int[] basic = new int[0x10000];
    private final Map<Integer, Integer> others = new HashMap<>();
    private final int[] bytes = new int[256];

    CharacterIds(Vocabulary vocabulary) {
        Arrays.fill(basic, -1);
        for (int id = 0; id < vocabulary.end(); id++) {
            var piece = vocabulary.piece(id);
            if (piece == null || piece.isEmpty() || piece.length() > 2) continue;
            int point = piece.codePointAt(0);
            if (piece.length() != Character.charCount(point)) continue;
            if (point < basic.length) basic[point] = id;
            else                      others.put(point, id);
        }
        for (int b = 0; b < 256; b++) bytes[b] = vocabulary.id("<0x%02X>".formatted(b));
    }

    int id(int point) {
        return point < basic.length ? basic[point] : others.getOrDefault(point, -1);
    }

    int byteId(int b) {
        return bytes[b];
    }
}
