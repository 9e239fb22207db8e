"""What one call is charged by, read from the answer that passes by."""

from typing import Any

import msgspec

from counterpoint.canonical import Failure, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.jsonio import NotJsonError, not_an_answer, parse
from counterpoint.dialects.openai_chat.errors import failure_in
from counterpoint.dialects.openai_operations.usage import usage_from


class _Read(msgspec.Struct):
    """What is read of an answer; pictures and texts, nearly all of it, are passed over."""

    usage: Any = None
    error: Any = None
    data: list[msgspec.Raw] | None = None
    duration: float | None = None
    size: Any = None
    quality: Any = None
    audio_data: str | None = None


class _Event(msgspec.Struct):
    type: Any = None
    usage: Any = None
    error: Any = None
    size: Any = None
    quality: Any = None


_decode = msgspec.json.Decoder(_Read).decode
_decode_event = msgspec.json.Decoder(_Event).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class PassingMeter:
    """Reads usage wherever it stands. `counted`: what the request alone says is charged; used if the answer says
    nothing of its own. `unit`: see `base.Meter`."""

    media_type: str | None = None

    def __init__(self, counted: Usage = UNREPORTED, unit: str = "") -> None:
        self.usage = counted
        self.unit = unit
        self.complete = False
        self.ended = False

    def whole(self, body: bytes) -> bytes:
        """Raises `Refused` if `body` is no JSON, or tells of a failure."""
        try:
            read = _decode(body)
        except _UNREADABLE:
            read = _read_leniently(body)
        if read.error:
            failure = failure_in(parse(body))
            raise Refused(failure) if failure is not None else not_an_answer("dialects.upstream.not_json")
        return self.take(read, body)

    def take(self, read: _Read, body: bytes) -> bytes:
        """A whole answer that is none of a failure; what the client gets."""
        self.note(usage_from(read.usage))
        return body

    def note(self, usage: Usage) -> None:
        """What the answer says it used."""
        if usage.reported:
            self.usage = usage

    def event(self, data: bytes) -> Failure | None:
        """One event; usage stands in the last one, whose type ends in `.done` or `.completed`."""
        if data == b"[DONE]":
            self.complete = self.ended = True
            return None
        try:
            event = _decode_event(data)
        except _UNREADABLE:
            return not_an_answer("dialects.upstream.garbage").failure
        if event.error or event.type == "error":
            return failure_in(parse(data)) or not_an_answer("dialects.upstream.failed_mid").failure
        self.note(usage_from(event.usage))
        if isinstance(event.type, str) and event.type.endswith((".done", ".completed")):
            self.ended = True
            self.last(event)
        return None

    def last(self, event: _Event) -> None:
        """The event that ends a stream."""


def _read_leniently(body: bytes) -> _Read:
    try:
        value = parse(body)
    except NotJsonError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    fields = value if isinstance(value, dict) else {}
    return _Read(usage=fields.get("usage"), error=fields.get("error"))
