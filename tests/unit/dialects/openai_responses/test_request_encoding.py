"""A canonical request to the JSON of one target."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, Message, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_responses.request_encoding import encode_request
from tests.unit.dialects.openai_responses.bodies import asked, decoded


def encoded(request: ChatRequest, target: Target, source: str) -> tuple[Any, list[str]]:
    result = encode_request(request, target, source)
    return json.loads(result.body), [loss.code for loss in result.losses]


def test_the_targets_name_for_the_model_is_written() -> None:
    body, losses = encoded(decoded(), Target("other"), "openai-responses")
    assert body == {"model": "other", "input": "Hi"}
    assert losses == []


def test_a_host_that_refuses_a_field_is_not_sent_it() -> None:
    request = decoded(parallel_tool_calls=False)
    body, losses = encoded(
        request, Target("m", quirks=frozenset({"no_parallel_tool_calls"})), "openai-responses"
    )
    assert "parallel_tool_calls" not in body
    assert losses == ["field.parallel_tool_calls"]


def test_another_dialects_request_keeps_nothing_at_the_host() -> None:
    request = ChatRequest("m", (Message("user", (Text("Hi"),)),), max_output=20, logprobs=True, stream=True)
    body, losses = encoded(request, Target("m"), "elsewhere")
    assert body == {
        "model": "m",
        "input": [{"type": "message", "role": "user", "content": "Hi"}],
        "max_output_tokens": 20,
        "include": ["message.output_text.logprobs"],
        "stream": True,
        "store": False,
    }
    assert losses == []


def test_the_same_input_gives_the_same_bytes() -> None:
    """A prompt cache lives on equal beginnings."""
    body = asked({"role": "user", "content": "a"}, tools=[{"type": "function", "name": "f"}])
    request = decoded(*json.loads(body)["input"], tools=json.loads(body)["tools"])
    first, second = (encode_request(request, Target("m"), "openai-responses").body for _ in range(2))
    assert first == second
