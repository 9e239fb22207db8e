"""Requests to Mistral, both ways."""

import json
from typing import Any

import pytest

from counterpoint.canonical import ChatRequest, Document, Message, Reasoning, Text
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.mistral_chat.names import FILLING, NAME
from counterpoint.dialects.mistral_chat.requests import decode_request, encode_request

FULL: dict[str, Any] = {
    "model": "mistral-large-latest",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Read."},
                {"type": "document_url", "document_url": "https://a.example/b.pdf"},
                {"type": "image_url", "image_url": "https://a.example/b.png"},
                {"type": "reference", "reference_ids": [1]},
            ],
        },
        {
            "role": "assistant",
            "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}], "closed": True}],
            "tool_calls": [{"id": "abcdefghi", "function": {"name": "f", "arguments": "{}"}, "index": 0}],
            "prefix": False,
        },
        {"role": "tool", "tool_call_id": "abcdefghi", "name": "f", "content": "found"},
        {"role": "assistant", "content": "So", "prefix": True},
    ],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
    "tool_choice": "any",
    "random_seed": 7,
    "max_tokens": 5,
    "safe_prompt": False,
    "prompt_mode": "reasoning",
    "parallel_tool_calls": False,
    "stop": ["x"],
    "stream": True,
    "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
}
FILL = {
    "model": "codestral-latest",
    "prompt": "def f(",
    "suffix": "return a",
    "max_tokens": 5,
    "random_seed": 1,
}


def sent(body: dict[str, Any], name: str = NAME) -> Any:
    request = decode_request(json.dumps(body).encode())
    encoded = encode_request(request, Target(request.model), name, name)
    assert encoded.losses == ()
    return json.loads(encoded.body)


def test_everything_comes_back_as_it_was() -> None:
    assert sent(FULL) == FULL


@pytest.mark.parametrize("change", [{}, {"suffix": None}, {"stream": False, "min_tokens": 2}])
def test_a_gap_to_fill_comes_back_as_it_was(change: dict[str, Any]) -> None:
    body = {**FILL, **change}
    kept = {name: value for name, value in body.items() if value is not None}
    assert sent(body, FILLING).items() >= kept.items()


def test_the_hub_understands_it() -> None:
    request = decode_request(json.dumps(FULL).encode())
    assert (request.seed, request.max_output, request.include_usage) == (7, 5, True)
    assert isinstance(request.messages[1].parts[1], Document)
    assert isinstance(request.messages[2].parts[0], Reasoning)
    assert request.tool_choice is not None
    assert request.tool_choice.mode == "required"
    assert request.extensions[NAME] == {"safe_prompt": False, "prompt_mode": "reasoning"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"random_seed": "x"}, "random_seed"),
        ({"messages": "x"}, "messages"),
        ({"messages": [3]}, "messages[0]"),
        ({"max_tokens": "x"}, "max_tokens"),
    ],
)
def test_a_mistake_is_refused_with_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_request(json.dumps({**FULL, **change}).encode())
    assert refused.value.failure.param == path


def test_a_prompt_must_be_text() -> None:
    with pytest.raises(Refused) as refused:
        decode_request(b'{"model": "m", "prompt": 3}')
    assert refused.value.failure.param == "prompt"


def test_a_conversation_is_no_gap() -> None:
    request = ChatRequest("m", (Message("user", (Text("Hi"),)),), seed=3)
    with pytest.raises(Refused, match="gaps"):
        encode_request(request, Target("codestral"), "openai-chat", FILLING)
    filling = decode_request(json.dumps(FILL).encode())
    chat = encode_request(filling, Target("m"), FILLING, NAME)
    assert [(loss.code, loss.path, loss.severity) for loss in chat.losses] == [
        ("field.prompt", "prompt", "degraded"),
        ("field.suffix", "suffix", "meaning"),
    ]
    assert json.loads(chat.body)["messages"] == [{"role": "user", "content": "def f("}]
