"""Requests of another dialect for these tests, and what becomes of them."""

from typing import Any

from counterpoint.canonical import ChatRequest, Message, Part, Role, Text
from counterpoint.dialects.anthropic_messages.adapting import adapted
from counterpoint.dialects.base import Target

BUDGET = Target("claude-sonnet-4-5", max_output_default=4096)
ADAPTIVE = Target("claude-opus-4-7", max_output_default=4096)


def said(role: Role, *parts: Part | str, **fields: Any) -> Message:
    """A message of texts and other parts."""
    return Message(role, tuple(Text(part) if isinstance(part, str) else part for part in parts), **fields)


def become(request: ChatRequest, target: Target = BUDGET) -> tuple[ChatRequest, dict[str, str]]:
    """What becomes of it, and path and code of every loss but that of the default limit."""
    after, losses = adapted(request, target, "openai-chat")
    return after, {loss.path: loss.code for loss in losses if loss.code != "max_output.default"}


def asked(*messages: Message, **fields: Any) -> ChatRequest:
    """A request with these messages, or one of one question."""
    return ChatRequest("m", messages or (said("user", "Hi"),), **fields)
