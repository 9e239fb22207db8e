"""Usage across the border: this dialect's nested counts to disjoint classes, and back.

Here `prompt_tokens` includes what was read from or written to a cache and audio, and `completion_tokens`
includes reasoning and audio. Hosts that follow the dialect deviate:

* xAI's `completion_tokens` leaves reasoning out while `total_tokens` has it (docs.x.ai, "Understanding token
  usage"); more reasoning than completion can only mean the same (Vercel's gateway before Gemini).
* Perplexity's and xAI's own `reasoning_tokens` beside `completion_tokens` is never part of it, nor are
  Perplexity's `citation_tokens`.
* Cached tokens also stand in `prompt_cache_hit_tokens` (DeepSeek), `cached_tokens` (Moonshot, Together),
  `num_cached_tokens` (Mistral) or `cache_read_input_tokens` (Databricks, LiteLLM).

Image tokens of the input stay in `input`: chat models charge them as text. A total that exceeds the sum by
something the host does not name is not guessed at.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED

_NOTHING: Mapping[str, Any] = {}
_ELSEWHERE = frozenset(
    (
        "prompt_cache_hit_tokens",
        "cached_tokens",
        "num_cached_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "reasoning_tokens",
        "citation_tokens",
        "server_tool_use_details",
        "server_tool_use",
        "num_search_queries",
    )
)
"""What only some hosts write beside the dialect's own counts: one look tells whether to look for any of it."""


def usage_from(body: Any) -> Usage:
    """The canonical usage of a `usage` object; unreported if it is not one or counts nothing."""
    if type(body) is not dict:
        return UNREPORTED
    prompt = _count(body, "prompt_tokens", "input_tokens")
    completion = _count(body, "completion_tokens", "output_tokens")
    if prompt is None and completion is None:
        return UNREPORTED
    prompt_details = _counting(body, "prompt_tokens_details")
    completion_details = _counting(body, "completion_tokens_details")
    beside = _NOTHING if _ELSEWHERE.isdisjoint(body) else body
    if not (prompt_details or completion_details or beside):
        return Usage(input=prompt or 0, output=completion or 0)
    left = prompt or 0
    cache_read = cache_write = audio_cache_read = audio_in = 0
    if prompt_details or beside:
        cache_read, cache_write, audio_cache_read, audio_in, left = _read(prompt_details, beside, left)
    output = completion or 0
    reasoning = audio_out = image_out = 0
    if completion_details or beside:
        output, reasoning, audio_out, image_out = _output(
            body, completion_details, beside, prompt or 0, output
        )
    return Usage(
        left,
        cache_read,
        cache_write,
        output=output,
        reasoning=reasoning,
        audio_in=audio_in,
        audio_out=audio_out,
        audio_cache_read=audio_cache_read,
        image_out=image_out,
        web_searches=_searches(beside),
    )


def _read(
    details: Mapping[str, Any], beside: Mapping[str, Any], prompt: int
) -> tuple[int, int, int, int, int]:
    """Read from a cache, written to one, audio from one, other audio, and what is left, disjoint."""
    cached = _count(details, "cached_tokens") or _count(
        beside, "prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens", "cache_read_input_tokens"
    )
    written = _count(details, "cache_write_tokens", "cache_creation_tokens") or _count(
        beside, "cache_creation_input_tokens"
    )
    audio_cached = _count(_details(details, "cached_tokens_details"), "audio_tokens") or 0
    cache_read, left = _share(cached, prompt)
    cache_write, left = _share(written, left)
    audio_cache_read, cache_read = _share(audio_cached, cache_read)
    audio_in, left = _share((_count(details, "audio_tokens") or 0) - audio_cache_read, left)
    return cache_read, cache_write, audio_cache_read, audio_in, left


def _output(
    body: Mapping[str, Any],
    details: Mapping[str, Any],
    beside: Mapping[str, Any],
    prompt: int,
    completion: int,
) -> tuple[int, int, int, int]:
    """Visible, reasoning, audio and image output, disjoint."""
    reasoning = _count(details, "reasoning_tokens") or 0
    apart = 0
    if beside and "reasoning_tokens" not in _details(body, "completion_tokens_details"):
        apart = _count(beside, "reasoning_tokens") or 0
    total = _count(body, "total_tokens")
    if reasoning and (reasoning > completion or total == prompt + completion + reasoning):
        completion += reasoning
    left = completion
    reasoning, left = _share(reasoning, left)
    audio, left = _share(_count(details, "audio_tokens"), left)
    image, left = _share(_count(details, "image_tokens"), left)
    return left + (_count(beside, "citation_tokens") or 0), reasoning + apart, audio, image


def _searches(body: Mapping[str, Any]) -> int:
    if not body:
        return 0
    tools = _details(body, "server_tool_use_details") or _details(body, "server_tool_use")
    return _count(tools, "web_search_requests") or _count(body, "num_search_queries") or 0


def _details(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if type(value) is dict else _NOTHING


def _counting(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of that name if it counts anything; most hold only zeros and need not be searched."""
    details = _details(body, name)
    return details if any(details.values()) else _NOTHING


def _count(body: Mapping[str, Any], *names: str) -> int | None:
    """The first of `names` that holds a whole number, never below zero."""
    if not body:
        return None
    for name in names:
        value = body.get(name)
        if type(value) is int:
            return max(0, value)
        if type(value) is float and value.is_integer():
            return max(0, int(value))
    return None


def _share(part: int | None, whole: int) -> tuple[int, int]:
    """`part` of `whole`, at most all of it, and what is left: a host may claim more than there is."""
    if not part:
        return 0, whole
    share = max(0, min(part or 0, whole))
    return share, whole - share


def usage_body(usage: Usage) -> dict[str, Any]:
    """The `usage` object a client of this dialect expects."""
    prompt, completion = usage.input_total, usage.output_total
    prompt_details: dict[str, Any] = {
        "cached_tokens": usage.cache_read + usage.audio_cache_read,
        "audio_tokens": usage.audio_in + usage.audio_cache_read,
    }
    written = usage.cache_write + usage.cache_write_1h
    if written:
        prompt_details["cache_write_tokens"] = written
    if usage.image_in:
        prompt_details["image_tokens"] = usage.image_in
    if usage.audio_cache_read:
        prompt_details["cached_tokens_details"] = {"audio_tokens": usage.audio_cache_read}
    completion_details = {"reasoning_tokens": usage.reasoning, "audio_tokens": usage.audio_out}
    if usage.image_out:
        completion_details["image_tokens"] = usage.image_out
    body: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": prompt_details,
        "completion_tokens_details": completion_details,
    }
    if usage.web_searches:
        body["server_tool_use_details"] = {"web_search_requests": usage.web_searches}
    return body
