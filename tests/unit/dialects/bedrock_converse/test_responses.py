"""Whole answers to the hub and back."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.errors import Refused
from tests.unit.dialects.bedrock_converse.bodies import CONVERSE, OPENAI, answer


@pytest.mark.parametrize(
    "body",
    [
        answer({"text": "Hi"}),
        answer({"text": "Hi"}, serviceTier={"type": "default"}, trace={"guardrail": {}}),
        answer({"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}, reason="tool_use"),
        answer({"text": "Hi"}, additionalModelResponseFields={"stop_sequence": "x"}),
        b'{"output": {"message": {"content": []}}, "usage": {"inputTokens": 1, "outputTokens": 1}}',
    ],
)
def test_an_answer_comes_back(body: bytes) -> None:
    again = CONVERSE.encode_response(CONVERSE.decode_response(body), CONVERSE.name)
    assert json.loads(again.body) == json.loads(body)
    assert again.losses == ()


@pytest.mark.parametrize("body", [b"no json", b"[]", b"{}", b'{"output": {}}', b'{"message": "it failed"}'])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        CONVERSE.decode_response(body)
    assert refused.value.failure.from_upstream


def test_an_answer_of_another_dialect_has_every_field_that_clients_expect() -> None:
    message: dict[str, Any] = {"role": "assistant", "content": "Hi"}
    completion = {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    }
    response = OPENAI.decode_response(json.dumps(completion).encode())
    body = json.loads(CONVERSE.encode_response(response, OPENAI.name).body)
    assert body == json.loads(answer({"text": "Hi"}, metrics={"latencyMs": 0}))


def test_usage_is_read() -> None:
    assert CONVERSE.decode_response(answer({"text": "Hi"})).usage == Usage(input=3, output=2)
