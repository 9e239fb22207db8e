"""Usage across the border: nested counts to disjoint classes, and back.

Here `input_tokens` includes what was read from or written to a cache, and `output_tokens` includes reasoning.
Searches on the web are billed by the call; they are told beside the usage, in `tool_usage` (OpenAI) or within it, in
`server_side_tool_usage_details` (xAI).
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED

_NOTHING: Mapping[str, Any] = {}


def usage_from(body: Any, tools: Any = None) -> Usage:
    """The canonical usage of a `usage` object; unreported if it is not one or counts nothing. `tools`: the
    answer's `tool_usage`."""
    if type(body) is not dict:
        return UNREPORTED
    asked, answered = _count(body, "input_tokens"), _count(body, "output_tokens")
    if asked is None and answered is None:
        return UNREPORTED
    read = _inner(body, "input_tokens_details")
    cached, left = _share(_count(read, "cached_tokens"), asked or 0)
    written, left = _share(_count(read, "cache_write_tokens"), left)
    audio_in, left = _share(_count(read, "audio_tokens"), left)
    made = _inner(body, "output_tokens_details")
    reasoning, visible = _share(_count(made, "reasoning_tokens"), answered or 0)
    audio_out, visible = _share(_count(made, "audio_tokens"), visible)
    return Usage(
        input=left,
        cache_read=cached,
        cache_write=written,
        output=visible,
        reasoning=reasoning,
        audio_in=audio_in,
        audio_out=audio_out,
        web_searches=_searches(body, tools),
    )


def _searches(body: Mapping[str, Any], tools: Any) -> int:
    told = _count(_inner(tools, "web_search"), "num_requests") if type(tools) is dict else None
    return told or _count(_inner(body, "server_side_tool_usage_details"), "web_search_calls") or 0


def _inner(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if type(value) is dict else _NOTHING


def _count(body: Mapping[str, Any], name: str) -> int | None:
    """A whole number, never below zero."""
    value = body.get(name)
    if type(value) is float and value.is_integer():
        value = int(value)
    return max(0, value) if type(value) is int else None


def _share(part: int | None, whole: int) -> tuple[int, int]:
    """`part` of `whole`, at most all of it, and what is left: a host may claim more than there is."""
    share = min(part or 0, whole)
    return share, whole - share


def usage_body(usage: Usage) -> dict[str, Any]:
    """The `usage` object a client of this dialect expects."""
    asked, answered = usage.input_total, usage.output_total
    return {
        "input_tokens": asked,
        "input_tokens_details": {
            "cached_tokens": usage.cache_read + usage.audio_cache_read,
            "cache_write_tokens": usage.cache_write + usage.cache_write_1h,
        },
        "output_tokens": answered,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": asked + answered,
    }
