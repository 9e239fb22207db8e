"""What the model of a realtime session has heard and said, read from the messages that pass by: an estimate, for the
answer that breaks off before its host says what it used.

A model hears, for each answer, all that was said before it; what its host counted of the last one is known. Sound
counts by its length, text by its bytes, as where hosts cannot count (`gateway/estimate.py`).
"""

from math import ceil
from typing import Any

import msgspec

from counterpoint.canonical import Usage

_BYTES_PER_TOKEN = 4
_NO_TEXT = frozenset({"type", "id", "event_id", "item_id", "previous_item_id", "call_id", "role", "status"})


class Rates(msgspec.Struct, frozen=True):
    """Bytes of sound for one token, as heard and as said; tokens of a picture."""

    heard: float
    said: float
    picture: int


class Weight(msgspec.Struct, frozen=True):
    """Bytes of text and of sound, and pictures."""

    text: int = 0
    sound: int = 0
    pictures: int = 0


class Overheard:
    """Of one session. `rates` may change on its way."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._before = Usage()
        self._text = self._said_text = 0
        self._sound = self._spoken = 0.0
        self._pictures = 0

    def hears(self, weight: Weight) -> None:
        """The model is told something."""
        self._text += weight.text
        self._sound += weight.sound / self.rates.heard
        self._pictures += weight.pictures * self.rates.picture

    def forgets(self, sound: int) -> None:
        """So many bytes of sound were taken back."""
        self._sound = max(0.0, self._sound - sound / self.rates.heard)

    def says(self, weight: Weight) -> None:
        """The model answers."""
        self._said_text += weight.text
        self._spoken += weight.sound / self.rates.said

    def ended(self, usage: Usage) -> None:
        """An answer is whole. `usage`: as its host counts it, if it does."""
        whole = usage if usage.reported else self.usage
        self._before = Usage(
            input=whole.input + whole.output,
            cache_read=whole.cache_read,
            audio_in=whole.audio_in + whole.audio_out,
            audio_cache_read=whole.audio_cache_read,
            image_in=whole.image_in + whole.image_out,
        )
        self._text = self._said_text = self._pictures = 0
        self._sound = self._spoken = 0.0

    @property
    def usage(self) -> Usage:
        """About what the answer has used that is under way."""
        before = self._before
        return msgspec.structs.replace(
            before,
            input=before.input + -(-self._text // _BYTES_PER_TOKEN),
            audio_in=before.audio_in + ceil(self._sound),
            image_in=before.image_in + self._pictures,
            output=-(-self._said_text // _BYTES_PER_TOKEN),
            audio_out=ceil(self._spoken),
            reported=False,
        )


def weighed(value: Any) -> Weight:
    """What there is to read, to hear and to see in a message, or in a piece of one: sound and pictures stand in it as
    base64, in a field named for them or beside their media type."""
    text = sound = pictures = 0
    pending: list[tuple[str, Any]] = [("", value)]
    for name, each in pending:  # which grows meanwhile
        if isinstance(each, dict):
            kind, data = each.get("mimeType"), each.get("data")
            if not isinstance(kind, str) or not isinstance(data, str):
                pending += each.items()
            elif kind.startswith("audio/"):
                sound += decoded_size(data)
            else:
                pictures += 1
        elif isinstance(each, list):
            pending += [(name, item) for item in each]
        elif not isinstance(each, str) or name in _NO_TEXT:
            continue
        elif name == "audio":
            sound += decoded_size(each)
        elif name == "image_url":
            pictures += 1
        else:
            text += len(each.encode("utf-8", "replace"))
    return Weight(text, sound, pictures)


def decoded_size(text: str) -> int:
    """Of what a base64 text stands for."""
    return len(text) * 3 // 4
