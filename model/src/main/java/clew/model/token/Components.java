package clew.model.token;

import clew.model.token.PreTokenizer.Behavior;
import clew.model.token.PreTokenizer.Prefix;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The components of tokenizer.json as records. A type, key or value that is not known here is refused.
final class Components {
    private static final Part.Default TRUE = Part.Default.TRUE;

    /// `\\w+|[^\\w\\s]+` as Rust reads it.
    private static final Pattern WORDS = Pattern.compile("[\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d]+"
        + "|[^\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d\\p{IsWhite_Space}]+");

    private Components() {}

    static Normalizer normalizer(Part part) {
        return switch (part.type()) {
            case "Sequence" -> new Normalizer.Sequence(
                part.only("normalizers").parts("normalizers").stream().map(Components::normalizer).toList());
            case "NFC", "NFD", "NFKC", "NFKD" -> new Normalizer.Form(UnicodeForm.valueOf(part.only().type()));
            case "Prepend"   -> new Normalizer.Prepend(part.only("prepend").string("prepend"));
            case "Replace"   -> new Normalizer.Replace(replaced(part), part.string("content"));
            case "Lowercase" -> bare(part, new Normalizer.Lowercase());
            case "Strip"        -> new Normalizer.Strip(ends(part.only("strip_left", "strip_right")));
            case "StripAccents" -> bare(part, new Normalizer.StripAccents());
            case "Nmt"          -> bare(part, new Normalizer.Nmt());
            case "ByteLevel"    -> bare(part, new Normalizer.Bytes());
            case "Precompiled"  -> new Precompiled(
                CharsMap.ofBase64(part.only("precompiled_charsmap").string("precompiled_charsmap")));
            default -> throw part.unsupported("Sequence, NFC, NFD, NFKC, NFKD, Prepend, Replace, Lowercase, Strip,"
                + " StripAccents, Nmt, ByteLevel, Precompiled");
        };
    }

    static PreTokenizer preTokenizer(Part part) {
        return switch (part.type()) {
            case "Sequence" -> new PreTokenizer.Sequence(
                part.only("pretokenizers").parts("pretokenizers").stream().map(Components::preTokenizer).toList());
            case "ByteLevel" -> byteLevel(bytes(part));
            case "Split"     -> split(part.only("pattern", "behavior", "invert"));
            case "Digits"    -> cut(new Finder.Characters(Unicode::isNumber),
                part.only("individual_digits").flag("individual_digits") ? Behavior.ISOLATED
                    : Behavior.CONTIGUOUS);
            case "Metaspace" -> metaspace(part);
            case "Whitespace" -> bare(part, new PreTokenizer.Split(
                new Finder.Expression("\\w+|[^\\w\\s]+", WORDS), Behavior.REMOVED, PreTokenizer.Side.BETWEEN_MATCHES));
            case "WhitespaceSplit" -> bare(part, cut(new Finder.Characters(Unicode::isSpace), Behavior.REMOVED));
            case "Punctuation" -> cut(new Finder.Characters(UnicodeAge::isPunctuation),
                part.only("behavior").node().has("behavior") ? behavior(part) : Behavior.ISOLATED);
            case "CharDelimiterSplit" -> {
                int wanted = character(part.only("delimiter"), "delimiter");
                yield cut(new Finder.Characters(point -> point == wanted), Behavior.REMOVED);
            }
            default -> throw part.unsupported("Sequence, ByteLevel, Split, Digits, Metaspace, Whitespace,"
                + " WhitespaceSplit, Punctuation, CharDelimiterSplit");
        };
    }

    static PostProcessor postProcessor(Part part) {
        return switch (part.type()) {
            case "Sequence" -> new PostProcessor.Sequence(
                part.only("processors").parts("processors").stream().map(Components::postProcessor).toList());
            case "ByteLevel" -> bytes(part).flag("trim_offsets")
                ? new PostProcessor.TrimSpaces(prefixSpace(part)) : new PostProcessor.Sequence(List.of());
            case "TemplateProcessing" -> Templates.template(part.only("single", "pair", "special_tokens"));
            case "BertProcessing"     -> Templates.framed(part.only("sep", "cls"));
            case "RobertaProcessing"  -> {
                var framed = Templates.framed(part.only("sep", "cls", "trim_offsets", "add_prefix_space"));
                var spaces = new PostProcessor.TrimSpaces(prefixSpace(part));
                yield part.flag("trim_offsets") ? new PostProcessor.Sequence(List.of(spaces, framed)) : framed;
            }
            default -> throw part.unsupported(
                "Sequence, ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing");
        };
    }

    static Decoder decoder(Part part) {
        return switch (part.type()) {
            case "Sequence" -> new Decoder.Sequence(
                part.only("decoders").parts("decoders").stream().map(Components::decoder).toList());
            case "ByteLevel" -> {
                bytes(part);
                yield new Decoder.ByteLevel();
            }
            case "Replace"      -> new Decoder.Replace(replaced(part), part.string("content"));
            case "ByteFallback" -> bare(part, new Decoder.ByteFallback());
            case "Fuse"         -> bare(part, new Decoder.Fuse());
            case "Strip" -> new Decoder.Strip(character(part.only("content", "start", "stop"), "content"),
                length(part, "start"), length(part, "stop"));
            case "Metaspace" -> {
                var like = metaspace(part);
                yield new Decoder.Metaspace(like.mark(), like.prefix());
            }
            default -> throw part.unsupported("Sequence, ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace");
        };
    }

    /// A component that its type alone describes.
    private static <T> T bare(Part part, T component) {
        part.only();
        return component;
    }

    /// A number of characters; no text is longer than an `int` counts.
    private static int length(Part part, String key) {
        var most = BigInteger.valueOf(Integer.MAX_VALUE);
        return part.unsigned(key, 64).node().get(key).bigIntegerValue().min(most).intValue();
    }

    /// The keys of every ByteLevel; two of them must be there.
    private static Part bytes(Part part) {
        part.flag("add_prefix_space");
        part.flag("trim_offsets");
        part.flag("use_regex", TRUE);
        return part.only("add_prefix_space", "trim_offsets", "use_regex");
    }

    private static PreTokenizer byteLevel(Part part) {
        boolean cuts = part.flag("use_regex", TRUE);
        return new PreTokenizer.ByteLevel(prefixSpace(part),
            cuts ? List.of(Finder.Expression.of(PreTokenizer.GPT2)) : List.of());
    }

    private static Prefix prefixSpace(Part part) {
        return part.flag("add_prefix_space") ? Prefix.ALWAYS : Prefix.NEVER;
    }

    private static PreTokenizer cut(Finder finder, Behavior behavior) {
        return new PreTokenizer.Split(finder, behavior, PreTokenizer.Side.MATCHES);
    }

    private static PreTokenizer split(Part part) {
        var side = part.flag("invert") ? PreTokenizer.Side.BETWEEN_MATCHES : PreTokenizer.Side.MATCHES;
        return new PreTokenizer.Split(finder(part.part("pattern")), behavior(part), side);
    }

    private static Behavior behavior(Part part) {
        return switch (part.string("behavior")) {
            case "Removed"            -> Behavior.REMOVED;
            case "Isolated"           -> Behavior.ISOLATED;
            case "MergedWithPrevious" -> Behavior.MERGED_WITH_PREVIOUS;
            case "MergedWithNext"     -> Behavior.MERGED_WITH_NEXT;
            case "Contiguous"         -> Behavior.CONTIGUOUS;
            default -> throw part.wrong("behavior",
                "one of Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous");
        };
    }

    private static Set<Normalizer.End> ends(Part part) {
        var ends = EnumSet.noneOf(Normalizer.End.class);
        if (part.flag("strip_left"))  ends.add(Normalizer.End.LEFT);
        if (part.flag("strip_right")) ends.add(Normalizer.End.RIGHT);
        return ends;
    }

    /// `add_prefix_space` is the older way to say what prepend_scheme says: if it is false, so must that be.
    private static PreTokenizer.Metaspace metaspace(Part part) {
        part.only("replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
        var mark = Character.toString(character(part, "replacement"));
        var scheme = part.node().has("prepend_scheme") ? part.word("prepend_scheme", "always", "first", "never")
            : "always";
        var prefix = Prefix.valueOf(scheme.toUpperCase(Locale.ROOT));
        if (!part.flagOrNull("add_prefix_space", TRUE) && prefix != Prefix.NEVER)
            throw part.wrong("add_prefix_space", "what prepend_scheme says");
        if (part.has("str_rep")) part.string("str_rep");
        boolean cuts = part.flagOrNull("split", TRUE);
        return new PreTokenizer.Metaspace(mark, prefix, cuts ? List.of(new Finder.Literal(mark)) : List.of());
    }

    /// The pattern of a Replace, whose content is literal.
    private static Finder replaced(Part part) {
        return finder(part.only("pattern", "content").part("pattern"));
    }

    private static Finder finder(Part part) {
        if (part.only("String", "Regex").node().size() != 1)
            throw new IllegalArgumentException(part.path() + " is not either a String or a Regex");
        return part.node().has("Regex")
            ? Finder.Expression.of(part.string("Regex"))
            : new Finder.Literal(part.string("String"));
    }

    private static int character(Part part, String key) {
        var text = part.string(key);
        if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) throw part.wrong(key, "one character");
        return text.codePointAt(0);
    }
}
