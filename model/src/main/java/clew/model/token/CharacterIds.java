package clew.model.token;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// The ids of single characters and of the byte pieces `<0x00>` … `<0xFF>`, −1 where the vocabulary lacks them.
final class CharacterIds {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final int[] basic = new int[0x10000];
    private final Map<Integer, Integer> others = new HashMap<>();
    private final int[] bytes = new int[256];

    CharacterIds(Vocabulary vocabulary) {
        Arrays.fill(basic, -1);
        for (int id = 0; id < vocabulary.end(); id++) {
            int point = vocabulary.onlyPoint(id);
            if (point >= basic.length) others.put(point, id);
            else if (point >= 0)       basic[point] = id;
        }
        for (int b = 0; b < 256; b++) bytes[b] = vocabulary.id("<0x" + HEX.toHexDigits((byte) b) + ">");
    }

    int id(int point) {
        return point < basic.length ? basic[point] : others.getOrDefault(point, -1);
    }

    int byteId(int b) {
        return bytes[b];
    }

    boolean hasBytes(byte[] all) {
        for (byte b : all) if (byteId(b & 0xFF) < 0) return false;
        return true;
    }
}
