"""Why an answer ended: this dialect's words, the words of hosts that follow it, and the hub's."""

from typing import Any

from counterpoint.canonical import Finish, FinishReason

_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    # Hosts' own words.
    "end_turn": "stop",
    "stop_sequence": "stop",
    "eos": "stop",
    "max_tokens": "length",
    "model_length": "length",
    "tool_use": "tool_calls",
    "error": "error",
    "insufficient_system_resource": "error",
}

_WORDS: dict[FinishReason, str] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "content_filter",
    "pause": "stop",
    "error": "stop",
    "other": "stop",
}
_OWN = {"stop", "length", "tool_calls", "function_call", "content_filter"}


def finish_from(raw: Any, stop_sequence: Any = None) -> Finish | None:
    """The canonical finish of a `finish_reason`; `None` while there is none."""
    if not isinstance(raw, str) or not raw:
        return None
    sequence = stop_sequence if isinstance(stop_sequence, str) else None
    return Finish(_REASONS.get(raw, "other"), raw, sequence)


def inferred_finish(*, called: bool) -> Finish:
    """The finish of a complete answer for which the host gave no reason."""
    return Finish("tool_calls" if called else "stop")


def finish_reason(finish: Finish | None, *, own: bool) -> str | None:
    """The word for a client; an answer that came in this dialect (`own`) keeps its host's."""
    if finish is None:
        return None
    if finish.raw is not None and (own or finish.raw in _OWN):
        return finish.raw
    return _WORDS[finish.reason]
