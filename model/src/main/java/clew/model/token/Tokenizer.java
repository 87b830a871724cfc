package clew.model.token;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Text ⇄ ids, as the model's own tokenizer files say; ids, offsets and decodings equal those of Hugging Face.
///
/// Offsets count code points of the text given. Immutable, so threads may share one.
public final class Tokenizer {
    private final Parts parts;
    private final Roles roles;
    private final Vocabulary vocabulary;
    private final @Nullable Shown[] shown;              // by id, filled as they are asked for

    /// The components in the order in which a text meets them.
    record Parts(AddedTokens added, Normalizer normalizer, PreTokenizer preTokenizer, Model model,
                 PostProcessor postProcessor, Decoder decoder) {}

    /// Pieces that the files name for a role.
    record Roles(@Nullable String bos, @Nullable String eos, @Nullable String pad, @Nullable String unk) {
        static Roles of(SpecialTokens named) {
            return new Roles(named.text("bos_token"), named.text("eos_token"), named.text("pad_token"),
                named.text("unk_token"));
        }

        /// These, and the other's where these are silent.
        Roles or(Roles other) {
            return new Roles(
                first(bos, other.bos), first(eos, other.eos), first(pad, other.pad), first(unk, other.unk));
        }

        private static @Nullable String first(@Nullable String one, @Nullable String other) {
            return one != null ? one : other;
        }
    }

    Tokenizer(Parts parts, Roles roles) {
        this.parts = parts;
        this.roles = roles;
        this.vocabulary = parts.model().vocabulary();
        this.shown = new Shown[size()];
    }

    /// The tokenizer of a model directory: tokenizer.json, or else GPT-2's vocab.json and merges.txt, or else a
    /// tokenizer.model of SentencePiece or tiktoken.
    ///
    /// @throws java.io.UncheckedIOException if a file cannot be read
    /// @throws IllegalArgumentException if there is none, or one says something that is not supported
    public static Tokenizer open(Path directory) {
        return TokenizerFiles.open(directory);
    }

    /// GPT-2's byte-level tokenizer from its two original files and, if there is one, its tokenizer_config.json.
    public static Tokenizer fromVocabAndMerges(Path vocab, Path merges, Optional<Path> config) {
        return Gpt2Files.read(vocab, merges, config);
    }

    /// tiktoken's tokenizer from a file of ranks, the expression that cuts a text, and special tokens with their ids.
    public static Tokenizer fromTiktoken(Path ranks, String pattern, Map<String, Integer> specials) {
        var added = specials.entrySet().stream().map(e -> AddedTokens.Added.special(e.getValue(), e.getKey())).toList();
        return Json.read(ranks, bytes -> TiktokenFile.tokenizer(TiktokenFile.ranks(bytes), pattern, added,
            new PostProcessor.Sequence(List.of()), new Roles(null, null, null, null)));
    }

    /// Ids and tokens, with the special tokens of the post-processor.
    public Encoding encode(String text) {
        return encode(text, PostProcessor.Specials.ADDED);
    }

    /// Ids and tokens without those that a template adds; added tokens that stand in the text are still recognised.
    public Encoding encodePlain(String text) {
        return encode(text, PostProcessor.Specials.LEFT_OUT);
    }

    private Encoding encode(String text, PostProcessor.Specials specials) {
        var tokens = new Tokens();
        for (var piece : parts.added().split(Aligned.of(text), parts.normalizer())) {
            var whole = piece.text();
            var token = piece.token();
            if (token != null) tokens.add(token.id(), whole.text(), whole.from()[0], whole.to()[whole.to().length - 1]);
            else if (!whole.isEmpty()) parts.preTokenizer().apply(whole, p -> parts.model().encode(p, tokens));
        }
        return encoding(parts.postProcessor().apply(tokens, specials));
    }

    private Encoding encoding(Tokens tokens) {
        var list = new ArrayList<Token>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) list.add(token(i, tokens.id(i), tokens.start(i), tokens.end(i)));
        return new Encoding(tokens.ids(), list);
    }

    private Token token(int index, int id, int start, int end) {
        var shown = shown(id);
        return new Token(index, id, shown.text(), shown.piece(), start, end, shown.isSpecial());
    }

    /// The text of the ids, special tokens included. Ids without a piece give nothing.
    public String decode(int[] ids) {
        return join(decoded(ids, IntStream.range(0, ids.length)));
    }

    /// The text of the ids that are not special; as in Hugging Face tokenizers, a special token that the normalizer
    /// changes stays.
    public String decodeSkipSpecial(int[] ids) {
        return join(decoded(ids, IntStream.range(0, ids.length).filter(i -> !parts.added().isSkipped(ids[i]))));
    }

    private List<Aligned> decoded(int[] ids, IntStream positions) {
        var pieces = positions.filter(i -> hasPiece(ids[i])).mapToObj(i -> Aligned.at(form(ids[i]), i)).toList();
        return parts.decoder().apply(pieces);
    }

    private static String join(List<Aligned> pieces) {
        var out = new StringBuilder();
        for (var piece : pieces) out.append(piece.text());
        return out.toString();
    }

    /// What bare ids stand for, with offsets into [#decode]'s text; an id that gives no text has an empty range.
    public List<Token> describe(int[] ids) {
        var starts = new int[ids.length];
        var ends = new int[ids.length];
        Arrays.fill(starts, -1);
        int point = 0;
        for (var piece : decoded(ids, IntStream.range(0, ids.length))) {
            for (int i = 0; i < piece.text().length(); i += Character.charCount(piece.text().codePointAt(i)), point++) {
                for (int origin = piece.from()[i]; origin < piece.to()[i]; origin++) {
                    if (starts[origin] < 0) starts[origin] = point;
                    ends[origin] = point + 1;
                }
            }
        }
        var tokens = new ArrayList<Token>(ids.length);
        for (int i = 0, reached = 0; i < ids.length; i++) {
            if (starts[i] < 0) starts[i] = ends[i] = reached;
            reached = ends[i];
            tokens.add(token(i, ids[i], starts[i], ends[i]));
        }
        return tokens;
    }

    /// What ids that stand one behind the other say in place, each its part: of a character that several of them make
    /// together, such as an emoji cut into bytes, the first has it and the others nothing. What is no character even so
    /// stays U+FFFD.
    public List<String> texts(int... ids) {
        var out = new ArrayList<String>(ids.length);
        for (int from = 0, to; from < ids.length; from = to) {
            to = from + 1;
            if (!isBroken(ids[from])) {
                out.add(shown(ids[from]).text());
                continue;
            }
            while (to < ids.length && isBroken(ids[to])) to++;
            out.addAll(together(Arrays.copyOfRange(ids, from, to)));
        }
        return out;
    }

    /// Whether the bytes of an id are no text by themselves.
    private boolean isBroken(int id) {
        return parts.added().get(id) == null && broken(shown(id).text()) > 0;
    }

    private static long broken(String text) {
        return text.chars().filter(c -> c == 0xFFFD).count();
    }

    private List<String> together(int[] ids) {
        var each = IntStream.of(ids).mapToObj(_ -> new StringBuilder()).toList();
        for (var piece : decoded(ids, IntStream.range(0, ids.length)))
            for (int i = 0; i < piece.text().length(); i++) each.get(piece.from()[i]).append(piece.text().charAt(i));
        var whole = each.stream().map(StringBuilder::toString).toList();
        var alone = IntStream.of(ids).mapToObj(id -> shown(id).text()).toList();
        return broken(String.join("", whole)) < broken(String.join("", alone)) ? whole : alone;
    }

    /// All ids whose text in place is exactly `text`, the leading space counted.
    public List<Integer> idsWithText(String text) {
        return IntStream.range(0, size()).filter(id -> hasPiece(id) && shown(id).text().equals(text)).boxed().toList();
    }

    /// Contents of the added tokens, in the order of the file.
    public List<String> addedTokens() {
        return parts.added().all().stream().map(AddedTokens.Added::content).toList();
    }

    /// Highest id + 1.
    public int size() {
        return Math.max(vocabulary.end(), parts.added().all().stream().mapToInt(t -> t.id() + 1).max().orElse(0));
    }

    /// The vocabulary's entry.
    public String piece(int id) {
        if (!hasPiece(id))
            throw new IllegalArgumentException("id " + id + " has no piece: ids lie in 0 … " + (size() - 1));
        return entry(id);
    }

    /// Whether the files declare the id special, so that it is skipped when decoding.
    public boolean isSpecial(int id) {
        var added = parts.added().get(id);
        return added != null && added.isSpecial();
    }

    /// The id of a piece, added tokens first.
    public OptionalInt idOf(String piece) {
        for (var token : parts.added().all()) if (token.content().equals(piece)) return OptionalInt.of(token.id());
        int id = vocabulary.id(piece);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    public OptionalInt bosId() {
        return role(roles.bos());
    }

    public OptionalInt eosId() {
        return role(roles.eos());
    }

    public OptionalInt padId() {
        return role(roles.pad());
    }

    public OptionalInt unkId() {
        return role(roles.unk());
    }

    /// "byte-level BPE", "SentencePiece-style BPE with byte fallback", "BPE" or "Unigram".
    public String kind() {
        return switch (parts.model()) {
            case Bpe bpe when bpe.options().contains(Bpe.Option.BYTE_FALLBACK) ->
                "SentencePiece-style BPE with byte fallback";
            case Bpe _ when readsBytes(parts.decoder()) -> "byte-level BPE";
            case Bpe _ -> "BPE";
            case Unigram _ -> "Unigram";
        };
    }

    private static boolean readsBytes(Decoder decoder) {
        return switch (decoder) {
            case Decoder.ByteLevel _ -> true;
            case Decoder.Sequence s  -> s.steps().stream().anyMatch(Tokenizer::readsBytes);
            case Decoder.Replace _, Decoder.ByteFallback _, Decoder.Fuse _, Decoder.Strip _, Decoder.Metaspace _,
                 Decoder.Spaced _    -> false;
        };
    }

    private OptionalInt role(@Nullable String piece) {
        return piece == null ? OptionalInt.empty() : idOf(piece);
    }

    private boolean hasPiece(int id) {
        return parts.added().get(id) != null || vocabulary.piece(id) != null;
    }

    private String entry(int id) {
        var added = parts.added().get(id);
        if (added != null) return added.content();
        var piece = vocabulary.piece(id);
        return piece == null ? "" : piece;
    }

    private String form(int id) {
        var form = parts.added().form(id);
        return form != null ? form : entry(id);
    }

    /// What every token of an id has in common; `text` is an added token's content, any other piece as the decoder
    /// reads it alone.
    private record Shown(String text, String piece, boolean isSpecial) {}

    private Shown shown(int id) {
        if (id < 0 || id >= shown.length) return new Shown("", entry(id), isSpecial(id));
        var known = shown[id];
        if (known == null) {
            var added = parts.added().get(id);
            var text = added != null ? added.content() : parts.decoder().inPlace(entry(id));
            shown[id] = known = new Shown(text, entry(id), isSpecial(id));
        }
        return known;
    }
}
