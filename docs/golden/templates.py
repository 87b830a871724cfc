"""Python's rendering of every template in a folder on scenarios of our own, one JSON row per line.

    python3 docs/golden/templates.py FOLDER

Needs transformers and jinja2. PeerTemplateTest runs it and compares every row.
"""
import json
import pathlib
import sys

from hf_templates import row

WEATHER = {"type": "function", "function": {
    "name": "get_weather", "description": "Weather <now> & \"later\" — naïve 天気\nsecond line",
    "parameters": {"type": "object", "properties": {
        "city": {"type": "string", "description": "City, e.g. 'Zürich'"},
        "unit": {"type": "string", "enum": ["C", "F"], "default": "C"},
        "days": {"type": "integer", "minimum": 1, "maximum": 14.5},
        "where": {"type": "object", "properties": {"lat": {"type": "number"}, "lon": {"type": ["number", "null"]}},
                  "required": ["lat"]},
        "tags": {"type": "array", "items": {"type": "string"}}}, "required": ["city", "unit"]},
    "return": {"type": "object", "description": "a map"}}}
EMPTY = {"type": "function", "function": {"name": "now", "description": "", "parameters": {"type": "object",
         "properties": {}}}}
BARE = {"name": "bare", "description": "no wrapper", "parameters": {"type": "object", "properties": {
        "x": {"type": "boolean"}}}}


def u(content): return {"role": "user", "content": content}
def a(content, **more): return {"role": "assistant", "content": content, **more}
def s(content): return {"role": "system", "content": content}
def call(arguments, id="call00001", name="get_weather"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


PARTS = [{"type": "text", "text": "look: "}, {"type": "image"}, {"type": "text", "text": " and say"}]
ARGS = {"city": "Zürich \"old\"", "days": 3, "unit": "C", "deep": {"a": [1, 2.5, None, True], "b": {}}, "t": "line\nend"}
CHATS = {
    "user": [u("What is 2+2?")],
    "system": [s("Be terse."), u("Hi")],
    "turns": [s("Be terse."), u("Hi"), a("Hello."), u("And?"), a("<think>\nhm\n</think>\n\nWell."), u("  So?\n\n")],
    "ends with assistant": [u("Hi"), a("Hello.")],
    "empty content": [s(""), u(""), a(""), u(" ")],
    "unicode": [s("Ελληνικά"), u("naïve 😀 e\u0301 \u00a0\u3000x\u2028y\u200d ١٢"), a("日本語\ttab"), u("‮rtl \u0085\x1f")],
    "braces": [u("{{ 7*7 }} {% if x %} {# c #} <|im_end|> </s> [INST] \\n 'q' \"d\""), a("[/INST]<eos>"), u("ok")],
    "parts": [u(PARTS)],
    "parts everywhere": [s([{"type": "text", "text": "sys"}]), u(PARTS), a([{"type": "text", "text": "fine"}]), u("ok")],
    "no content": [u("Hi"), {"role": "assistant"}, u("ok")],
    "none content": [u("Hi"), a(None), u("ok")],
    "two users": [u("one"), u("two"), u("three")],
    "assistant first": [a("Hello"), u("Hi")],
    "only system": [s("Be terse.")],
    "late system": [u("Hi"), s("now be terse"), a("k"), u("?")],
    "developer": [{"role": "developer", "content": "Be terse."}, u("Hi")],
    "odd role": [u("Hi"), {"role": "critic", "content": "bad"}, u("?")],
    "no messages": [],
    "tool call": [s("Use tools."), u("Weather?"), a("", tool_calls=[call(ARGS)]),
                  {"role": "tool", "content": "{\"t\": 21.5}", "tool_call_id": "call00001", "name": "get_weather"},
                  a("21.5 °C"), u("Thanks")],
    "tool call, arguments as text": [u("Weather?"), a(None, tool_calls=[call(json.dumps(ARGS))]),
                  {"role": "tool", "content": "21", "tool_call_id": "call00001", "name": "get_weather"}],
    "two calls": [u("Both?"), a("Checking.", tool_calls=[call({"city": "Bern"}), call({}, "call00002", "now")]),
                  {"role": "tool", "content": "1", "tool_call_id": "call00001", "name": "get_weather"},
                  {"role": "tool", "content": "<2>", "tool_call_id": "call00002", "name": "now"}, u("so?")],
    "tool result as parts": [u("W?"), a("", tool_calls=[call({"city": "Bern"})]),
                  {"role": "tool", "content": [{"type": "text", "text": "warm"}], "tool_call_id": "call00001"}],
    "tool result as object": [u("W?"), a("", tool_calls=[call({"city": "Bern"})]),
                  {"role": "tool", "content": {"t": 1, "ok": True}, "tool_call_id": "call00001", "name": "get_weather"}],
    "short call ids": [u("W?"), a("", tool_calls=[call({"city": "Bern"}, "1")]),
                  {"role": "tool", "content": "x", "tool_call_id": "1"}, a("done"), u("ok")],
    "reasoning": [u("Hi"), a("Hello.", reasoning_content="I think\nso", thinking="thought"), u("More"),
                  a("Yes", reasoning_content=""), u("?")],
    "reasoning with a call": [u("W?"), a("", reasoning_content="must look", tool_calls=[call({"city": "Bern"})]),
                  {"role": "tool", "content": "1", "tool_call_id": "call00001"}, a("one", reasoning="x")],
    "think inside": [u("Hi"), a("<think>a</think>b</think>c"), u("x </think> y")],
    "long": [m for i in range(12) for m in (u(f"question {i} " * 3), a(f"answer {i}"))] + [u("end")],
    "prefix": [u("Hi"), a("Sure", prefix=True)],
    "numbers as content": [u(3), a(2.5), u(True)],
    "empty parts": [u([]), a([{"type": "text", "text": ""}]), u("ok")],
    "strings as parts": [u(["one", "two"]), a("k"), u("ok")],
    "parts of other kinds": [u([{"type": "audio"}, {"text": "no type"}, {"type": "text", "text": "t", "x": 1}])],
    "no role": [{"content": "Hi"}],
    "empty calls": [u("W?"), a("no call", tool_calls=[]), u("ok")],
    "null arguments": [u("W?"), a("", tool_calls=[call(None)]), u("ok")],
    "a call without its wrapper": [u("W?"), a("", tool_calls=[{"name": "now", "arguments": {"x": "ü"}}]), u("ok")],
    "tool first": [{"role": "tool", "content": "alone", "tool_call_id": "call00001"}, u("Hi")],
    "line ends": [u("a\r\nb\rc\n\n\n"), a("\n\n x \n"), u("\t\u0000\u000b\u000c\u001f y")],
    "prefill": [s("Be terse."), u("Count"), a("1, 2, <think>")],
    "very long": [u("long \u00e9\u4e2d " * 250), a("y" * 1000), u("?")],
    "many turns": [m for i in range(60) for m in (u(str(i)), a(f"<think>{i}</think> {i}"))] + [u("end")],
}
EXTRAS = {
    "": {},
    "no prompt": {"add_generation_prompt": False},
    "tools": {"tools": [WEATHER, EMPTY]},
    "bare tool": {"tools": [BARE]},
    "no tools": {"tools": []},
    "thinking": {"enable_thinking": True, "thinking": True, "reasoning_effort": "high", "thinking_budget": 512},
    "not thinking": {"enable_thinking": False, "thinking": False, "reasoning_effort": "low", "thinking_budget": 0},
    "documents": {"documents": [{"title": "T1", "text": "one\ntwo", "doc_id": 7}, {"title": "", "text": ""}],
                  "citation_mode": "accurate", "controls": {"length": "short"}, "available_tools": []},
    "functions": {"functions": [{"name": "f", "description": "d", "parameters": {}}], "datetime": "today",
                  "custom_tools": [WEATHER], "builtin_tools": ["python", "wolfram_alpha"], "date_string": "1 Jan 2026",
                  "tools_in_user_message": False, "keep_past_thinking": True, "preserve_thinking": True},
}


def variables(messages, extra):
    return {"messages": messages, "tools": None, "documents": None, "add_generation_prompt": True,
            "bos_token": "<BOS>", "eos_token": "<EOS>", **extra}


ALWAYS, FULL = ("", "tools", "no prompt"), ("system", "turns", "parts", "tool call")

for file in sorted(pathlib.Path(sys.argv[1]).glob("*.jinja")):
    template = file.read_text(encoding="utf-8")
    for chat, messages in CHATS.items():
        for extra, more in EXTRAS.items():
            if extra in ALWAYS or chat in FULL:
                print(json.dumps(row(template, variables(messages, more), file=file.name,
                                     scenario=f"{chat}, {extra}")))
