"""Usage: this dialect's counts to disjoint classes and back.

Its `input_tokens` leave caches out; cache writes are told apart by lifetime in `cache_creation` (older answers
have only their sum, which is the five-minute kind); thinking is within `output_tokens` and told apart only in
`output_tokens_details`.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED

_NOTHING: Mapping[str, Any] = {}


_TIERS = {"default": "standard", "standard": "standard", "priority": "priority", "batch": "batch"}
"""Service tiers of answers in this dialect's words, by those that other dialects have for the same."""


def decode_tier(raw: Any) -> str | None:
    """The tier that served the answer; the usual one is called `default` in the hub."""
    tier = raw.get("service_tier") if type(raw) is dict else None
    return "default" if tier == "standard" else tier if type(tier) is str else None


def encode_tier(usage: dict[str, Any], tier: str | None) -> None:
    """Put the tier where this dialect's clients look for it: into the usage."""
    if tier in _TIERS:
        usage["service_tier"] = _TIERS[tier]


def decode_usage(raw: Any) -> Usage:
    """The `usage` of an answer, or of stream events merged by `merged`."""
    if type(raw) is not dict or ("input_tokens" not in raw and "output_tokens" not in raw):
        return UNREPORTED
    written, written_1h = _cache_writes(raw)
    output = _count(raw, "output_tokens")
    thinking = min(_count(_inner(raw, "output_tokens_details"), "thinking_tokens"), output)
    return Usage(
        input=_count(raw, "input_tokens"),
        cache_read=_count(raw, "cache_read_input_tokens"),
        cache_write=written,
        cache_write_1h=written_1h,
        output=output - thinking,
        reasoning=thinking,
        web_searches=_count(_inner(raw, "server_tool_use"), "web_search_requests"),
    )


def _cache_writes(raw: Mapping[str, Any]) -> tuple[int, int]:
    """Tokens written for five minutes and for an hour; what the total has beyond both is of the first kind."""
    split = _inner(raw, "cache_creation")
    short, long = _count(split, "ephemeral_5m_input_tokens"), _count(split, "ephemeral_1h_input_tokens")
    return short + max(0, _count(raw, "cache_creation_input_tokens") - short - long), long


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return value if type(value) is int and value > 0 else 0


def _inner(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if type(value) is dict else _NOTHING


def merged(earlier: Mapping[str, Any], later: Any) -> dict[str, Any]:
    """A stream's counts so far: those of `message_delta` are cumulative and replace those of
    `message_start`, which stay where the delta says nothing."""
    if type(later) is not dict:
        return dict(earlier)
    return {**earlier, **{name: value for name, value in later.items() if value is not None}}


def encode_usage(usage: Usage) -> dict[str, Any]:
    """As in an answer. Classes that this dialect does not know are counted as input and output."""
    encoded: dict[str, Any] = {
        "input_tokens": usage.input + usage.audio_in + usage.image_in,
        "cache_creation_input_tokens": usage.cache_write + usage.cache_write_1h,
        "cache_read_input_tokens": usage.cache_read + usage.audio_cache_read,
        "output_tokens": usage.output_total,
    }
    if usage.cache_write or usage.cache_write_1h:
        encoded["cache_creation"] = {
            "ephemeral_5m_input_tokens": usage.cache_write,
            "ephemeral_1h_input_tokens": usage.cache_write_1h,
        }
    if usage.reasoning:
        encoded["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    if usage.web_searches:
        encoded["server_tool_use"] = {"web_search_requests": usage.web_searches, "web_fetch_requests": 0}
    return encoded
