"""Usage, and how long things took, in nanoseconds (https://docs.ollama.com/api/usage)."""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED

READ, WRITTEN = "prompt_eval_count", "eval_count"
TIMES = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")


def decode_usage(value: Mapping[str, Any]) -> Usage:
    """What an answer's last object counts. A prompt that was in the cache is not counted at all by older servers."""
    read, written = value.get(READ), value.get(WRITTEN)
    if type(read) is not int and type(written) is not int:
        return UNREPORTED
    return Usage(input=_count(read), output=_count(written))


def _count(value: Any) -> int:
    return max(0, value) if type(value) is int else 0


def encode_usage(usage: Usage) -> dict[str, int]:
    """The two counts; none where nothing is known."""
    if not usage.reported:
        return {}
    return {READ: usage.input_total, WRITTEN: usage.output_total}
