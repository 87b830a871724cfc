package clew.model.token;

import clew.model.token.AddedTokens.Added;
import clew.model.token.AddedTokens.Kind;
import clew.model.token.AddedTokens.Matching;
import clew.model.token.SentencePieceNormalizer.Space;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads SentencePiece's `tokenizer.model`, a ModelProto of protocol buffers: the ids are those of SentencePiece. How
/// ids are decoded, and that special pieces are found in a text, is as in the tokenizer.json converted from it.
///
/// Pieces have a type: normal 1, unknown 2, control 3, user-defined 4, unused 5, byte 6.
final class SentencePieceFile {
    private static final int NORMAL = 1, UNKNOWN = 2, CONTROL = 3, USER_DEFINED = 4, UNUSED = 5, BYTE = 6;
    private static final int UNIGRAM = 1, BPE = 2;

    private final List<Piece> pieces = new ArrayList<>();
    private final Set<Space> spaces = EnumSet.of(Space.PREFIX, Space.COLLAPSE);
    private @Nullable CharsMap map;
    private int type = UNIGRAM;
    private boolean suffix;
    private boolean byteFallback;
    private int bos = 1;
    private int eos = 2;
    private int pad = -1;

    private record Piece(String text, float score, int type) {}

    /// What a file says: everything but the template, and the pieces with a role.
    record Read(Vocabulary vocabulary, List<Added> added, Normalizer normalizer, PreTokenizer preTokenizer, Model model,
                Decoder decoder, Tokenizer.Roles roles) {}

    /// As SentencePiece reads it.
    static Read read(byte[] bytes) {
        return parsed(bytes).assemble();
    }

    /// As transformers' `LlamaTokenizer` reads it: pieces in the order of their ids instead of their scores, and a
    /// space in front by `prefix` instead of the file's own rule.
    ///
    /// @throws IllegalArgumentException if the file asks for what that class leaves out
    static Read readLlama(byte[] bytes, PreTokenizer.Prefix prefix) {
        return parsed(bytes).assembleLlama(prefix);
    }

    /// As transformers' `GemmaTokenizer` reads it, which is as SentencePiece does, for files that ask for nothing that
    /// the class leaves out.
    static Read readGemma(byte[] bytes) {
        var file = parsed(bytes);
        file.requirePlain("GemmaTokenizer");
        if (file.spaces.contains(Space.PREFIX)) throw leftOut("puts a space in front of a text"
            + " (add_dummy_prefix)", "GemmaTokenizer");
        return file.assemble();
    }

    private static SentencePieceFile parsed(byte[] bytes) {
        var file = new SentencePieceFile();
        var message = new Protobuf(bytes);
        while (message.next()) switch (message.field()) {
            case 1  -> file.piece(message.message());
            case 2  -> file.trainer(message.message());
            case 3  -> file.normalizer(message.message());
            case 5  -> file.denormalizer(message.message());
            default -> { }
        }
        if (file.pieces.isEmpty())
            throw new IllegalArgumentException("is not a SentencePiece model (no piece in it)");
        return file;
    }

    private void piece(Protobuf message) {
        var text = "";
        float score = 0;
        int type = NORMAL;
        while (message.next()) switch (message.field()) {
            case 1  -> text = message.text();
            case 2  -> score = message.single();
            case 3  -> type = message.integer();
            default -> { }
        }
        if (text.isEmpty()) throw new IllegalArgumentException("piece " + pieces.size() + " is empty; fetch it again");
        if (type == UNUSED || type < NORMAL || type > BYTE || !Float.isFinite(score))
            throw new IllegalArgumentException("piece '" + text + "' has the type " + type + " and the score " + score
                + ", which are not supported; save a tokenizer.json with transformers' AutoTokenizer.save_pretrained");
        pieces.add(new Piece(text, score, type));
    }

    private void trainer(Protobuf message) {
        while (message.next()) switch (message.field()) {
            case 3  -> type = message.integer();
            case 24 -> suffix = message.flag();
            case 35 -> byteFallback = message.flag();
            case 41 -> bos = message.integer();
            case 42 -> eos = message.integer();
            case 43 -> pad = message.integer();
            default -> { }
        }
    }

    private void normalizer(Protobuf message) {
        while (message.next()) switch (message.field()) {
            case 2  -> {
                var bytes = message.bytes();
                map = bytes.length == 0 ? null : new CharsMap(bytes);
            }
            case 3  -> set(Space.PREFIX, message.flag());
            case 4  -> set(Space.COLLAPSE, message.flag());
            case 5  -> {
                if (!message.flag()) throw new IllegalArgumentException("keeps spaces as they are"
                    + " (escape_whitespaces: false), which is not supported");
            }
            default -> { }
        }
    }

    private void denormalizer(Protobuf message) {
        while (message.next()) if (message.field() == 2 && message.bytes().length > 0)
            throw new IllegalArgumentException("rewrites decoded text (denormalizer_spec), which is not supported");
    }

    private void set(Space space, boolean on) {
        if (on) spaces.add(space);
        else    spaces.remove(space);
    }

    private Read assemble() {
        var builder = new Vocabulary.Builder();
        var added = new ArrayList<Added>();
        var kept = new Trie();
        int unknown = -1;
        for (int id = 0; id < pieces.size(); id++) {
            var piece = pieces.get(id);
            builder.add(piece.text(), id);
            if (piece.type() == UNKNOWN) unknown = id;
            if (piece.type() == UNKNOWN || piece.type() == CONTROL)
                added.add(Added.special(id, piece.text()));
            if (piece.type() == USER_DEFINED) {
                kept.put(piece.text(), id);
                added.add(new Added(id, piece.text(), new AddedTokens.Edges(false, false, false), Kind.ORDINARY,
                    Matching.NORMALISED));
            }
        }
        if (unknown < 0) throw new IllegalArgumentException("has no unknown piece; fetch it again");
        boolean prefixed = spaces.contains(Space.PREFIX);
        if (prefixed && suffix) {
            spaces.remove(Space.PREFIX);
            spaces.add(Space.SUFFIX);
        }
        var vocabulary = builder.build();
        return new Read(vocabulary, added, new SentencePieceNormalizer(map, kept, Set.copyOf(spaces)),
            new PreTokenizer.Sequence(List.of()), model(vocabulary, unknown),
            decoder(prefixed || spaces.contains(Space.COLLAPSE)),
            new Tokenizer.Roles(text(bos), text(eos), text(pad), text(unknown)));
    }

    private Read assembleLlama(PreTokenizer.Prefix prefix) {
        requirePlain("LlamaTokenizer");
        if (!spaces.contains(Space.PREFIX) && prefix != PreTokenizer.Prefix.NEVER)
            throw new IllegalArgumentException("puts no space in front of a text (add_dummy_prefix: false), but a"
                + " LlamaTokenizer does; say add_prefix_space: false in tokenizer_config.json");
        var read = assemble();
        var builder = new MergeTable.Builder(read.vocabulary());
        for (int id = 0; id < pieces.size(); id++) builder.addEachSplit(id);
        var model = Bpe.of(read.vocabulary(), builder.build(), Bpe.DROPPED,
            EnumSet.of(Bpe.Option.FUSE_UNKNOWN, Bpe.Option.BYTE_FALLBACK));
        var raw = read.added().stream().map(a -> new Added(a.id(), a.content(), a.edges(), a.kind(), Matching.RAW));
        return new Read(read.vocabulary(), raw.toList(), new Normalizer.Sequence(List.of()),
            new PreTokenizer.Metaspace(SentencePieceNormalizer.MARK, prefix, List.of()), model,
            decoder(prefix != PreTokenizer.Prefix.NEVER), read.roles());
    }

    /// That the file is one that a class of transformers reads whole: byte-pair encoding with every byte as a piece and
    /// no rewriting of texts, which its classes leave out.
    private void requirePlain(String reader) {
        if (type != BPE) throw leftOut("is a model of another type than BPE", reader);
        if (map != null) throw leftOut("rewrites characters (normalizer_spec)", reader);
        if (spaces.contains(Space.COLLAPSE)) throw leftOut("drops spaces (remove_extra_whitespaces)", reader);
        if (suffix) throw leftOut("puts spaces behind words (treat_whitespace_as_suffix)", reader);
        if (!byteFallback || pieces.stream().filter(p -> p.type() == BYTE).count() != 256)
            throw leftOut("has no piece for every byte, without which characters are lost", reader);
    }

    private static IllegalArgumentException leftOut(String what, String reader) {
        return new IllegalArgumentException(what + ", which " + reader + " would not read so; save a tokenizer.json"
            + " with transformers' AutoTokenizer.save_pretrained");
    }

    private @Nullable String text(int id) {
        return id >= 0 && id < pieces.size() ? pieces.get(id).text() : null;
    }

    private static Decoder decoder(boolean strips) {
        var steps = new ArrayList<Decoder>(List.of(
            new Decoder.Replace(new Finder.Literal(SentencePieceNormalizer.MARK), " "),
            new Decoder.ByteFallback(), new Decoder.Fuse()));
        if (strips) steps.add(new Decoder.Strip(' ', 1, 0));
        return new Decoder.Sequence(List.copyOf(steps));
    }

    private Model model(Vocabulary vocabulary, int unknown) {
        return switch (type) {
            case UNIGRAM -> unigram(vocabulary, unknown);
            case BPE     -> {
                var options = EnumSet.of(Bpe.Option.FUSE_UNKNOWN);
                if (byteFallback) options.add(Bpe.Option.BYTE_FALLBACK);
                yield Bpe.of(vocabulary, merges(vocabulary), unknown, options);
            }
            default -> throw new IllegalArgumentException("is a SentencePiece model of type "
                + (type == 3 ? "WORD" : type == 4 ? "CHAR" : type) + "; supported are UNIGRAM and BPE");
        };
    }

    /// Normal pieces by falling score; every way to make one of two pieces is a merge of its rank.
    private MergeTable merges(Vocabulary vocabulary) {
        var order = new ArrayList<Integer>();
        for (int id = 0; id < pieces.size(); id++)
            if (pieces.get(id).type() == NORMAL && vocabulary.onlyPoint(id) < 0) order.add(id);
        order.sort((x, y) -> Float.compare(pieces.get(y).score(), pieces.get(x).score()));
        for (int i = 1; i < order.size(); i++) {
            var one = pieces.get(order.get(i - 1));
            var other = pieces.get(order.get(i));
            if (one.score() == other.score()) throw new IllegalArgumentException("pieces '" + one.text() + "' and '"
                + other.text() + "' have the same score, which is not supported in a BPE model");
        }
        var builder = new MergeTable.Builder(vocabulary);
        for (int id : order) builder.addAllSplits(id, half -> pieces.get(half).type() == NORMAL);
        return builder.build();
    }

    /// Scores as SentencePiece sums them, in floats. What a user-defined piece is worth to it has changed over its
    /// versions, so a model with one is refused.
    private Model unigram(Vocabulary vocabulary, int unknown) {
        var scores = new double[pieces.size()];
        var normal = new Trie();
        float least = Float.POSITIVE_INFINITY;
        for (int id = 0; id < scores.length; id++) {
            var piece = pieces.get(id);
            if (piece.type() == USER_DEFINED) throw new IllegalArgumentException("has the user-defined piece '"
                + piece.text() + "' in a UNIGRAM model, which is not supported; save a tokenizer.json with"
                + " transformers' AutoTokenizer.save_pretrained");
            if (piece.type() != NORMAL) continue;
            normal.put(piece.text(), id);
            scores[id] = piece.score();
            least = Math.min(least, piece.score());
        }
        var missing = byteFallback ? Unigram.Missing.BYTES : Unigram.Missing.UNKNOWN;
        return new Unigram(vocabulary, new Unigram.Scores(scores, least - 10f, Unigram.Sum.SINGLE), unknown, missing,
            normal, new CharacterIds(vocabulary));
    }
}
