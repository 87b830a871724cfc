package clew.model.token;

import clew.model.token.AddedTokens.Added;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads tiktoken's rank files: a line for each token, its bytes in Base64, a space, its rank, which is its id.
///
/// Two neighbours merge if their bytes together are a token, the lowest rank first; a piece that is a token is taken
/// whole. The file names neither the expression that cuts a text nor the special tokens; encodings that are known by
/// their number of ranks bring both.
final class TiktokenFile {
    private static final String WORD = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String REST = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String CLITIC = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String CL100K = CLITIC + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" + SPACES;
    private static final String O200K = WORD + "*" + REST + "+" + CLITIC + "?|" + WORD + "+" + REST + "*" + CLITIC
        + "?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + SPACES;

    private static final List<Known> KNOWN = List.of(
        new Known("GPT-2", 50256, PreTokenizer.GPT2, Map.of("<|endoftext|>", 50256), null),
        new Known("cl100k_base", 100256, CL100K, Map.of("<|endoftext|>", 100257, "<|fim_prefix|>", 100258,
            "<|fim_middle|>", 100259, "<|fim_suffix|>", 100260, "<|endofprompt|>", 100276), null),
        new Known("o200k_base", 199998, O200K, Map.of("<|endoftext|>", 199999, "<|endofprompt|>", 200018), null),
        new Known("Llama 3", 128000, CL100K, llama3(), "<|begin_of_text|>"));

    private TiktokenFile() {}

    /// A published encoding.
    ///
    /// @param first the special token that begins every text, if one does
    record Known(String name, int ranks, String pattern, Map<String, Integer> specials, @Nullable String first) {
        List<Added> added() {
            return specials.entrySet().stream().sorted(Map.Entry.comparingByValue())
                .map(e -> Added.special(e.getValue(), e.getKey())).toList();
        }
    }

    /// Whether a file looks like ranks: Base64 and a space, rather than protocol buffers.
    static boolean isRanks(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && (Character.isLetterOrDigit(bytes[at]) || "+/=".indexOf(bytes[at]) >= 0)) at++;
        return at > 0 && at + 1 < bytes.length && bytes[at] == ' ' && Character.isDigit(bytes[at + 1]);
    }

    static Vocabulary ranks(byte[] bytes) {
        var builder = new Vocabulary.Builder();
        int line = 0;
        for (var text : new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n")) {
            line++;
            if (text.isEmpty()) continue;
            int space = text.indexOf(' ');
            try {
                var spelled = ByteAlphabet.spelled(Base64.getDecoder().decode(text.substring(0, Math.max(space, 0))));
                if (spelled.isEmpty()) throw new IllegalArgumentException("empty");
                builder.add(spelled, Integer.parseInt(text.substring(space + 1)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + line + " is not Base64, a space and a rank", e);
            }
        }
        var vocabulary = builder.build();
        for (int b = 0; b < 256; b++) if (vocabulary.id(String.valueOf(ByteAlphabet.charOf(b))) < 0)
            throw new IllegalArgumentException("has no rank for the byte " + b + "; fetch it again");
        return vocabulary;
    }

    /// The encoding that has this many ranks.
    static Known known(Vocabulary vocabulary) {
        return KNOWN.stream().filter(k -> k.ranks() == vocabulary.count() && k.ranks() == vocabulary.end()).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("has " + vocabulary.count() + " ranks, which no encoding"
                + " has whose expression is known (" + KNOWN.stream().map(k -> k.name() + " " + k.ranks())
                .collect(Collectors.joining(", ")) + "); save a tokenizer.json with transformers'"
                + " AutoTokenizer.save_pretrained"));
    }

    static Tokenizer tokenizer(Vocabulary ranks, String pattern, List<Added> added, PostProcessor template,
            Tokenizer.Roles roles) {
        var merges = new MergeTable.Builder(ranks);
        for (int id = 0; id < ranks.end(); id++) if (ranks.piece(id) != null && ranks.onlyPoint(id) < 0)
            merges.addAllSplits(id, _ -> true);
        for (var token : added) if (ranks.piece(token.id()) != null)
            throw new IllegalArgumentException("special token '" + token.content() + "' has the id of a rank");
        Normalizer none = new Normalizer.Sequence(List.of());
        var cut = new PreTokenizer.Split(Finder.Expression.of(pattern), PreTokenizer.Behavior.ISOLATED,
            PreTokenizer.Side.MATCHES);
        var bytes = new PreTokenizer.ByteLevel(PreTokenizer.Prefix.NEVER, List.of());
        return new Tokenizer(new Tokenizer.Parts(new AddedTokens(added, none), none,
            new PreTokenizer.Sequence(List.of(cut, bytes)),
            Bpe.of(ranks, merges.build(), Bpe.DROPPED, EnumSet.of(Bpe.Option.WHOLE_PIECES)),
            template, new Decoder.ByteLevel()), roles);
    }

    private static Map<String, Integer> llama3() {
        var names = new ArrayList<>(List.of("<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>",
            "<|reserved_special_token_1|>", "<|reserved_special_token_2|>", "<|reserved_special_token_3|>",
            "<|start_header_id|>", "<|end_header_id|>", "<|reserved_special_token_4|>", "<|eot_id|>"));
        for (int i = 5; i < 251; i++) names.add("<|reserved_special_token_" + i + "|>");
        var specials = new LinkedHashMap<String, Integer>();
        for (var name : names) specials.put(name, 128000 + specials.size());
        return specials;
    }
}
