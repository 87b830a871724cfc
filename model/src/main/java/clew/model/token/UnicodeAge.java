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

    private static final BitSet MARKS = set("""
        7fd 897-89f 8ca-8d3 9fe afa-aff b55 c04 c3c cf3 d00 d3b-d3c d81 eba ece 1715 180f 1abf-1ace 1cf7 1df6-1dfa a82c
        a8ff 10d24-10d27 10d69-10d6d 10eab-10eac 10efc-10eff 10f46-10f50 10f82-10f85 11070 11073-11074 110c2 11145-11146
        111c9 111ce-111cf 11241 1133b 113b8-113c0 113c2 113c5 113c7-113ca 113cc-113d0 113d2 113e1-113e2 1145e
        1182c-1183a 11930-11935 11937-11938 1193b-1193e 11940 11942-11943 119d1-119d7 119da-119e0 119e4 11a01-11a0a
        11a33-11a39 11a3b-11a3e 11a47 11a51-11a5b 11a8a-11a99 11d31-11d36 11d3a 11d3c-11d3d 11d3f-11d45 11d47
        11d8a-11d8e 11d90-11d91 11d93-11d97 11ef3-11ef6 11f00-11f01 11f03 11f34-11f3a 11f3e-11f42 11f5a 13440
        13447-13455 1611e-1612f 16f4f 16f7f-16f87 16fe4 16ff0-16ff1 1cf00-1cf2d 1cf30-1cf46 1e08f 1e130-1e136 1e2ae
        1e2ec-1e2ef 1e4ec-1e4ef 1e5ee-1e5ef""");

    private static final BitSet PUNCTUATION = set("""
        61d 9fd a76 c77 c84 1b4e-1b4f 1b7d-1b7f 2e43-2e4f 2e52-2e5d 10d6e 10ead 10f55-10f59 10f86-10f89 113d4-113d5
        113d7-113d8 1144b-1144f 1145a-1145b 1145d 11660-1166c 116b9 1183b 11944-11946 119e2 11a3f-11a46 11a9a-11a9c
        11a9e-11aa2 11b00-11b09 11be1 11c41-11c45 11c70-11c71 11ef7-11ef8 11f43-11f4f 11fff 12ff1-12ff2 16d6d-16d6f
        16e97-16e9a 16fe2 1e5ff 1e95e-1e95f""");

    private UnicodeAge() {}

    /// A combining mark by the tables of Unicode 9, which `StripAccents` uses.
    static boolean isMark(int codePoint) {
        return (Character.getType(codePoint) == Character.NON_SPACING_MARK
            || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK
            || Character.getType(codePoint) == Character.ENCLOSING_MARK
            || codePoint == 0x1CF2 || codePoint == 0x1CF3) && !MARKS.get(codePoint);
    }

    /// Punctuation by the tables of Unicode 8 and every ASCII sign, which `Punctuation` uses.
    static boolean isPunctuation(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                 Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION,
                 Character.OTHER_PUNCTUATION -> !PUNCTUATION.get(codePoint);
            default -> "$+<=>^`|~".indexOf(codePoint) >= 0 || codePoint == 0x166D || codePoint == 0x111C9;
        };
    }

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
