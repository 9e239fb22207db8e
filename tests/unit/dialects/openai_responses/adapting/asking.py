"""A canonical request of no dialect in particular, sent in this one."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, Message, Part, Role, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_responses.request_encoding import encode_request

Losses = list[tuple[str, str, str]]


def said(role: Role, *parts: Part | str, **fields: Any) -> ChatRequest:
    """One message of these parts."""
    known = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return ChatRequest("m", (Message(role, known),), **fields)


def sent(request: ChatRequest, *quirks: str, model: str = "gpt-4o") -> tuple[Any, Losses]:
    """The body for a target with these quirks, and code, path and severity of every loss."""
    encoded = encode_request(request, Target(model, quirks=frozenset(quirks)), "elsewhere")
    return json.loads(encoded.body), [(loss.code, loss.path, loss.severity) for loss in encoded.losses]
