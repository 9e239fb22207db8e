"""A request to count tokens, and the count."""

import json

import pytest

from counterpoint.canonical import ChatRequest, Message, Text, Tool
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.counting import GeminiCounter

REQUEST = ChatRequest(
    "m",
    (Message("system", (Text("s"),)), Message("user", (Text("u"),))),
    (Tool("f"),),
    max_output=5,
)


def test_everything_that_counts_is_wrapped() -> None:
    encoded = GeminiCounter().encode_count(REQUEST, Target("gemini-2.5-flash"), "openai-chat")
    inner = json.loads(encoded.body)["generateContentRequest"]
    assert inner["model"] == "models/gemini-2.5-flash"
    assert inner["systemInstruction"]["parts"] == [{"text": "s"}]
    assert set(inner) == {"model", "systemInstruction", "contents", "tools"}


def test_some_hosts_want_no_wrapping() -> None:
    target = Target("gemini-2.5-flash", quirks=frozenset({"unwrapped_count"}))
    assert set(json.loads(GeminiCounter().encode_count(REQUEST, target, "openai-chat").body)) == {
        "systemInstruction",
        "contents",
        "tools",
    }


def test_the_count() -> None:
    assert GeminiCounter().decode_count(b'{"totalTokens":7,"promptTokensDetails":[]}') == 7


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"totalTokens":"7"}'])
def test_no_count(body: bytes) -> None:
    with pytest.raises(Refused):
        GeminiCounter().decode_count(body)
