"""Whole answers, there and back."""

import json
from typing import Any

import pytest
from openai.types.responses import Response

from counterpoint.canonical import ChatResponse, Choice, Finish, Reasoning, Text, ToolCall, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_responses.responses import (
    Labels,
    answer_object,
    decode_answer,
    decode_response,
    encode_response,
    logprobs_of,
    response_id,
)
from tests.unit.dialects.openai_responses.bodies import answer, call, decoded, said


def encoded(response: ChatResponse, source: str, asked: Any = None) -> Any:
    return json.loads(encode_response(response, source, asked, 99).body)


def test_an_answer_is_understood_and_comes_back() -> None:
    body = answer(said("hi"), call("{}"), tools=[], temperature=1.0, billing={"payer": "x"})
    response = decode_response(json.dumps(body).encode())
    assert (response.id, response.model, response.created) == ("resp_1", "m", 7)
    assert response.choices[0].finish == Finish("tool_calls", "completed")
    assert response.usage == Usage(input=3, output=2)
    assert [type(part) for part in response.choices[0].parts] == [Text, ToolCall]
    assert encoded(response, "openai-responses") == body
    assert decode_answer(body) == response


def test_probabilities_are_gathered() -> None:
    entries = [{"token": "a", "logprob": -1.0, "bytes": [], "top_logprobs": []}]
    response = decode_answer(answer(said("a", logprobs=entries)))
    assert response.choices[0].logprobs == {"content": entries}
    assert logprobs_of((Text("a"),)) is None


def test_another_dialects_answer_is_one_that_the_official_client_reads() -> None:
    parts = (Reasoning("hm"), Text("hi"), ToolCall("c", "f", "{}"))
    response = ChatResponse(
        "chatcmpl-1", "m", (Choice(0, parts, Finish("length")),), Usage(input=1, output=2)
    )
    asked = decoded(instructions="be brief", store=True)
    encoded_ = encode_response(response, "openai-chat", asked, 99)
    read = Response.model_validate_json(encoded_.body)
    assert [item.type for item in read.output] == ["reasoning", "message", "function_call"]
    assert (read.output_text, read.status, read.created_at) == ("hi", "incomplete", 99)
    assert read.incomplete_details is not None
    assert read.incomplete_details.reason == "max_output_tokens"
    assert (read.instructions, read.id) == ("be brief", "resp_chatcmpl-1")
    assert len({item.id for item in read.output}) == 3


def test_an_unknown_usage_is_not_told() -> None:
    assert "usage" not in encoded(ChatResponse(model="m"), "local")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id":"x"}', b'{"error":{"message":"no"}}'])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_response(body)


def test_ids_are_as_clients_know_them() -> None:
    assert response_id("resp_1") == "resp_1"
    assert response_id("").startswith("resp_")
    labels = Labels("resp_a-b")
    assert (labels("message"), labels("strange")) == ("msg_ab01", "item_ab02")
    assert answer_object(b'{"output":[]}') == {"output": []}
