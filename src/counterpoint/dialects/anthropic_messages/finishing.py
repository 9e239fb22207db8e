"""Why an answer ended, in this dialect's words and the hub's."""

from collections.abc import Iterable

from counterpoint.canonical import Finish, FinishReason, Part, ToolCall

_REASONS: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "pause_turn": "pause",
    "compaction": "pause",
    "refusal": "refusal",
}

_WORDS: dict[FinishReason, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
    "refusal": "refusal",
    "pause": "pause_turn",
    "error": "end_turn",
    "other": "end_turn",
}

INEXACT: frozenset[FinishReason] = frozenset({"content_filter", "error", "other"})
"""Reasons for which this dialect has no word of its own."""


def decode_finish(reason: str | None, sequence: str | None) -> Finish | None:
    """`None` while the answer goes on."""
    if reason is None:
        return None
    return Finish(_REASONS.get(reason, "other"), reason, sequence)


def encode_finish(finish: Finish | None, parts: Iterable[Part]) -> str:
    """The `stop_reason`. A word that this dialect itself gave comes back; an answer with calls waits for
    their results, whatever word its host had for that (some say `stop`)."""
    if finish is None:
        return "end_turn"
    if finish.raw is not None and _REASONS.get(finish.raw) == finish.reason:
        return finish.raw
    if finish.reason == "stop":
        if any(isinstance(part, ToolCall) for part in parts):
            return "tool_use"
        if finish.stop_sequence is not None:
            return "stop_sequence"
    return _WORDS[finish.reason]
