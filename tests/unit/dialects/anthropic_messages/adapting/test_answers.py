"""Answers of other dialects: one choice, of parts that this dialect has."""

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
from counterpoint.dialects.anthropic_messages.adapting.answers import adapted_answer
from counterpoint.dialects.anthropic_messages.names import NAME

STOP = Finish("stop", "stop")


def answered(*parts: Any, **fields: Any) -> ChatResponse:
    return ChatResponse("i", "m", (Choice(0, parts, STOP, **fields),))


def codes(losses: tuple[Loss, ...]) -> dict[str, str]:
    return {loss.path: loss.code for loss in losses}


@pytest.mark.parametrize(
    ("part", "wanted", "code"),
    [
        (Text("x"), Text("x"), None),
        (Text(""), None, None),
        (Text("x", (Citation(url="https://a"),)), Text("x"), "text.citations"),
        (Reasoning("hm", "of another maker"), Reasoning("hm", ""), None),
        (Reasoning("hm", encrypted="E"), Reasoning("hm", ""), "reasoning.encrypted"),
        (Reasoning(encrypted="E"), None, "reasoning.encrypted"),
        (ToolCall("a", "f", "{}"), ToolCall("a", "f", "{}"), None),
        (ToolCall("a", "f", "{"), ToolCall("a", "f", "{"), "tool_call.arguments"),
        (ToolCall("a", "f", "x", "custom"), ToolCall("a", "f", '{"input":"x"}'), "tool_call.custom"),
        (Audio(transcript="Hi"), Text("Hi"), "audio"),
        (Image(Media("url", "https://a")), None, "part.image"),
        (Opaque("other", "x", {}), None, "part.x"),
        (Opaque(NAME, "x", {}), Opaque(NAME, "x", {}), None),
    ],
    ids=str,
)
def test_each_part_is_said_or_declared(part: Any, wanted: Any, code: str | None) -> None:
    after, losses = adapted_answer(answered(part))
    assert after.choices[0].parts == (() if wanted is None else (wanted,))
    assert [loss.code for loss in losses] == ([] if code is None else [code])


def test_one_answer_is_seen() -> None:
    response = ChatResponse("i", "m", (Choice(0, (Text("a"),), STOP), Choice(1, (Text("b"),), STOP)))
    after, losses = adapted_answer(response)
    assert [choice.index for choice in after.choices] == [0]
    assert codes(losses) == {"choices[1]": "n"}


def test_a_refusal_is_a_reason_to_stop() -> None:
    after, _ = adapted_answer(answered(Refusal("No")))
    assert after.choices[0].parts == (Text("No"),)
    assert after.choices[0].finish == Finish("refusal", "stop")


def test_what_has_no_place_is_declared() -> None:
    response = ChatResponse(
        "i",
        "m",
        (Choice(0, (), Finish("content_filter"), {"content": []}, {"x": {"a": 1}}),),
        extensions={"x": {"system_fingerprint": "f", "~how": 1}},
    )
    _, losses = adapted_answer(response)
    assert codes(losses) == {
        "system_fingerprint": "field.system_fingerprint",
        "choices[0].a": "field.a",
        "choices[0].logprobs": "logprobs",
        "choices[0].finish": "finish.reason",
    }
    assert {loss.severity for loss in losses if loss.code.startswith("field")} == {"cosmetic"}


def test_no_choice_is_an_empty_answer() -> None:
    after, losses = adapted_answer(ChatResponse("i", "m"))
    assert after.choices == (Choice(),)
    assert losses == ()
