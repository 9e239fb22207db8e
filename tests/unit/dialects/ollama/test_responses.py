"""Whole answers: understood, said again, and said for the other dialects."""

import json

import pytest

from counterpoint.canonical import ChatResponse, Choice, Finish, Reasoning, Refused, Text, ToolCall, Usage
from counterpoint.dialects.registry import CHAT
from tests.unit.dialects.ollama.bodies import CALL, DIALECT, END, PROMPTED, dumped, line, said


def test_an_answer_is_understood() -> None:
    body = line(**said(thinking="Hm.", content="Hi", tool_calls=[CALL]), **END)
    answer = DIALECT.decode_response(body)
    reasoning, text, call = answer.choices[0].parts
    assert (reasoning, text) == (Reasoning("Hm."), Text("Hi"))
    assert isinstance(call, ToolCall)
    assert call.id == "call_20260807060809335586_0"
    assert answer.choices[0].finish == Finish("tool_calls", "stop")
    assert answer.usage == Usage(input=14, output=5)
    assert answer.created == 1786082889
    assert json.loads(DIALECT.encode_response(answer, DIALECT.name).body) == json.loads(body)


def test_an_answer_to_a_prompt_is_understood() -> None:
    body = line(response="Hi", thinking="Hm.", context=[1, 2], **END)
    answer = PROMPTED.decode_response(body)
    assert answer.choices[0].parts == (Reasoning("Hm."), Text("Hi"))
    assert json.loads(PROMPTED.encode_response(answer, PROMPTED.name).body) == json.loads(body)


def test_answers_of_others_are_said_in_this_apis_words() -> None:
    choices = (
        Choice(0, (Text("Hi"), ToolCall("c", "f", "{}")), Finish("tool_calls", "tool_use")),
        Choice(1, (Text("Ho"),), Finish("stop")),
    )
    response = ChatResponse("id", "m", choices, Usage(input=1, output=2), 1786082889)
    encoded = DIALECT.encode_response(response, "anthropic-messages")
    body = json.loads(encoded.body)
    assert body["message"]["content"] == "Hi"
    assert body["message"]["tool_calls"] == [{"id": "c", "function": {"name": "f", "arguments": {}}}]
    assert (body["done"], body["done_reason"], body["eval_count"]) == (True, "stop", 2)
    assert body["created_at"] == "2026-08-07T06:08:09.000000Z"
    assert [loss.code for loss in encoded.losses] == ["n"]
    prompted = PROMPTED.encode_response(response, "anthropic-messages")
    assert json.loads(prompted.body)["response"] == "Hi"
    assert "part.tool_call" in {loss.code for loss in prompted.losses}


def test_its_answers_lose_nothing_on_the_way_to_others() -> None:
    body = line(**said(content="Hi"), **END, load_duration=1)
    answer = DIALECT.decode_response(body)
    for name in ("openai-chat", "anthropic-messages"):
        assert CHAT[name].encode_response(answer, DIALECT.name).losses == ()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"x"', dumped({"done": True}), b"{" * 100_000])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        DIALECT.decode_response(body)


def test_an_error_in_place_of_an_answer_is_told() -> None:
    with pytest.raises(Refused, match="out of memory"):
        DIALECT.decode_response(dumped({"error": "out of memory"}))
