"""Why an answer ended, in this dialect's words and the hub's.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, `stopReason`.
"""

from collections.abc import Iterable

from counterpoint.canonical import Finish, FinishReason, Part, ToolCall

_REASONS: dict[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "malformed_model_output": "error",
    "malformed_tool_use": "error",
}

_WORDS: dict[FinishReason, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "content_filtered",
    "refusal": "content_filtered",
    "pause": "end_turn",
    "error": "malformed_model_output",
    "other": "end_turn",
}

INEXACT: frozenset[FinishReason] = frozenset({"refusal", "pause", "error", "other"})
"""Reasons for which this dialect has no word of its own."""


def decode_finish(raw: str | None) -> Finish | None:
    """`None` while the answer goes on."""
    return None if raw is None else Finish(_REASONS.get(raw, "other"), raw)


def encode_finish(finish: Finish | None, parts: Iterable[Part], *, own: bool) -> str:
    """The `stopReason`; an answer that came in this dialect (`own`) keeps its word. An answer with calls waits for
    their results, whatever word its host had for that."""
    if finish is None:
        return "end_turn"
    if finish.raw is not None and (own or _REASONS.get(finish.raw) == finish.reason):
        return finish.raw
    if finish.reason == "stop":
        if any(isinstance(part, ToolCall) for part in parts):
            return "tool_use"
        if finish.stop_sequence is not None:
            return "stop_sequence"
    return _WORDS[finish.reason]
