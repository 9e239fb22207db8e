"""Usage as these operations report it, to disjoint classes.

Tokens (platform.openai.com/docs/api-reference/images, /audio): `input_tokens` and `output_tokens` with the share of
text, image and audio in `*_details`. Seconds: `{"type": "duration", "seconds": 4}`; Mistral writes
`prompt_audio_seconds` beside the tokens of the same audio, and charges the seconds (docs.mistral.ai, audio).
"""

from math import ceil
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED


def usage_from(body: Any, *, spoken: str = "output") -> Usage:
    """The canonical usage of a `usage` object; unreported if it is none. `spoken`: the class of output tokens that are
    not told apart: `image_out` for pictures, `audio_out` for speech."""
    if not isinstance(body, dict):
        return UNREPORTED
    seconds = _number(body, "seconds", "prompt_audio_seconds")
    read = _count(body, "input_tokens", "prompt_tokens")
    written = _count(body, "output_tokens", "completion_tokens")
    if seconds is None and read is None and written is None:
        return UNREPORTED
    details = _details(body, "input_tokens_details", "input_token_details", "prompt_tokens_details")
    audio, image = _count(details, "audio_tokens") or 0, _count(details, "image_tokens") or 0
    cached = min(_count(details, "cached_tokens") or 0, read or 0)
    if seconds is not None and audio:
        # The same audio twice: in seconds, which are charged, and in tokens, which may stand outside the sum.
        read = max((read or 0) - audio, 0) if (read or 0) >= audio else read
        audio = 0
    text = max((read or 0) - audio - image, 0)
    outside = max(cached - text, 0)  # a cache may hold pictures too
    outputs = _details(body, "output_tokens_details", "completion_tokens_details")
    drawn, said = _count(outputs, "image_tokens"), _count(outputs, "audio_tokens")
    rest = max((written or 0) - (drawn or 0) - (said or 0), 0)
    kind = spoken if drawn is None and said is None else "output"
    return Usage(
        input=max(text - cached, 0),
        cache_read=cached,
        audio_in=audio,
        image_in=max(image - outside, 0),
        audio_seconds=ceil(seconds or 0),
        output=rest if kind == "output" else 0,
        image_out=(drawn or 0) + (rest if kind == "image_out" else 0),
        audio_out=(said or 0) + (rest if kind == "audio_out" else 0),
    )


def _details(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return next((body[name] for name in names if isinstance(body.get(name), dict)), {})


def _number(body: dict[str, Any], *names: str) -> float | None:
    for name in names:
        value = body.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**40:
            return float(value)
    return None


def _count(body: dict[str, Any], *names: str) -> int | None:
    value = _number(body, *names)
    return None if value is None else int(value)
