"""Usage: `inputTokens` leave caches out, and `totalTokens` count everything.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html; `cacheDetails` tell what was put
into a cache by how long it is kept. Tokens of thinking are within `outputTokens` and not told apart.
Some models have counts of caches under other names, alone or beside these.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED

_HOUR = "1h"


def decode_usage(raw: Any) -> Usage:
    """The classes of a `usage`."""
    if type(raw) is not dict or ("inputTokens" not in raw and "outputTokens" not in raw):
        return UNREPORTED
    details = raw.get("cacheDetails")
    kept = [item for item in details if type(item) is dict] if type(details) is list else []
    for_an_hour = sum(_count(item, "inputTokens") for item in kept if item.get("ttl") == _HOUR)
    told = sum(_count(item, "inputTokens") for item in kept)
    written = max(_count(raw, "cacheWriteInputTokens"), _count(raw, "cacheWriteInputTokenCount"), told)
    read = max(_count(raw, "cacheReadInputTokens"), _count(raw, "cacheReadInputTokenCount"))
    return Usage(
        input=_count(raw, "inputTokens"),
        cache_read=read,
        cache_write=written - for_an_hour,
        cache_write_1h=for_an_hour,
        output=_count(raw, "outputTokens"),
    )


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return value if type(value) is int and value > 0 else 0


def encode_usage(usage: Usage) -> dict[str, Any]:
    """As in an answer. Classes that this dialect does not know are counted as input and output."""
    read, written = usage.cache_read + usage.audio_cache_read, usage.cache_write + usage.cache_write_1h
    encoded: dict[str, Any] = {
        "inputTokens": usage.input_total - read - written,
        "outputTokens": usage.output_total,
        "totalTokens": usage.input_total + usage.output_total,
    }
    if read or written:
        encoded |= {"cacheReadInputTokens": read, "cacheWriteInputTokens": written}
    details = [("5m", usage.cache_write), (_HOUR, usage.cache_write_1h)]
    if written:
        encoded["cacheDetails"] = [{"ttl": ttl, "inputTokens": count} for ttl, count in details if count]
    return encoded
