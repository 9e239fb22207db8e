"""One session overheard: which of its events tell the model something, and which are what it says.

A token is 100 ms of what is heard and 50 ms of what is said (platform.openai.com, "Managing costs", realtime).
"""

from typing import Any

import msgspec

from counterpoint.canonical import Usage
from counterpoint.dialects.overhearing import Overheard, Rates, Weight, decoded_size, weighed

_PICTURE = 1_000
_PCM, _G711 = 48_000, 8_000
"""Bytes of a second: 24,000 samples of 16 bits, 8,000 of 8."""
_SPOKEN = frozenset({"response.output_audio.delta", "response.audio.delta"})


class _Spoken(msgspec.Struct):
    type: Any = None
    delta: Any = None
    session: Any = None


_decode = msgspec.json.Decoder().decode
_decode_spoken = msgspec.json.Decoder(_Spoken).decode


class Listening:
    """Of one session."""

    def __init__(self) -> None:
        self._overheard = Overheard(_rates(_PCM, _PCM))
        self._open = 0  # bytes of sound that the client may still take back

    @property
    def usage(self) -> Usage:
        """About what the answer has used that is under way."""
        return self._overheard.usage

    def ended(self, usage: Usage) -> None:
        """An answer is whole."""
        self._overheard.ended(usage)
        self._open = 0

    def client(self, message: bytes) -> None:
        """One of the client's."""
        try:
            event = _decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return
        kind = event.get("type") if isinstance(event, dict) else None
        if kind == "input_audio_buffer.clear":
            self._overheard.forgets(self._open)
            self._open = 0
            return
        weight = weighed(event)
        if kind == "input_audio_buffer.append":
            self._open += weight.sound
        self._overheard.hears(weight)

    def host(self, message: bytes) -> None:
        """One of the host's."""
        if message.find(b'"delta"') < 0:
            self._told(message)
            return
        event = _spoken(message)
        if (
            isinstance(event.type, str)
            and event.type.startswith("response.")
            and isinstance(event.delta, str)
        ):
            if event.type in _SPOKEN:
                self._overheard.says(Weight(sound=decoded_size(event.delta)))
            else:
                self._overheard.says(Weight(text=len(event.delta.encode("utf-8", "replace"))))

    def _told(self, message: bytes) -> None:
        if message.find(b'"input_audio_buffer.committed"') >= 0:
            self._open = 0
        elif message.find(b'"session.') >= 0:
            session = _spoken(message).session
            if isinstance(session, dict):
                heard, said = _format(session, "input"), _format(session, "output")
                self._overheard.rates = _rates(_bytes_a_second(heard), _bytes_a_second(said))


def _spoken(message: bytes) -> _Spoken:
    try:
        return _decode_spoken(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Spoken()


def _rates(heard: int, said: int) -> Rates:
    return Rates(heard / 10, said / 20, _PICTURE)


def _format(session: dict[str, Any], way: str) -> Any:
    """Of the sound of one way: `audio.input.format.type`, formerly `input_audio_format`."""
    found: Any = session
    for name in ("audio", way, "format", "type"):
        found = found.get(name) if isinstance(found, dict) else None
    return found or session.get(f"{way}_audio_format")


def _bytes_a_second(name: Any) -> int:
    return _G711 if isinstance(name, str) and name.startswith(("g711", "audio/pcmu", "audio/pcma")) else _PCM
