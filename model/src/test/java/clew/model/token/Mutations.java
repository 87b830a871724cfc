package clew.model.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/// Damaged copies of JSON files, from a seed: bytes changed, stretches lost, doubled or swapped, words and numbers
/// replaced by others that mean something somewhere.
final class Mutations {
    private static final Pattern ATOM = Pattern.compile("\"[^\"]*\"|-?\\d+(?:\\.\\d+)?|true|false|null");
    private static final List<String> ATOMS = List.of(
        "null", "true", "false", "0", "1", "2", "-1", "255", "1e3", "1.5", "2147483648", "1e999",
        "99999999999999999999", "\"\"", "\"a\"", "\" \"", "\"▁\"", "\"Ġ\"", "\"<unk>\"", "\"\\u0000\"",
        "\"\\ud83d\"", "\"\\ud83d\\ude00\"", "{}", "[]", "[[]]", "{\"a\":1}", "\"BPE\"", "\"Unigram\"",
        "\"WordPiece\"", "\"WordLevel\"", "\"Sequence\"", "\"ByteLevel\"", "\"Metaspace\"", "\"Split\"",
        "\"Replace\"", "\"Strip\"", "\"Fuse\"", "\"ByteFallback\"", "\"NFC\"", "\"NFKD\"", "\"Lowercase\"",
        "\"Prepend\"", "\"Digits\"", "\"Whitespace\"", "\"Punctuation\"", "\"TemplateProcessing\"",
        "\"Removed\"", "\"Isolated\"", "\"MergedWithNext\"", "\"Contiguous\"", "\"first\"", "\"never\"",
        "\"\\\\s+\"", "\"(?i:a|b)?c\"", "\"[^\\\\s\\\\p{L}]{2,}\"", "\"a b\"", "\"a  b\"");

    private final Random random;
    private final List<String> files;

    Mutations(long seed, List<String> files) {
        this.random = new Random(seed);
        this.files = files;
    }

    byte[] next() {
        var text = files.get(random.nextInt(files.size()));
        for (int n = 1 + random.nextInt(4) / 3; n > 0; n--) text = random.nextInt(4) > 0 ? atom(text) : stretch(text);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0 && bytes.length > 0)
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        return bytes;
    }

    /// One string, number or word becomes another: one of the list, or one from elsewhere in the file.
    private String atom(String text) {
        var atoms = new ArrayList<int[]>();
        var matcher = ATOM.matcher(text);
        while (matcher.find()) atoms.add(new int[] {matcher.start(), matcher.end()});
        if (atoms.isEmpty()) return text;
        var at = picked(atoms);
        var other = random.nextBoolean() ? ATOMS.get(random.nextInt(ATOMS.size())) : cut(text, picked(atoms));
        return text.substring(0, at[0]) + other + text.substring(at[1]);
    }

    /// Most atoms belong to vocabularies; those near the ends of a file to its components.
    private int[] picked(List<int[]> atoms) {
        int n = atoms.size(), near = Math.min(n, 120);
        return switch (random.nextInt(3)) {
            case 0  -> atoms.get(random.nextInt(near));
            case 1  -> atoms.get(n - 1 - random.nextInt(near));
            default -> atoms.get(random.nextInt(n));
        };
    }

    private String stretch(String text) {
        int start = random.nextInt(text.length() + 1), end = Math.min(text.length(), start + random.nextInt(40));
        return switch (random.nextInt(4)) {
            case 0  -> text.substring(0, start) + text.substring(end);
            case 1  -> text.substring(0, end) + text.substring(start);
            case 2  -> text.substring(0, start) + "[{\"]},:".charAt(random.nextInt(7)) + text.substring(end);
            default -> text.substring(0, start) + ("[".repeat(random.nextInt(2000))) + text.substring(start);
        };
    }

    private static String cut(String text, int[] span) {
        return text.substring(span[0], span[1]);
    }
}
