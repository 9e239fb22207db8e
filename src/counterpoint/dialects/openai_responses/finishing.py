"""Why an answer ended: this dialect's `status` and `incomplete_details`, and the hub's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.canonical import Finish, FinishReason, Part, ToolCall

_CUT_SHORT: dict[str, FinishReason] = {
    "max_output_tokens": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}
_GOING_ON = {"queued", "in_progress"}
"""A background answer that is still being made."""

_WORDS: dict[FinishReason, str] = {
    "length": "max_output_tokens",
    "content_filter": "content_filter",
    "refusal": "content_filter",
}

INEXACT: frozenset[FinishReason] = frozenset({"refusal", "pause", "error", "other"})
"""Reasons for which this dialect has no word of its own."""


def finish_from(status: Any, details: Any, *, called: bool) -> Finish:
    """The finish of an answer. `called`: whether there are calls in it, whose results it waits for."""
    word = details.get("reason") if type(details) is dict else None
    if status == "incomplete":
        raw = word if type(word) is str else status
        return Finish(_CUT_SHORT.get(raw, "other"), raw)
    if status in _GOING_ON:
        return Finish("pause", status)
    if status == "cancelled":
        return Finish("other", status)
    return Finish("tool_calls" if called else "stop", status if type(status) is str else None)


def has_calls(parts: Sequence[Part]) -> bool:
    """Whether a client has something to run."""
    return any(isinstance(part, ToolCall) for part in parts)


def ended(finish: Finish | None) -> Mapping[str, Any]:
    """`status` and `incomplete_details` of an answer that came in another dialect."""
    word = _WORDS.get(finish.reason) if finish is not None else None
    if word is None:
        return {"status": "completed", "incomplete_details": None}
    return {"status": "incomplete", "incomplete_details": {"reason": word}}
