package clew.model.token;

import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// Texts that hurt tokenizers, from a seed: words, added tokens whole and broken, controls, CJK, combining marks, emoji
/// sequences, long digits, all kinds of space, and characters from anywhere.
final class Strings {
    private static final String SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
        + "\u200a\u2028\u2029\u202f\u205f\u3000\u0085\u200b\u180e\ufeff\u2060";
    private static final String MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a\u0323\u0327\u0328\u0331\u0345\u0361"
        + "\u05b0\u05bc\u064b\u0651\u093c\u094d\u0e38\u0e48\u1dc4\u20d0\u3099\u309a\u302a\ufe0f\ufe20";
    private static final String BASES = "aeiouAEnsczdöüßÅçéﬁ가각ㄱかカؤक中가\u1100\u1161\u11a8\u212b\u2126½²③Ⅷ";
    private static final List<String> WORDS = List.of(
        "the", "The", "Once", "upon", "time", "don't", "I'LL", "we've", "it's", "'s", "'S", "ſ", "'ſ",
        "naïve", "Straße", "ΣΊΣΥΦΟΣ", "İstanbul", "ŉ", "привет", "Ελλάδα", "שלום", "مرحبا", "नमस्ते",
        "สวัสดี", "안녕하세요", "こんにちは", "カタカナ", "你好世界", "龍龘", "𠀀𪚥", "token", "izer", "ing", "Qu1",
        "foo_bar", "x=y", "//", "...", "—", "…", "«»", "“q”", "$1,234.56", "a.b@c.de",
        "https://x.yz/?a=b&c", "▁", "▁▁", "_", "Ġ", "Ċ", "Ġthe", "<0x0A>", "<0xE4>", "��", "\\n", "{",
        "}", "<", ">", "|", "<|", "|>", "</", "[", "]");
    private static final List<String> EMOJI = List.of(
        "😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇩", "1️⃣", "❤️", "☺", "🧑🏿‍🚀", "🫠", "🦙", "✨",
        "‼️", "©", "™️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\u200d", "\ufe0e");

    private final Random random;
    private final List<String> added;
    private final List<Supplier<String>> kinds = List.of(this::word, this::word, this::word, this::word, this::letters,
        this::addedToken, this::brokenToken, this::control, this::cjk, this::marked, this::emoji, this::digits,
        this::spaces, this::spaces, this::ascii, this::anyPoint, this::repeated);

    /// @param added contents of the tokenizer's added tokens
    Strings(long seed, List<String> added) {
        this.random = new Random(seed);
        this.added = added.isEmpty() ? List.of("<|none|>") : added;
    }

    String next() {
        var text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            text.append(pick(kinds).get());
            if (random.nextInt(3) > 0) text.append(' ');
        }
        return random.nextInt(4) == 0 ? text.toString().strip() : text.toString();
    }

    private String word() {
        return pick(WORDS);
    }

    private String letters() {
        return points(1 + random.nextInt(12), () -> random.nextInt(4) == 0 ? 'A' + random.nextInt(26)
            : 'a' + random.nextInt(26));
    }

    private String addedToken() {
        return pick(added);
    }

    private String brokenToken() {
        var token = pick(added);
        int cut = token.offsetByCodePoints(0, random.nextInt(token.codePointCount(0, token.length()) + 1));
        return random.nextBoolean() ? token.substring(0, cut) : token.substring(cut) + token;
    }

    private String control() {
        return points(1 + random.nextInt(3), () -> pick(List.of(0, 7, 8, 9, 10, 11, 12, 13, 0x1b, 0x1c, 0x1f, 0x7f,
            0x80, 0x85, 0x9f, 0xad, 0x200e, 0x202e, 0x2066, 0xfffc, 0xfffe, 0xe0001, 0x10ffff)));
    }

    private String cjk() {
        return points(1 + random.nextInt(8), () -> switch (random.nextInt(8)) {
            case 0  -> 0x3041 + random.nextInt(80);
            case 1  -> 0x30a1 + random.nextInt(80);
            case 2  -> 0xac00 + random.nextInt(11172);
            case 3  -> 0x3000 + random.nextInt(0x30);
            case 4  -> 0xff01 + random.nextInt(0xa0);
            case 5  -> 0x20000 + random.nextInt(0xa6d0);
            default -> 0x4e00 + random.nextInt(0x51a0);
        });
    }

    private String marked() {
        return character(BASES) + points(random.nextInt(4), () -> MARKS.charAt(random.nextInt(MARKS.length())));
    }

    private String emoji() {
        return pick(EMOJI);
    }

    private String digits() {
        return points(1 + random.nextInt(30), () -> random.nextInt(20) == 0 ? pick(List.of(0x660, 0x966, 0xff11, 0x4e00,
            0xb2, 0x2460, 0x2167, 0x1d7d8)) : '0' + random.nextInt(10));
    }

    private String spaces() {
        int usual = random.nextInt(3);
        return points(1 + random.nextInt(5), () -> usual > 0 ? " \n\t\r".charAt(random.nextInt(4))
            : SPACES.charAt(random.nextInt(SPACES.length())));
    }

    private String ascii() {
        return points(1 + random.nextInt(6), () -> 0x20 + random.nextInt(95));
    }

    private String anyPoint() {
        return points(1 + random.nextInt(3), () -> {
            int limit = random.nextInt(3) == 0 ? 0x30000 : 0x3000;
            int point = random.nextInt(limit);
            return point >= 0xD800 && point < 0xE000 ? 0xFFFD : point;
        });
    }

    private String repeated() {
        return pick(List.of(" ", "\n", "a", "=", "▁", "中", "0", "\u0301", "the", "\t")).repeat(1 + random.nextInt(40));
    }

    private String character(String among) {
        var points = among.codePoints().toArray();
        return Character.toString(points[random.nextInt(points.length)]);
    }

    private String points(int count, IntSupplier point) {
        var out = new StringBuilder();
        for (int i = 0; i < count; i++) out.appendCodePoint(point.getAsInt());
        return out.toString();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
