"""Usage: `usageMetadata`, in which the prompt includes what came from a cache, and thoughts stand beside the answer.

https://ai.google.dev/api/generate-content#UsageMetadata. Modalities of tokens are told in lists beside the sums.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED

_SUMS = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "toolUsePromptTokenCount")

_MODALITIES = {"TEXT": 1, "IMAGE": 2, "VIDEO": 3, "AUDIO": 4, "DOCUMENT": 5}
"""Their numbers, which stand for the words where a client asked for numbers."""


def decode_usage(raw: Any) -> Usage:
    """The classes of a `usageMetadata`."""
    if type(raw) is not dict or not any(name in raw for name in _SUMS):
        return UNREPORTED
    cached, heard_before = (
        _count(raw, "cachedContentTokenCount"),
        _modality(raw, "cacheTokensDetails", "AUDIO"),
    )
    prompt = _count(raw, "promptTokenCount") + _count(raw, "toolUsePromptTokenCount")
    heard = _modality(raw, "promptTokensDetails", "AUDIO")
    fresh_audio = max(0, heard - heard_before)
    seen = _pictures(raw, "promptTokensDetails") - _pictures(raw, "cacheTokensDetails")
    fresh_pictures = min(max(0, seen), max(0, prompt - cached - fresh_audio))
    answer = _count(raw, "candidatesTokenCount")
    spoken = min(answer, _modality(raw, "candidatesTokensDetails", "AUDIO"))
    drawn = min(answer - spoken, _modality(raw, "candidatesTokensDetails", "IMAGE"))
    return Usage(
        input=max(0, prompt - cached - fresh_audio - fresh_pictures),
        cache_read=max(0, cached - heard_before),
        audio_in=fresh_audio,
        audio_cache_read=heard_before,
        image_in=fresh_pictures,
        output=answer - spoken - drawn,
        audio_out=spoken,
        image_out=drawn,
        reasoning=_count(raw, "thoughtsTokenCount"),
    )


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return value if type(value) is int and value > 0 else 0


def _pictures(raw: Mapping[str, Any], name: str) -> int:
    """Pages of a document are read as pictures (https://ai.google.dev/gemini-api/docs/document-processing)."""
    return _modality(raw, name, "IMAGE") + _modality(raw, name, "DOCUMENT")


def _modality(raw: Mapping[str, Any], name: str, modality: str) -> int:
    listed = raw.get(name)
    if type(listed) is not list:
        return 0
    return sum(
        _count(item, "tokenCount")
        for item in listed
        if type(item) is dict and item.get("modality") in (modality, _MODALITIES[modality])
    )


def encode_usage(usage: Usage) -> dict[str, Any]:
    """As in an answer; nulls and zeros are left out, as the API does."""
    prompt = usage.input_total
    answer = usage.output + usage.audio_out + usage.image_out
    encoded: dict[str, Any] = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": answer,
        "totalTokenCount": prompt + answer + usage.reasoning,
    }
    if usage.reasoning:
        encoded["thoughtsTokenCount"] = usage.reasoning
    cached = usage.cache_read + usage.audio_cache_read
    if cached:
        encoded["cachedContentTokenCount"] = cached
    heard = usage.audio_in + usage.audio_cache_read
    if heard or usage.image_in:
        encoded["promptTokensDetails"] = _details(
            TEXT=prompt - heard - usage.image_in, AUDIO=heard, IMAGE=usage.image_in
        )
    if usage.audio_out or usage.image_out:
        encoded["candidatesTokensDetails"] = _details(
            TEXT=usage.output, AUDIO=usage.audio_out, IMAGE=usage.image_out
        )
    if usage.audio_cache_read:
        encoded["cacheTokensDetails"] = _details(TEXT=usage.cache_read, AUDIO=usage.audio_cache_read)
    return encoded


def _details(**counts: int) -> list[dict[str, Any]]:
    return [{"modality": name, "tokenCount": count} for name, count in counts.items() if count]
