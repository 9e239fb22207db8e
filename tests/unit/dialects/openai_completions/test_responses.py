"""Whole answers: understood, said again, and said for callers of this dialect."""

import json

import pytest

from counterpoint.canonical import (
    ChatResponse,
    Choice,
    Finish,
    Reasoning,
    Refusal,
    Refused,
    Text,
    ToolCall,
    Usage,
)
from tests.unit.dialects.openai_completions.bodies import DIALECT, LOGPROBS, USAGE, answered, asked, choice


def test_an_answer_is_understood_and_said_again() -> None:
    body = answered(
        choice(text="Hi there", finish_reason="stop", logprobs=LOGPROBS, stop_reason=None),
        choice(text="", index=1, finish_reason="length"),
        usage=USAGE,
        system_fingerprint="f",
    )
    answer = DIALECT.decode_response(body)
    first, second = answer.choices
    assert (first.parts, first.finish) == ((Text("Hi there"),), Finish("stop", "stop"))
    assert (second.parts, second.finish) == ((), Finish("length", "length"))
    assert first.logprobs["content"][0]["token"] == "Hi"
    assert answer.usage == Usage(input=3, output=4)
    assert json.loads(DIALECT.encode_response(answer, DIALECT.name).body) == json.loads(body)
    reading = DIALECT.read(body)
    assert (reading.usage, reading.finish, reading.id) == (answer.usage, "stop", "cmpl-1")


def test_an_answer_of_a_chat_is_its_text() -> None:
    choices = (
        Choice(0, (Reasoning("Hm."), Text("Hi"), Refusal("No."), ToolCall("c", "f")), Finish("tool_calls")),
    )
    response = ChatResponse("id", "m", choices, Usage(input=3, output=4), 7)
    encoded = DIALECT.encode_response(response, "local", DIALECT.decode_request(asked(echo=True)))
    body = json.loads(encoded.body)
    assert body["choices"][0]["text"] == "OnceHiNo."
    assert body["choices"][0]["finish_reason"] == "stop"
    assert (body["object"], body["usage"]) == ("text_completion", USAGE)
    assert [(loss.code, loss.severity) for loss in encoded.losses] == [
        ("part.reasoning", "degraded"),
        ("refusal", "degraded"),
        ("part.tool_call", "meaning"),
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"choices":5}', b'{"error":{"message":"no"}}'])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        DIALECT.decode_response(body)
