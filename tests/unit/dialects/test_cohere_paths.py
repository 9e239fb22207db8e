"""Where things stood in what a client of Cohere's API sent."""

import json

import pytest

from counterpoint.dialects.paths import locate
from counterpoint.dialects.registry import CHAT

BODY = {
    "model": "m",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {
            "role": "assistant",
            "tool_plan": "I look.",
            "content": [{"type": "text", "text": "c"}],
            "tool_calls": [{"id": "x", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "x", "content": "found"},
        {"role": "user", "content": "And?"},
    ],
    "documents": ["one", "two"],
}
REQUEST = CHAT["cohere-chat"].decode_request(json.dumps(BODY).encode())


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("max_output", "max_tokens"),
        ("output", "response_format"),
        ("output.schema", "response_format.schema"),
        ("tools[1]", "tools[1]"),
        ("messages[0].parts[0]", "messages[0].content"),
        ("messages[1]", "messages[1]"),
        ("messages[1].parts[1]", "messages[1].content[1]"),
        ("messages[2].parts[0]", "messages[2].tool_plan"),
        ("messages[2].parts[1]", "messages[2].content[0]"),
        ("messages[2].parts[2].x", "messages[2].tool_calls[0].x"),
        ("messages[3].parts[0].content[0]", "messages[3].content"),
        ("messages[3].parts[0].is_error", "messages[3].is_error"),
        ("messages[4].parts[0]", "documents[0]"),
        ("messages[4].parts[1]", "documents[1]"),
        ("messages[4].parts[2]", "messages[4].content"),
        ("messages[9].parts[2]", "messages[9]"),
    ],
)
def test_a_place_has_its_path(path: str, found: str) -> None:
    assert locate("cohere-chat", REQUEST, path) == found
