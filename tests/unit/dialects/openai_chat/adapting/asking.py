"""Requests from another dialect, and what this one makes of them."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, Message, Part, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_chat.request_encoding import encode_request

Losses = list[tuple[str, str, str]]


def sent(request: ChatRequest, *quirks: str, model: str = "gpt-4o") -> tuple[Any, Losses]:
    """The body for a target with these quirks, and code, path and severity of every loss."""
    encoded = encode_request(request, Target(model, quirks=frozenset(quirks)), "elsewhere")
    return json.loads(encoded.body), [(loss.code, loss.path, loss.severity) for loss in encoded.losses]


def said(role: Any, *parts: Part | str, **fields: Any) -> ChatRequest:
    """A request of one message."""
    return ChatRequest("m", (message(role, *parts),), **fields)


def message(role: Any, *parts: Part | str) -> Message:
    """A message of texts and other parts."""
    return Message(role, tuple(Text(part) if isinstance(part, str) else part for part in parts))
