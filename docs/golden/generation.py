"""What transformers' generate makes of a generation_config.json: the fixture of OwnSettingsTest.

    python3 docs/golden/generation.py ../shared/goldens/models/llama-tiny-gqa > app/src/test/resources/clew/app/generation.json

Needs torch and transformers (5.18.0 made the file that is there). Every file is read from the model's directory, as a user's
would be; nothing is said beside it. The end that some of them name is the third token of the continuation without one.
"""
import json
import os
import pathlib
import sys
import tempfile

import torch
import transformers

PROMPT = [1, 17, 42, 17, 42, 17, 99]
SETTINGS = [
    {"max_new_tokens": 12}, {"max_length": 15}, {"max_new_tokens": 5, "max_length": 30},
    {"max_new_tokens": 12, "eos_token_id": "END"}, {"max_new_tokens": 12, "eos_token_id": ["END", 3]},
    {"max_new_tokens": 12, "eos_token_id": "END", "min_new_tokens": 6},
    {"max_new_tokens": 12, "eos_token_id": "END", "min_length": 9},
    {"max_new_tokens": 12, "eos_token_id": "END", "min_length": 30, "min_new_tokens": 2},
    {"max_new_tokens": 12, "eos_token_id": "END", "bad_words_ids": [["END"], ["SECOND"]]},
    {"max_new_tokens": 12, "bad_words_ids": [["FIRST", "SECOND"], ["FIRST", "SECOND", "END"]]},
    {"max_new_tokens": 12, "suppress_tokens": ["FIRST", "SECOND"]},
    {"max_new_tokens": 12, "begin_suppress_tokens": ["FIRST", "SECOND"]},
    {"max_new_tokens": 20, "no_repeat_ngram_size": 1}, {"max_new_tokens": 20, "no_repeat_ngram_size": 2},
    {"max_new_tokens": 20, "repetition_penalty": 1.3}, {"max_new_tokens": 20, "repetition_penalty": 0.8},
    {"max_new_tokens": 20, "repetition_penalty": 1.8, "no_repeat_ngram_size": 2, "suppress_tokens": [5, 6]},
    {"max_new_tokens": 12, "temperature": 0.3, "top_k": 3, "top_p": 0.5, "typical_p": 0.4, "epsilon_cutoff": 0.01},
    {"max_new_tokens": 12, "renormalize_logits": True, "remove_invalid_values": True, "use_cache": False},
    {"max_new_tokens": 12, "top_k": 12.7, "min_p": 3}, {"max_new_tokens": 12, "temperature": 0},
    {"max_new_tokens": 12, "do_sample": True, "top_p": 0}, {"max_new_tokens": 12, "do_sample": True, "top_k": 1},
    {"max_new_tokens": 12, "unheard_of": 4}, {"max_new_tokens": 12, "trust_remote_code": True},
]
# Every key without a part in the text: it is the text without the key.
IDLE = {"pad_token_id": 5, "bos_token_id": 5, "decoder_start_token_id": 4, "early_stopping": True, "length_penalty": 2.0,
        "diversity_penalty": 1.0, "use_cache": False, "cache_config": {"nbits": 4}, "max_cache_len": 64,
        "disable_compile": True, "num_assistant_tokens": 5, "num_assistant_tokens_schedule": "constant",
        "assistant_confidence_threshold": 0.1, "assistant_lookbehind": 3, "target_lookbehind": 3,
        "assistant_ensemble_weight": 0.5, "max_matching_ngram_size": 2, "speculation_type": "x",
        "output_attentions": True, "output_hidden_states": True, "output_scores": True, "output_logits": True,
        "transformers_version": "4.1", "_commit_hash": "x", "prompt_lookup_num_tokens": 3, "assistant_early_exit": 2,
        "prefill_chunk_size": 2, "continuous_batching_config": {}, "low_memory": True, "cache_implementation": "static"}
SETTINGS += [{"max_new_tokens": 12, key: value} for key, value in IDLE.items()]
SETTINGS += [{"max_new_tokens": 12, "cache_implementation": c} for c in ("hybrid", "dynamic", "sliding_window", "paged")]
DRAWS = {"max_new_tokens": 12, "do_sample": True}
# What is refused there is refused here.
REFUSED = [DRAWS | more for more in (
    {"temperature": 0}, {"temperature": 0.0}, {"temperature": -1.0}, {"top_k": 12.7}, {"top_k": 12.0}, {"top_k": -1},
    {"top_k": "5"}, {"temperature": "0.5"}, {"top_p": -0.1}, {"typical_p": 0}, {"min_p": 2})]
REFUSED += [{"max_new_tokens": 12} | more for more in (
    {"repetition_penalty": 0.0}, {"repetition_penalty": "1.2"}, {"no_repeat_ngram_size": 2.5},
    {"cache_implementation": "quantized"}, {"cache_implementation": "nonsense"}, {"streamer": 1},
    {"logits_processor": []}, {"max_new_tokens": 0}, {"max_new_tokens": "5"})]


def generated(source, settings):
    with tempfile.TemporaryDirectory() as dir:
        for file in source.iterdir():
            if file.name != "generation_config.json": os.symlink(file.resolve(), pathlib.Path(dir, file.name))
        pathlib.Path(dir, "generation_config.json").write_text(json.dumps(settings))
        model = transformers.AutoModelForCausalLM.from_pretrained(dir, dtype=torch.float32)
        ids = torch.tensor([PROMPT])
        out = model.generate(ids, attention_mask=torch.ones_like(ids))[0].tolist()
    return out[len(PROMPT):]


def named(value, names):
    if isinstance(value, dict): return {k: named(v, names) for k, v in value.items()}
    if isinstance(value, list): return [named(v, names) for v in value]
    return names.get(value, value) if isinstance(value, str) else value


transformers.logging.set_verbosity_error()
source = pathlib.Path(sys.argv[1])
plain = generated(source, {"max_new_tokens": 12})
names = dict(zip(("FIRST", "SECOND", "END"), plain))
cases = []
for settings in SETTINGS:
    settings = named(settings, names)
    ids = generated(source, settings)
    ends = settings.get("eos_token_id", [])
    ends = ends if isinstance(ends, list) else [ends]
    cases.append({"settings": settings, "ids": ids[:-1] if ids and ids[-1] in ends else ids})
for settings in REFUSED:
    try: generated(source, settings)
    except Exception: continue
    raise SystemExit(f"{settings} was not refused")
keys = [k for k in transformers.GenerationConfig().to_dict() if k != "transformers_version"]
print(json.dumps({"transformers": transformers.__version__, "prompt": PROMPT, "keys": sorted(keys), "cases": cases,
                  "refused": REFUSED}, separators=(",", ":")))
