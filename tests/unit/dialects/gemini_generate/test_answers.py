"""Answers of other dialects, as clients of this one take them."""

import json
from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    Citation,
    Finish,
    Image,
    Loss,
    Media,
    Opaque,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.gemini_generate.answers import adapted_answer, adapted_part

PICTURE = Image(Media("data", "AA==", "image/png"))
SPOKEN = Media("data", "AA==", "audio/wav")


@pytest.mark.parametrize(
    ("part", "becomes", "codes"),
    [
        (Text("a"), Text("a"), []),
        (Text(""), None, []),
        (Text("a", (Citation(url="u"),)), Text("a"), ["text.citations"]),
        (Text("a", extensions={"other": {"annotations": []}}), Text("a"), ["field.annotations"]),
        (Reasoning("hm", "s"), Reasoning("hm"), ["reasoning.signature"]),
        (Reasoning(encrypted="e"), None, ["reasoning.signature"]),
        (Refusal("no"), Text("no"), []),
        (PICTURE, PICTURE, []),
        (Audio(SPOKEN), Audio(SPOKEN), []),
        (Audio(SPOKEN, "hello"), Audio(SPOKEN), ["audio.transcript"]),
        (Audio(None, "hello"), Text("hello"), ["audio"]),
        (Opaque("other", "search", {}), None, ["part.search"]),
        (Opaque("gemini-generate", "x", {}), Opaque("gemini-generate", "x", {}), []),
        (ToolCall("1", "f", "{}"), ToolCall("1", "f", "{}"), []),
        (ToolCall("1", "f", "[1]"), ToolCall("1", "f", "[1]"), ["tool_call.arguments"]),
    ],
)
def test_a_part(part: Any, becomes: Any, codes: list[str]) -> None:
    losses: list[Loss] = []
    assert adapted_part(part, "p", losses) == becomes
    assert [loss.code for loss in losses] == codes
    assert all(loss.path.startswith("p") for loss in losses)


def test_free_text_input_becomes_an_object() -> None:
    losses: list[Loss] = []
    call = adapted_part(ToolCall("1", "f", "SELECT", kind="custom"), "p", losses)
    assert isinstance(call, ToolCall)
    assert json.loads(call.arguments) == {"input": "SELECT"}
    assert [loss.code for loss in losses] == ["tool_call.custom"]


def test_a_whole_answer() -> None:
    choice = Choice(0, (Text("a"), Text("")), Finish("refusal"), {"content": []}, {"other": {"index": 3}})
    adapted, losses = adapted_answer(ChatResponse("i", "m", (choice,), extensions={"other": {"object": "x"}}))
    assert adapted.choices[0].parts == (Text("a"),)
    assert adapted.choices[0].logprobs is None
    assert [loss.code for loss in losses] == ["field.object", "field.index", "logprobs", "finish.reason"]
    assert losses[0].severity == "cosmetic"
