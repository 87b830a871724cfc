package clew.model.token;

import java.util.BitSet;

/// Characters younger than Unicode 9 that combine or decompose.
///
/// Hugging Face tokenizers normalises by the tables of Unicode 9, to which these characters are inert: they neither
/// move nor change. So must they be here, or ids and offsets would differ. The list was read off their library, code
/// point by code point, against the tables of Unicode 16.
final class UnicodeAge {
    private static final BitSet YOUNG = set("""
        7fd 897-89f 8ca-8d3 9fe c3c d3b-d3c eba 1715 1abf-1ace 1df6-1dfa 32ff a7f2-a7f4 a82c ab69 105c9 105e4
        10781-10785 10787-107b0 107b2-107ba 10d24-10d27 10d69-10d6d 10eab-10eac 10efd-10eff 10f46-10f50 10f82-10f85
        11070 1133b 11383 11385 1138e 11391 113c5 113c7-113c8 113ce-113d0 1145e 11839-1183a 11938 1193d-1193e 11943
        119e0 11a34 11a47 11a99 11d42 11d44-11d45 11d97 11f41-11f42 16121-16128 1612f 16d68-16d6a 16ff0-16ff1
        1ccd6-1ccf9 1e030-1e06d 1e08f 1e130-1e136 1e2ae 1e2ec-1e2ef 1e4ec-1e4ef 1e5ee-1e5ef 1f16c 1fbf0-1fbf9""");

    private UnicodeAge() {}

    static boolean isYoung(int codePoint) {
        return YOUNG.get(codePoint);
    }

    private static BitSet set(String ranges) {
        var set = new BitSet();
        for (var range : ranges.split("\\s+")) {
            var ends = range.split("-");
            set.set(Integer.parseInt(ends[0], 16), Integer.parseInt(ends[ends.length - 1], 16) + 1);
        }
        return set;
    }
}
