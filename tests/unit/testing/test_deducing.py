"""What a recording is told by its address or its answer."""

import json

import pytest

from counterpoint.testing.deducing import by_address, by_answer


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1/chat/completions", "openai-chat"),
        ("https://x.openai.azure.com/openai/deployments/a/chat/completions?api-version=1", "openai-chat"),
        ("https://api.mistral.ai/v1/chat/completions", "mistral-chat"),
        ("https://host/v1/messages", "anthropic-messages"),
        ("https://host/v1/messages/count_tokens", "anthropic-count-tokens"),
        ("https://host/v1beta/models/gemini-3:streamGenerateContent?alt=sse", "gemini-stream"),
        ("https://host/model/us.amazon.nova%3A0/converse-stream", "bedrock-converse-stream"),
        ("http://127.0.0.1:11434/api/chat", "ollama-chat"),
        ("https://example.org/index.html", None),
        ("http://[broken", None),
    ],
)
def test_an_address_tells_what_is_called(url: str, name: str | None) -> None:
    assert by_address(url) == name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (json.dumps({"object": "chat.completion", "choices": []}).encode(), "openai-chat"),
        (b'event: x\ndata: {"type": "message_start"}\n\n', "anthropic-messages"),
        (b'data: {"type": "response.created"}\n\n', "openai-responses"),
        (b'{"object": "something.else"}', None),
        (b"\x00\xff", None),
        (b"data: {broken\n\n", None),
        (b"[" * 100_000, None),
    ],
)
def test_an_answer_tells_what_was_asked(body: bytes, name: str | None) -> None:
    assert by_answer(body) == name
