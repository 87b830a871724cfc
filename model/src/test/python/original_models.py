"""Answers for the tests with SentencePiece's and tiktoken's own libraries: one JSON value a line in, one a line out.

{"train": {OPTION: VALUE…}, "corpus": [TEXT…], "file": FILE} trains a SentencePiece model and opens it; {"ranks": FILE,
"pattern": EXPRESSION} opens a file of ranks; {"directory": DIRECTORY} opens it as transformers' AutoTokenizer does;
{"texts": [TEXT…]} answers with [ids, decoding] for each text, and of a directory with the offsets. What fails is answered
with {"error": WHY}.
"""
import base64
import json
import sys

import sentencepiece
import tiktoken


class Pieces:
    def __init__(self, request):
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(request["corpus"]), model_writer=open(request["file"], "wb"), minloglevel=9,
            hard_vocab_limit=False, **request["train"])
        self.model = sentencepiece.SentencePieceProcessor(model_file=request["file"])

    def row(self, text):
        ids = self.model.encode(text)
        return [ids, self.model.decode(ids)]


class Ranks:
    def __init__(self, request):
        lines = [line.split() for line in open(request["ranks"], "rb")]
        self.model = tiktoken.Encoding("test", pat_str=request["pattern"], special_tokens={},
                                       mergeable_ranks={base64.b64decode(b): int(rank) for b, rank in lines})

    def row(self, text):
        ids = self.model.encode_ordinary(text)
        return [ids, self.model.decode(ids)]


class Directory:
    def __init__(self, request):
        from transformers import AutoTokenizer
        self.model = AutoTokenizer.from_pretrained(request["directory"])

    def row(self, text):
        made = self.model(text, add_special_tokens=False, return_offsets_mapping=True)
        return [made["input_ids"], self.model.decode(made["input_ids"], clean_up_tokenization_spaces=False),
                made["offset_mapping"]]


def answer(state, request):
    if "texts" in request:
        return [state["model"].row(text) for text in request["texts"]]
    opened = Pieces if "train" in request else Ranks if "ranks" in request else Directory
    state["model"] = opened(request)
    return {}


def main():
    state = {}
    print("{}", flush=True)
    for line in sys.stdin.buffer:
        try:
            result = answer(state, json.loads(line))
        except Exception as e:
            result = {"error": str(e)[:300]}
        print(json.dumps(result), flush=True)


main()
