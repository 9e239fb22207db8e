"""A request to count tokens, and the count."""

import json

import pytest

from counterpoint.canonical import ChatRequest, Message, Text, Tool
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.counting import AnthropicCounter
from counterpoint.dialects.base import Target

REQUEST = ChatRequest(
    "m", (Message("system", (Text("s"),)), Message("user", (Text("u"),))), (Tool("f"),), temperature=1
)


def test_only_what_counts_is_sent() -> None:
    encoded = AnthropicCounter().encode_count(REQUEST, Target("claude-sonnet-4-5"), "openai-chat")
    assert set(json.loads(encoded.body)) == {"model", "system", "messages", "tools"}
    assert encoded.losses == ()


def test_the_count() -> None:
    assert AnthropicCounter().decode_count(b'{"input_tokens":7}') == 7


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"input_tokens":"7"}'])
def test_no_count(body: bytes) -> None:
    with pytest.raises(Refused):
        AnthropicCounter().decode_count(body)
