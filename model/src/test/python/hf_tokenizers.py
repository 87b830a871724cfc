"""Answers for the tests with Hugging Face's own tokenizer library: one JSON value a line in, one a line out.

{"open": FILE} or {"load": TEXT} takes a tokenizer.json; {"build": NAME, "corpus": [TEXT…]} trains or constructs one and
answers with its tokenizer.json; {"texts": [TEXT…]} answers with [ids, offsets, ids without the template's tokens,
decoding, decoding without special tokens] for each text. What fails is answered with {"error": WHY}, or {"panic": WHY}
where the library itself broke down.
"""
import importlib.util
import json
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
          r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}"
          r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
O200K = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
BYTES = [f"<0x{b:02X}>" for b in range(256)]


def byte_level(corpus, size=900, specials=("<|endoftext|>",), pre=None, normalizer=None, **settings):
    """BPE over bytes."""
    t = Tokenizer(models.BPE(**settings))
    t.normalizer = normalizer or normalizers.Sequence([])
    t.pre_tokenizer = pre or pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.post_processor = processors.ByteLevel(trim_offsets=True)
    t.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, special_tokens=list(specials), show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return t


def characters(corpus, normalizer, pre, size=900, **settings):
    """BPE over characters, with pieces for bytes."""
    t = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>", **settings))
    t.normalizer = normalizer or normalizers.Sequence([])
    if pre is not None:
        t.pre_tokenizer = pre
    t.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<unk>", "<s>", "</s>"] + BYTES, limit_alphabet=120, show_progress=False))
    return edited(t, lambda f: f.update(added_tokens=f["added_tokens"][:3]))


def edited(t, edit):
    """The tokenizer after a change of its file."""
    file = json.loads(t.to_str())
    edit(file)
    return Tokenizer.from_str(json.dumps(file))


def spelled(strip):
    """The decoder of SentencePiece's spelling."""
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    return decoders.Sequence(steps + [decoders.Strip(" ", 1, 0)] * strip)


def unigram(corpus, normalizer=None, pre=None, byte_fallback=False, size=700):
    corpus = ["".join(c for c in text if c < "\u0250" or "一" <= c < "丠").replace("<0x", "") for text in corpus]
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizer or normalizers.Sequence([])
    t.pre_tokenizer = pre or pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    extra = BYTES if byte_fallback else []
    t.train_from_iterator(corpus, trainers.UnigramTrainer(
        vocab_size=size + len(extra), special_tokens=["<unk>", "<s>", "</s>"] + extra, unk_token="<unk>",
        show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 2)])

    def fall_back(file):
        file["model"]["byte_fallback"] = True
        file["added_tokens"] = file["added_tokens"][:3]
        file["decoder"] = {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, file["decoder"]]}
    return edited(t, fall_back) if byte_fallback else t


def neox(corpus):
    t = byte_level(corpus, specials=("<|endoftext|>", "<|padding|>"), normalizer=normalizers.NFC())
    t.add_tokens([AddedToken(" " * n, normalized=True) for n in range(24, 1, -1)])
    return t


def gemma(corpus):
    t = characters(corpus, normalizers.Replace(" ", "▁"), pre_tokenizers.Split(" ", "merged_with_previous"))
    t.decoder = spelled(0)
    t.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    t.add_tokens([AddedToken("\n" * n, normalized=False) for n in range(1, 32)]
                 + [AddedToken("▁" * n, normalized=False) for n in range(2, 32)])
    t.add_special_tokens([AddedToken("<start_of_turn>", special=True), AddedToken("<end_of_turn>", special=True)])
    return t


def llama(corpus, pre, normalizer):
    t = characters(corpus, normalizer, pre)
    t.decoder = spelled(1)
    t.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return t


def prepended():
    return normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])


def phi3(corpus):
    t = llama(corpus, None, prepended())
    t.add_special_tokens([AddedToken(s, rstrip=True, normalized=False, special=True)
                          for s in ("<|endoftext|>", "<|assistant|>", "<|user|>", "<|end|>")])
    return t


def flags(corpus):
    t = byte_level(corpus, normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]))
    for i in range(16):
        token = AddedToken("[Ab%X]" % i if i % 2 else "Qu%X" % i, single_word=bool(i & 1), lstrip=bool(i & 2),
                           rstrip=bool(i & 4), normalized=bool(i & 8))
        (t.add_special_tokens if i % 3 == 0 else t.add_tokens)([token])
    t.add_tokens([AddedToken("ing", single_word=True), AddedToken("the", single_word=True, lstrip=True)])
    return t


def normalised(corpus):
    return unigram(corpus, normalizers.Sequence([
        normalizers.Nmt(), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(),
        normalizers.Replace(Regex(r"\s{2,}"), " "), normalizers.Strip()]))


def field(message, wanted):
    """The bytes of a length-delimited field of a protobuf message."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            at += 1
            value |= (message[at - 1] & 127) << shift
            shift += 7
            if message[at - 1] < 128:
                return value

    while at < len(message):
        tag = varint()
        size = {1: 8, 5: 4}.get(tag & 7) or varint()
        if tag & 7 == 2 and tag >> 3 == wanted:
            return message[at:at + size]
        at += size if tag & 7 else 0
    return b""


def precompiled(corpus):
    """The table of nmt_nfkc comes with any model that SentencePiece trains."""
    import io
    import sentencepiece
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["the quick brown fox"] * 9), model_writer=out, vocab_size=20, hard_vocab_limit=False, minloglevel=9)
    return unigram(corpus, normalizers.Sequence([
        normalizers.Precompiled(field(field(out.getvalue(), 3), 2)), normalizers.Replace(Regex(" {2,}"), "▁")]))


def splits(corpus, *steps):
    return byte_level(corpus, pre=pre_tokenizers.Sequence(
        list(steps) + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]))


def whole(corpus):
    """No pre-tokenizer, no decoder, no unknown piece, pieces before merges."""
    t = Tokenizer(models.BPE(ignore_merges=True))
    t.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    t.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=500, limit_alphabet=60, show_progress=False))

    def bare(file):
        file["pre_tokenizer"] = None
        file["model"]["merges"] = [" ".join(m) for i, m in enumerate(file["model"]["merges"]) if i % 3 < 2]
        del file["model"]["type"]
    return edited(t, bare)


def unknown(corpus, fused):
    """BPE over few characters, all others unknown."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=fused))
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    t.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=500, special_tokens=["<unk>"], limit_alphabet=60, show_progress=False))
    return t


def roberta(corpus):
    t = byte_level(corpus, specials=("<s>", "</s>"))
    t.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return t


def bert(corpus):
    t = byte_level(corpus, specials=("[CLS]", "[SEP]"), pre=pre_tokenizers.ByteLevel(add_prefix_space=True))
    t.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    return t


def metaspace(corpus, scheme, split):
    t = llama(corpus, pre_tokenizers.Metaspace(prepend_scheme=scheme, split=split), None)
    t.decoder = decoders.Metaspace(prepend_scheme=scheme, split=split)
    t.add_special_tokens(["<|user|>"])
    return t


P = pre_tokenizers
BUILDERS = {
    "neox": neox, "gemma": gemma, "phi3": phi3, "flags": flags, "roberta": roberta, "bert": bert, "whole": whole,
    "llama-new": lambda c: llama(c, P.Metaspace(prepend_scheme="first", split=False), None),
    "smollm": lambda c: byte_level(c, pre=P.Sequence([P.Digits(True), P.ByteLevel(add_prefix_space=False)])),
    "tekken": lambda c: splits(c, P.Split(Regex(TEKKEN), "isolated")),
    "o200k": lambda c: splits(c, P.Split(Regex(O200K), "isolated")),
    "unknown": lambda c: unknown(c, False), "unknown-fused": lambda c: unknown(c, True),
    "unigram": unigram, "unigram-bytes": lambda c: unigram(c, byte_fallback=True),
    "unigram-whole": lambda c: unigram(c, pre=P.Metaspace(prepend_scheme="never", split=False)),
    "normalised": normalised, "precompiled": precompiled,
    "whitespace": lambda c: splits(c, P.Whitespace()),
    "whitespace-split": lambda c: splits(c, P.WhitespaceSplit(), P.Punctuation("contiguous")),
    "punctuation": lambda c: splits(c, P.CharDelimiterSplit("e"), P.Punctuation("merged_with_previous")),
    "digits": lambda c: splits(c, P.Digits(False), P.Split(Regex(r"\p{Lu}"), "merged_with_next")),
    "inverted": lambda c: splits(c, P.Split(Regex(r"\w+|[^\w\s]+"), "removed", invert=True), P.Split("a", "contiguous")),
    "byte-normaliser": lambda c: byte_level(c, pre=P.Split(Regex("Ġ+"), "merged_with_next"),
                                            normalizer=normalizers.Sequence([normalizers.NFD(), normalizers.ByteLevel()])),
    "metaspace-always": lambda c: metaspace(c, "always", True),
    "metaspace-first": lambda c: metaspace(c, "first", True),
    "metaspace-never": lambda c: metaspace(c, "never", True),
}


def row(t, text):
    full, plain = t.encode(text), t.encode(text, add_special_tokens=False)
    return [full.ids, full.offsets, plain.ids, t.decode(full.ids, skip_special_tokens=False), t.decode(full.ids)]


def guarded(work, *arguments):
    try:
        return work(*arguments)
    except BaseException as e:                 # a panic of the library is a BaseException
        if isinstance(e, (KeyboardInterrupt, SystemExit)):
            raise
        return {"panic" if type(e).__name__ == "PanicException" else "error": str(e)[:300]}


def answer(state, request):
    if "texts" in request:
        return [guarded(row, state["tokenizer"], text) for text in request["texts"]]
    if "build" in request:
        state["tokenizer"] = BUILDERS[request["build"]](request["corpus"])
        return {"json": state["tokenizer"].to_str()}
    state["tokenizer"] = Tokenizer.from_str(request["load"]) if "load" in request else Tokenizer.from_file(request["open"])
    return {}


def main():
    state = {}
    if not importlib.util.find_spec("sentencepiece"):
        del BUILDERS["precompiled"]
    print(json.dumps({"builders": list(BUILDERS)}), flush=True)
    for line in sys.stdin.buffer:
        print(json.dumps(guarded(answer, state, json.loads(line))), flush=True)


main()
