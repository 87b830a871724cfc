"""Compares configs that the fuzzer saw accepted, and the logits it got, with Hugging Face transformers.

    JAVA_TOOL_OPTIONS="-Dclew.fuzz=600 -Dclew.fuzz.out=/tmp/fuzz.jsonl" ./build test -pl model -am -Dtest=ConfigFuzzTest
    python3 config_fuzz.py /tmp/fuzz.jsonl [SECONDS]

Prints a line per disagreement: other logits, other tensors, or a config that the peer refuses. With SECONDS it takes the
configs in a drawn order and ends after so long; the totals come last in either case.
"""
import collections, json, logging, random, sys, tempfile, time
import torch
import families


def peer(row):
    import transformers
    config = row["config"]
    with tempfile.TemporaryDirectory() as dir:
        open(dir + "/config.json", "w").write(json.dumps(config))
        read = transformers.AutoConfig.from_pretrained(dir)
    read._attn_implementation = "eager"
    names = [a for a in config.get("architectures") or [] if not a.endswith("Model")]
    kind = getattr(transformers, names[0]) if names else transformers.AutoModelForCausalLM._model_mapping[type(read)]
    model = kind(read).double().eval()
    state = {k: v for k, v in model.state_dict().items() if not k.endswith(("inv_freq", "masked_bias"))}
    theirs = {k: list(v.shape) for k, v in state.items()}
    ours = row["tensors"]
    heads = ("lm_head.weight", "embed_out.weight")
    for k, v in ours.items():
        if theirs.get(k) != v and not (k in heads and any(h in theirs for h in heads)): return f"tensor {k} {v}, theirs {theirs.get(k)}"
    for k in theirs:
        if k not in ours and k not in heads: return f"tensor {k} {theirs[k]} is not asked for"
    tensors = {k: torch.tensor(families.values(k, v)) for k, v in ours.items()}
    model.load_state_dict(tensors, strict=False)
    ids = torch.tensor([row["ids"]])
    if "pad_token_id" in config: read.pad_token_id = None
    with torch.no_grad():
        got = model(inputs_embeds=model.get_input_embeddings()(ids)).logits[0]
    last = got if got.dim() == 1 else got[-1]
    want = torch.tensor(row["logits"])
    if last.shape != want.shape: return f"{len(want)} logits, theirs {len(last)}"
    off = ((last - want).abs().max() / last.abs().max()).item()
    return f"logits off by {off:.3g}" if not off < 1e-9 else None


if __name__ == "__main__":
    import transformers
    transformers.logging.set_verbosity_error(); logging.disable(logging.CRITICAL)
    torch.float32 = torch.float = torch.float64
    torch.Tensor.float = torch.Tensor.double
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    counts, lines = collections.Counter(), open(sys.argv[1]).readlines()
    limit = float(sys.argv[2]) if len(sys.argv) > 2 else float("inf")
    if limit < float("inf"): random.Random(1).shuffle(lines)
    begun = time.monotonic()
    for line in lines:
        if time.monotonic() - begun > limit: break
        row = json.loads(line)
        try:
            fault = peer(row)
        except Exception as e:
            fault = "refused: " + type(e).__name__ + " " + " ".join(str(e).split())[:160]
        counts["equal" if fault is None else fault.split(" ")[0]] += 1
        if fault: print(fault, "|", json.dumps(row["config"]), flush=True)
    print(sum(counts.values()), "of", len(lines), dict(counts), file=sys.stderr)
