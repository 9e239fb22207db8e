"""A journey there and back; a dialect that loses something silently is found out."""

import json
from typing import Any

import msgspec
import pytest

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.crossing import cross

OPENAI, ANTHROPIC = CHAT["openai-chat"], CHAT["anthropic-messages"]
CLAUDE, GPT = Target("claude-sonnet-4-5"), Target("gpt-4o")
QUESTION: dict[str, Any] = {
    "model": "gpt-4o",
    "max_completion_tokens": 9,
    "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}],
}


def bytes_of(**changes: Any) -> bytes:
    return json.dumps({**QUESTION, **changes}).encode()


class Forgetful:
    """A dialect that leaves out what it is told to, and says nothing of it."""

    def __init__(self, **forgotten: Any) -> None:
        self.name = ANTHROPIC.name
        self._forgotten = forgotten

    def __getattr__(self, name: str) -> Any:
        return getattr(ANTHROPIC, name)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        return ANTHROPIC.encode_request(msgspec.structs.replace(request, **self._forgotten), target, source)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "exact"),
        ({"n": 1, "stream": False, "tools": []}, "exact"),
        ({"max_completion_tokens": None}, "cosmetic"),
        ({"metadata": {"a": "b"}}, "cosmetic"),
        ({"seed": 3}, "lossy"),
        ({"messages": [{"role": "user", "content": "q"}, {"role": "system", "content": "s"}]}, "lossy"),
        ({"reasoning_effort": "high", "max_completion_tokens": 9000}, "lossy"),
    ],
    ids=str,
)
def test_how_a_request_comes_home(changes: dict[str, Any], outcome: str) -> None:
    crossing = cross(bytes_of(**changes), OPENAI, ANTHROPIC, CLAUDE, GPT)
    assert crossing.outcome == outcome, crossing.silent


def test_one_of_the_other_dialect() -> None:
    body = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 5,
        "top_k": 3,
        "messages": [{"role": "user", "content": "q"}],
    }
    crossing = cross(json.dumps(body).encode(), ANTHROPIC, OPENAI, GPT, CLAUDE)
    assert crossing.outcome == "lossy"
    assert [one.path for one in crossing.differences] == ["top_k"]


@pytest.mark.parametrize(
    ("forgotten", "changes", "path"),
    [
        ({"temperature": None}, {"temperature": 0.5}, "temperature"),
        ({"stop": ()}, {"stop": ["x"]}, "stop"),
        ({"user": None}, {"user": "u"}, "user"),
        ({"messages": ()}, {}, "messages[1]"),
        (
            {"parallel_tool_calls": None, "tools": ()},
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
            "tools",
        ),
    ],
    ids=str,
)
def test_silence_is_found_out(forgotten: dict[str, Any], changes: dict[str, Any], path: str) -> None:
    crossing = cross(bytes_of(**changes), OPENAI, Forgetful(**forgotten), CLAUDE, GPT)
    assert crossing.outcome == "failing"
    assert path in [one.path for one in crossing.silent]


def test_a_call_without_an_id_may_be_given_one() -> None:
    call = {"type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "r"},
    ]
    body = bytes_of(messages=messages)
    crossing = cross(body, OPENAI, CHAT["gemini-generate"], Target("gemini-2.5-pro"), GPT)
    assert crossing.silent == ()
    assert any(difference.path.endswith("id") for difference in crossing.differences)


def test_a_request_that_is_only_counted_is_held_to_paths_in_its_wrapping() -> None:
    body = {
        "input": {"converse": {"messages": [], "additionalModelRequestFields": {"anthropic_beta": ["b"]}}}
    }
    crossing = cross(json.dumps(body).encode(), CHAT["bedrock-converse"], OPENAI, GPT, Target("m"))
    assert crossing.silent == ()
    assert [difference.path for difference in crossing.differences] == [
        "input.converse.additionalModelRequestFields"
    ]


def test_a_document_may_move_only_where_that_is_declared() -> None:
    document = {"format": "txt", "name": "policy", "source": {"text": "Twenty days."}}
    turns = [
        {"role": "user", "content": [{"document": document}, {"text": "How many?"}]},
        {"role": "assistant", "content": [{"text": "Twenty."}]},
        {"role": "user", "content": [{"text": "Sure?"}]},
    ]
    converse = CHAT["bedrock-converse"]
    crossing = cross(
        json.dumps({"messages": turns}).encode(),
        converse,
        CHAT["cohere-chat"],
        Target("command-a"),
        Target("m"),
    )
    assert "document.place" in {loss.code for loss in crossing.losses}
    assert crossing.silent == ()
