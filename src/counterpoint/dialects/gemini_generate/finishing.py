"""Why an answer ended, in this dialect's words and the hub's.

https://ai.google.dev/api/generate-content#FinishReason; a prompt that was blocked has no candidate and a
`blockReason` instead.
"""

from typing import Any

from counterpoint.canonical import Finish, FinishReason

BLOCKED = "PROMPT_BLOCKED"
"""Not a word of the API: what stands as the raw reason where the prompt was blocked."""

_REASONS: dict[str, FinishReason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
    "MODEL_ARMOR": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "IMAGE_RECITATION": "content_filter",
    BLOCKED: "content_filter",
    "MALFORMED_FUNCTION_CALL": "error",
    "UNEXPECTED_TOOL_CALL": "error",
    "TOO_MANY_TOOL_CALLS": "error",
    "MALFORMED_RESPONSE": "error",
    "MISSING_THOUGHT_SIGNATURE": "error",
}

_WORDS: dict[FinishReason, str] = {
    "stop": "STOP",
    "length": "MAX_TOKENS",
    "tool_calls": "STOP",
    "content_filter": "SAFETY",
    "refusal": "SAFETY",
    "pause": "STOP",
    "error": "OTHER",
    "other": "OTHER",
}

_NUMBERS = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION", 5: "OTHER"}
"""Protocol buffers' JSON may have numbers for words (`$alt=json;enum-encoding=int`). From 6 on, the maker's two
hosts number the reasons differently (https://github.com/googleapis/googleapis, `FinishReason` in `google/ai` and in
`google/cloud/aiplatform`)."""


def reason_in(value: Any) -> str | None:
    """The word that stands in `finishReason`, or that the number there means."""
    if type(value) is int:
        return _NUMBERS.get(value, "OTHER") if value else None
    return value if type(value) is str else None


INEXACT: frozenset[FinishReason] = frozenset({"refusal", "pause", "error"})
"""Reasons for which this dialect has no word of its own."""


def decode_finish(raw: str | None, *, called: bool) -> Finish | None:
    """`None` while the answer goes on. Here an answer with calls ends like any other."""
    if raw is None or raw == "FINISH_REASON_UNSPECIFIED":
        return None
    reason = _REASONS.get(raw, "other")
    return Finish("tool_calls" if called and reason == "stop" else reason, raw)


def encode_finish(finish: Finish | None, *, own: bool) -> str | None:
    """The `finishReason`; an answer that came in this dialect (`own`) keeps its word."""
    if finish is None:
        return None
    if finish.raw is not None and (own or finish.raw in _REASONS):
        return finish.raw
    return _WORDS[finish.reason]
