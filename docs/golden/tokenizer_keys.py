"""What Hugging Face's library makes of every key of tokenizer.json with values of every type: the fixture of TokenizerKeysTest.

    python3 docs/golden/tokenizer_keys.py > model/src/test/resources/clew/model/token/keys.json

Needs tokenizers (0.23.2 made the file that is there). Every key of every part below is left out, and set to each of VALUES in
turn. A key's line has a character for every value: a dot where it is refused, else which of the part's meanings it has, from '0'.
Two pieces of one id, and dropout, mean something else to the library in every process: only these lines of the file change.
"""
import base64
import json
from tokenizers import Tokenizer

TEXTS = ["", "a b", "  bab1 2.a!\n", "▁a▁▁b Ġa<|x|> y <s>b", "é\u0301x 12,a-ab"]
HERE = '"@here@"'
ABSENT = "absent"

# null, words, numbers of every kind at every limit, flags, lists, objects; then what only some keys mean
VALUES = [ABSENT, "null", '""', '"a"', '"ab"', '"é"', '"▁"', '"0"', '"00"', '"1"', '"-1"', '"1.0"', '"true"', '"null"', "0",
          "1", "2", "5", "-1", "-0", "0.0", "-0.0", "0.5", "1.0", "1e3", "-1.5", "1e-400", "2147483647", "2147483648",
          "4294967295", "4294967296", "9223372036854775808", "18446744073709551615", "18446744073709551616",
          "99999999999999999999", "1e999", "-1e999", "true", "false", "[]", "[null]", "[0]", "[1,0]", '["a"]', '["a",0]',
          '["a",1]', '["a",-1]', '["a",1.0]', '["a","1"]', '[0,"a"]', '["a",0,0]', '[["a",0]]', '["a","b"]', "[true]",
          "[{}]", "[[]]", "{}", '{"a":0}', '{"a":"b"}', '{"a":null}', '{"String":"a"}', '{"Regex":"a+"}',
          '{"String":"a","Regex":"a"}', '{"String":null}', '{"Fixed":5}', '{"Fixed":"5"}', '{"Fixed":null}',
          '{"BatchLongest":null}', '"BatchLongest"', '"LongestFirst"', '"OnlyFirst"', '"OnlySecond"', '"longest_first"',
          '"Left"', '"Right"', '"left"', '"Removed"', '"Isolated"', '"MergedWithPrevious"', '"MergedWithNext"',
          '"Contiguous"', '"isolated"', '{"Isolated":null}', '"always"', '"first"', '"never"', '"Always"',
          '{"always":null}', '"A"', '"B"', '"<s>"', '"[UNK]"']

PIECES = ["<unk>", "<s>", "a", "b", "▁", "Ġ", "1", "2", ".", "!", "x", "é", "Ã", "©", "Ċ", "ab", "ba", "▁a", "Ġa", " ", "0"]
BASE = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
        "post_processor": None, "decoder": None,
        "model": {"type": "BPE", "vocab": {p: i for i, p in enumerate(PIECES)},
                  "merges": [["a", "b"], ["b", "a"], ["▁", "a"], ["Ġ", "a"]]}}
NO_CHANGES = base64.b64encode((1024).to_bytes(4, "little") + bytes(1024)).decode()                # a table without entries
BYTES = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
SPACES = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
ADDED = {"id": 21, "content": "<|x|>", "single_word": False, "lstrip": False, "rstrip": True, "normalized": False,
         "special": True}
BPE = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
       "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": {"<unk>": 0, "a": 1, "b": 2, "ab": 3}}
PIECE = lambda name: {"SpecialToken": {"id": name, "type_id": 0}}
TEXT = lambda name: {"Sequence": {"id": name, "type_id": 0}}

PARTS = [(key, part) for key, parts in {
    "version": ["1.0"],
    "truncation": [{"direction": "Right", "max_length": 512, "strategy": "LongestFirst", "stride": 0}],
    "padding": [{"strategy": {"Fixed": 5}, "direction": "Left", "pad_to_multiple_of": 8, "pad_id": 0, "pad_type_id": 0,
                 "pad_token": "a"}],
    "added_tokens": [[ADDED], [{**ADDED, "special": False, "normalized": True}]],
    "normalizer": [
        *[{"type": t} for t in ("NFC", "Lowercase", "StripAccents", "Nmt", "ByteLevel")], {"type": "Prepend", "prepend": "▁"},
        {"type": "Replace", "pattern": {"String": "a"}, "content": "b"},
        {"type": "Replace", "pattern": {"Regex": "a+"}, "content": "b"},
        {"type": "Strip", "strip_left": True, "strip_right": False}, {"type": "Precompiled", "precompiled_charsmap": NO_CHANGES},
        {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}]}],
    "pre_tokenizer": [
        BYTES, {**SPACES, "add_prefix_space": True, "str_rep": "▁"}, *[{"type": t} for t in ("Whitespace", "WhitespaceSplit")],
        {"type": "Split", "pattern": {"String": "b"}, "behavior": "Isolated", "invert": False},
        {"type": "Split", "pattern": {"Regex": "b+"}, "behavior": "Removed", "invert": True},
        {"type": "Digits", "individual_digits": True}, {"type": "Punctuation", "behavior": "Removed"},
        {"type": "CharDelimiterSplit", "delimiter": "b"},
        {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, BYTES]}],
    "post_processor": [
        BYTES, {"type": "BertProcessing", "sep": ["a", 2], "cls": ["<s>", 1]},
        {"type": "RobertaProcessing", "sep": ["a", 2], "cls": ["<s>", 1], "trim_offsets": True, "add_prefix_space": False},
        {"type": "TemplateProcessing", "single": [PIECE("<s>"), TEXT("A")], "pair": [TEXT("A"), TEXT("B"), PIECE("<s>")],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        {"type": "Sequence", "processors": [BYTES, {"type": "BertProcessing", "sep": ["a", 2], "cls": ["<s>", 1]}]}],
    "decoder": [
        BYTES, SPACES, {"type": "Replace", "pattern": {"String": "a"}, "content": "b"},
        *[{"type": t} for t in ("ByteFallback", "Fuse")],
        {"type": "Strip", "content": "a", "start": 1, "stop": 0}, {"type": "Sequence", "decoders": [{"type": "Fuse"}, SPACES]}],
    "model": [
        {**BPE, "merges": [["a", "b"]]}, {**BPE, "merges": ["a b"]},
        {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.5], ["b", -2], ["ab", -2.5]],
         "byte_fallback": False}],
}.items() for part in parts]


def paths(node, path):
    """Every place in a part, the part itself first."""
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from paths(value, path + [key])


def text(part, path, value):
    """The file with the value at the path."""
    file = json.loads(json.dumps(BASE | dict([part])))
    at = file
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = HERE[1:-1]
    if value == ABSENT:
        del at[path[-1]]
    return json.dumps(file, ensure_ascii=False).replace(HERE, value)


def row(t, text):
    full, plain = t.encode(text), t.encode(text, add_special_tokens=False)
    return [full.ids, full.offsets, plain.ids, t.decode(full.ids, skip_special_tokens=False), t.decode(full.ids)]


def meaning(file):
    """What the texts become; None if the file is refused. A text that the library refuses is null, one on which it panics 0."""
    try:
        t = Tokenizer.from_str(file)
    except BaseException:
        return None
    t.no_truncation()
    t.no_padding()
    rows = []
    for text in TEXTS:
        try:
            rows.append(row(t, text))
        except BaseException as e:
            rows.append(0 if type(e).__name__ == "PanicException" else None)
    return json.dumps(rows, ensure_ascii=False)


def read(part):
    """Every key of one part, whose first meaning is its own."""
    meanings = [meaning(json.dumps(BASE | dict([part])))]
    assert meanings[0], part
    keys = []
    for path in paths(part[1], [part[0]]):
        line = ""
        for value in VALUES:
            found = meaning(text(part, path, value))
            if found is not None and found not in meanings:
                meanings.append(found)
            line += "." if found is None else chr(ord("0") + meanings.index(found))
        keys.append({"path": path, "line": line})
    return {"key": part[0], "part": part[1], "meanings": [json.loads(m) for m in meanings], "keys": keys}


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(read(part), ensure_ascii=False, separators=(",", ":")) for part in PARTS)
    head = {"texts": TEXTS, "values": VALUES, "base": BASE}
    print(json.dumps(head, ensure_ascii=False)[:-1] + ',\n"parts":[\n' + lines + "]}")
