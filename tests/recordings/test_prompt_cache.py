"""A growing conversation, translated, begins with the very bytes of its earlier state: hosts that keep what they have
read charge less for it, and a rewrite that changes the beginning would turn each hit into a miss."""

import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest

from counterpoint.canonical import ChatRequest, Refused
from counterpoint.dialects.base import ChatDialect, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.checking import journey
from counterpoint.testing.conformance import FILED
from counterpoint.testing.recordings import recordings

PAIRS = list(permutations(CHAT.values(), 2))
NAMES = [f"{home.name} through {abroad.name}" for home, abroad in PAIRS]
SAID = ("messages", "input", "contents", "prompt")
"""Fields that hold the conversation."""
MOST = 60
"""Conversations of one dialect: the longest."""


@pytest.fixture(scope="module")
def conversations(shared: Path) -> dict[str, list[tuple[str, ChatRequest]]]:
    """Recorded requests with an earlier state: what had been said before an answer that they repeat."""
    folder = shared / "data" / "provider-recordings"
    found: dict[str, list[tuple[str, ChatRequest]]] = {}
    for name, dialect in CHAT.items():
        every = [
            (recording.name, request)
            for filed in FILED.get(name, (name,))
            for recording in recordings(folder, filed)
            if (request := _request(dialect, recording.request_body)) and list(_earlier(request))
        ]
        every.sort(key=lambda item: -len(item[1].messages))
        found[name] = every[:MOST]
    return found


def _request(dialect: ChatDialect, body: bytes) -> ChatRequest | None:
    try:
        return dialect.decode_request(body)
    except Refused:
        return None


def _earlier(request: ChatRequest) -> Iterator[ChatRequest]:
    """The requests that came before it in the same conversation; with other instructions it is another."""
    messages = request.messages
    if any(message.role in {"system", "developer"} for message in messages[_leading(request) :]):
        return
    for index, message in enumerate(messages):
        if (
            message.role == "assistant"
            and messages[index - 1 : index]
            and messages[index - 1].role in {"user", "tool"}
        ):
            yield msgspec.structs.replace(request, messages=messages[:index])


def _leading(request: ChatRequest) -> int:
    roles = [message.role for message in request.messages]
    return next(
        (index for index, role in enumerate(roles) if role not in {"system", "developer"}), len(roles)
    )


def _beginning(body: bytes) -> bytes:
    """A body up to the end of what was said."""
    fields: dict[str, Any] = json.loads(body)
    name = next(name for name in SAID if name in fields)
    raw = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    said = bytes(raw[name])
    return body[: body.index(b'"%b":%b' % (name.encode(), said)) + len(name) + 3 + len(said) - 1]


@pytest.mark.parametrize(("home", "abroad"), PAIRS, ids=NAMES)
def test_what_was_said_before_stays_as_it_was(
    conversations: dict[str, list[tuple[str, ChatRequest]]], home: ChatDialect, abroad: ChatDialect
) -> None:
    there: Target = journey(home.name, abroad.name).there
    changed: dict[str, str] = {}
    for name, request in conversations[home.name]:
        try:
            encoded = abroad.encode_request(request, there, home.name)
            if any(loss.code.startswith("part.") for loss in encoded.losses):
                continue  # where a whole turn is lost, and declared, its neighbours are one
            later = encoded.body
            for earlier in _earlier(request):
                begun = _beginning(abroad.encode_request(earlier, there, home.name).body)
                if not later.startswith(begun) and not _is_lone_prompt(earlier, begun):
                    changed[name] = _where(begun, later)
        except Refused:
            continue
    assert changed == {}


def _is_lone_prompt(request: ChatRequest, begun: bytes) -> bool:
    """Where all that is said is one text, a single message is that text, and only a conversation says who speaks."""
    return b'"prompt":"' in begun and len(request.messages) - _leading(request) == 1


def _where(begun: bytes, later: bytes) -> str:
    place = next((i for i, (one, other) in enumerate(zip(begun, later, strict=False)) if one != other), 0)
    return f"{begun[max(0, place - 80) : place + 40]!r} became {later[max(0, place - 80) : place + 40]!r}"


def test_there_are_conversations_to_prove_it_on(
    conversations: dict[str, list[tuple[str, ChatRequest]]],
) -> None:
    held = {name: len(found) for name, found in conversations.items()}
    for name in ("openai-chat", "anthropic-messages", "openai-responses", "gemini-generate"):
        assert held[name] > 20, held
