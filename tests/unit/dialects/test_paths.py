"""Losses point into what the client wrote."""

import json

import pytest

from counterpoint.dialects.paths import locate
from counterpoint.dialects.registry import CHAT

OPENAI = json.dumps(
    {
        "model": "m",
        "max_tokens": 5,
        "reasoning": {"effort": "low"},
        "messages": [
            {"role": "user", "content": "plain"},
            {"role": "user", "content": [{"type": "text", "text": "one"}]},
            {
                "role": "assistant",
                "reasoning": "hm",
                "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
                "refusal": "no",
                "tool_calls": [
                    {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                    {"id": "2", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                ],
            },
            {"role": "tool", "tool_call_id": "1", "content": "r"},
            {"role": "tool", "tool_call_id": "2", "content": [{"type": "text", "text": "r"}]},
            {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}, "audio": {"id": "a"}},
        ],
    }
).encode()


@pytest.mark.parametrize(
    ("canonical", "written"),
    [
        ("messages[0]", "messages[0]"),
        ("messages[0].parts[0]", "messages[0].content"),
        ("messages[1].parts[0].cache_control", "messages[1].content[0].cache_control"),
        ("messages[2].parts[0]", "messages[2].reasoning"),
        ("messages[2].parts[2]", "messages[2].content[1]"),
        ("messages[2].parts[3]", "messages[2].refusal"),
        ("messages[2].parts[5]", "messages[2].tool_calls[1]"),
        ("messages[3].parts[0]", "messages[3]"),
        ("messages[3].parts[0].content[0]", "messages[3].content"),
        ("messages[4].parts[0].content[0]", "messages[4].content[0]"),
        ("messages[5].parts[0]", "messages[5].audio"),
        ("messages[5].parts[1]", "messages[5].function_call"),
        ("messages[9].parts[0]", "messages[9]"),
        ("max_output", "max_tokens"),
        ("output", "response_format"),
        ("reasoning", "reasoning"),
        ("tools[3]", "tools[3]"),
    ],
)
def test_openai_chat(canonical: str, written: str) -> None:
    request = CHAT["openai-chat"].decode_request(OPENAI)
    assert locate("openai-chat", request, canonical) == written


def test_an_unknown_source_keeps_the_canonical_path() -> None:
    request = CHAT["openai-chat"].decode_request(OPENAI)
    assert locate("elsewhere", request, "messages[0].parts[0]") == "messages[0].parts[0]"
