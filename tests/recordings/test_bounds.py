"""What budgets rest on: no recorded call used more than its body let us hold for it."""

from collections.abc import Iterator
from pathlib import Path

from counterpoint.canonical import Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.registry import CHAT
from counterpoint.directory import Directory, Offering
from counterpoint.gateway.asking import asking
from counterpoint.gateway.bounds import Bounds
from counterpoint.testing.recordings import Recording, recordings

KINDS = {
    "openai-chat": "openai-chat",
    "openai-responses": "openai-responses",
    "anthropic-messages": "anthropic-messages",
    "gemini-generate": "gemini-generate",
    "gemini-stream": "gemini-generate",
    "bedrock-converse": "bedrock-converse",
    "bedrock-converse-stream": "bedrock-converse",
    "cohere-v2-chat": "cohere-chat",
    "mistral-chat": "mistral-chat",
}
CONTEXT = 1_000_000
BEYOND = ("test_groq_model_web_search_tool", "test_groq_web_search_tool_domain", "reasoning_mode_pro")
"""Models that call others by themselves, and one that takes several ways at once."""
PROMPTED = {"openrouter_stream_with_native_options": 400}
"""A model with a prompt of its own, which no request tells of, and so many tokens of it that are not held for."""


def used(dialect: str, recording: Recording) -> Usage | None:
    """What its host counted."""
    body, chat = recording.response_body, CHAT[dialect]
    try:
        if not (recording.stream or body.startswith((b"data:", b"event:"))):
            return chat.read(body).usage
        decoder = chat.stream_decoder()
        events = [*decoder.feed(body), *decoder.close()]
    except Refused:
        return None
    told = [usage for event in events if isinstance(usage := getattr(event, "usage", None), Usage)]
    return next((usage for usage in reversed(told) if usage.reported), None)


def counted(folder: Path) -> Iterator[tuple[str, Recording, Usage]]:
    for kind, dialect in KINDS.items():
        for recording in recordings(folder, kind):
            if recording.status == 200 and recording.request_body:
                usage = used(dialect, recording)
                if usage is not None and usage.reported:
                    yield dialect, recording, usage


def test_no_recorded_call_used_more_than_is_held_for_it(shared: Path) -> None:
    bounds, many, over = Bounds(Directory()), 0, []
    for dialect, recording, usage in counted(shared / "data" / "provider-recordings"):
        many += 1
        asked = asking("chat", dialect, recording.request_body)
        most = bounds.of(asked, Offering("h", "m", "m", context=CONTEXT)).tokens
        said = min(asked.output or CONTEXT, CONTEXT) * asked.choices
        more = next((each for name, each in PROMPTED.items() if name in recording.name), 0)
        beyond = any(name in recording.name for name in BEYOND)
        if not beyond and (usage.input_total > most - said + more or usage.output_total > said):
            over.append(recording.name)
    assert over == []
    assert many > 3_000
