"""Why an answer ended (https://docs.ollama.com/api/chat, `done_reason`). An answer with calls ends like any other."""

from counterpoint.canonical import Finish, FinishReason

LOADED = "load"
UNLOADED = "unload"
_REASONS: dict[str, FinishReason] = {"stop": "stop", "length": "length", "error": "error"}
_WORDS: dict[FinishReason, str] = {"length": "length"}
"""Any other reason is `stop`."""
INEXACT: frozenset[FinishReason] = frozenset({"content_filter", "refusal", "pause", "error", "other"})
"""Reasons for which there is no word here."""


def decode_finish(raw: object, *, called: bool) -> Finish:
    """The finish of an answer that is done; older servers give no reason."""
    word = raw if type(raw) is str and raw else None
    reason = _REASONS.get(word or "stop", "other")
    return Finish("tool_calls" if called and reason == "stop" else reason, word)


def encode_finish(finish: Finish | None, *, own: bool) -> str:
    """The `done_reason`; an answer that came in this dialect (`own`) keeps its word."""
    if finish is None:
        return "stop"
    if finish.raw is not None and own:
        return finish.raw
    return _WORDS.get(finish.reason, "stop")
