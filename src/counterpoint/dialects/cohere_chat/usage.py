"""What an answer took and why it ended.

`usage.billed_units` is what is charged (https://docs.cohere.com/docs/rate-limits and the pricing page); `usage.tokens`
counts the maker's own preamble too and `cached_tokens` are a share of those, charged like the others. The classes are
those of the bill: what is cached stays in `input`. `reasoning_tokens` are a share of the output.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Finish, FinishReason, Usage
from counterpoint.canonical.usage import UNREPORTED


def decode_usage(raw: Any) -> Usage:
    """The classes of a `usage`."""
    if type(raw) is not dict:
        return UNREPORTED
    billed, tokens = _object(raw, "billed_units"), _object(raw, "tokens")
    counted = billed if "input_tokens" in billed or "output_tokens" in billed else tokens
    if not counted:
        return UNREPORTED
    output = _count(counted, "output_tokens")
    reasoning = min(output, _count(tokens, "reasoning_tokens"))
    return Usage(input=_count(counted, "input_tokens"), output=output - reasoning, reasoning=reasoning)


def _object(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if type(value) is dict else {}


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    if type(value) is float and value.is_integer():  # the API's own description has them as doubles
        value = int(value)
    return value if type(value) is int and value > 0 else 0


def encode_usage(usage: Usage) -> dict[str, Any]:
    """As in an answer."""
    counted = {"input_tokens": usage.input_total, "output_tokens": usage.output_total}
    tokens = {**counted, "reasoning_tokens": usage.reasoning} if usage.reasoning else counted
    return {"billed_units": counted, "tokens": tokens, "cached_tokens": usage.cache_read}


_REASONS: dict[str, FinishReason] = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR": "error",
    "ERROR_TOXIC": "content_filter",
    "TIMEOUT": "error",
}
_WORDS: dict[FinishReason, str] = {
    "stop": "COMPLETE",
    "length": "MAX_TOKENS",
    "tool_calls": "TOOL_CALL",
    "content_filter": "ERROR_TOXIC",
    "refusal": "COMPLETE",
    "pause": "COMPLETE",
    "error": "ERROR",
    "other": "COMPLETE",
}
INEXACT: frozenset[FinishReason] = frozenset({"refusal", "pause", "other"})
"""Reasons for which this dialect has no word of its own."""


def decode_finish(raw: Any) -> Finish | None:
    """`None` while there is none."""
    return Finish(_REASONS.get(raw, "other"), raw) if type(raw) is str and raw else None


def encode_finish(finish: Finish | None, *, own: bool) -> str:
    """The `finish_reason`; an answer that came in this dialect (`own`) keeps its word."""
    if finish is None:
        return "COMPLETE"
    if finish.raw is not None and (own or finish.raw in _REASONS):
        return finish.raw
    return "STOP_SEQUENCE" if finish.stop_sequence is not None else _WORDS[finish.reason]
