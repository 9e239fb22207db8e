"""The way past the hub: client and upstream both speak this dialect, and only what must be known is read."""

from typing import Any

import msgspec

from counterpoint.canonical import Failure, FinishReason
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Reading
from counterpoint.dialects.cohere_chat.errors import encode_stream_error
from counterpoint.dialects.cohere_chat.responses import read_answer
from counterpoint.dialects.cohere_chat.streams import broken, failure_in, inner
from counterpoint.dialects.cohere_chat.usage import decode_finish, decode_usage
from counterpoint.dialects.jsonio import Fields, parse
from counterpoint.dialects.relaying import StreamRelay
from counterpoint.wire import FrameTooLong, SseCutter, frame_of


class _Answer(msgspec.Struct):
    """What a relay reads of a whole answer; `message` only has to be there."""

    message: msgspec.Raw
    id: str = ""
    finish_reason: str | None = None
    usage: dict[str, Any] | None = None


_answer = msgspec.json.Decoder(_Answer).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read(body: bytes) -> Reading:
    """What a whole relayed answer says of itself. Raises `Refused` if it is none."""
    try:
        answer = _answer(body)
        whole = bytes(answer.message).startswith(b"{")
    except _UNREADABLE:
        whole = False
    if not whole:
        fields = Fields(read_answer(body), strict=False)
        usage, reason, answer_id = fields.object("usage"), fields.text("finish_reason"), fields.text("id")
        return Reading(decode_usage(usage), _reason(reason), None, answer_id)
    return Reading(decode_usage(answer.usage), _reason(answer.finish_reason), None, answer.id or None)


def _reason(word: Any) -> FinishReason | None:
    finish = decode_finish(word)
    return None if finish is None else finish.reason


_END, _START = b'"message-end"', b'"message-start"'
"""As no text can hold them: there their quotes would be escaped."""


class CohereRelay(StreamRelay):
    """Passes a stream on, whole events at a time, and reads its first and last."""

    def __init__(self) -> None:
        super().__init__()
        self._cutter = SseCutter()
        self._usage: Any = None
        self._finish: FinishReason | None = None
        self._id: str | None = None

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        usage = decode_usage(self._usage) if self._usage is not None else UNREPORTED
        return Reading(usage, self._finish, None, self._id)

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self.failure is not None:
            return b""
        try:
            events = self._cutter.feed(data)
        except FrameTooLong:
            self.failure = broken("dialects.upstream.too_long")
            return self._error()
        for event in events:
            self._see(event)
        return events[0] if len(events) == 1 else b"".join(events)

    def close(self) -> bytes:
        """What was kept back; an error event if the stream ended too early."""
        rest = self._cutter.close()
        if self.failure is not None:
            return b""
        if rest:
            self._see(rest)
        if self.complete:
            return rest
        if self.failure is not None:  # which the last event told
            return rest.rstrip(b"\r\n") + b"\n\n"
        self.failure = (None if self.begun else _plain_failure(rest)) or broken("dialects.upstream.cut")
        return self._error()

    def _told(self, failure: Failure) -> bytes:
        return encode_stream_error(failure, "")

    def _see(self, raw: bytes) -> None:
        if self.complete:
            return
        if raw.rfind(_END) < 0 and raw.rfind(_START) < 0:
            self.begun = self.begun or raw.rfind(b'"type"') >= 0
            return
        frame = frame_of(raw)
        try:
            value = parse(frame.data) if frame is not None else None
        except ValueError:
            return  # not ours to mend: the client reads it as the upstream wrote it
        if type(value) is not dict:
            return
        if value.get("type") == "message-start":
            self._id = value["id"] if type(value.get("id")) is str else None
        elif value.get("type") == "message-end":
            self.failure = failure_in(value)
            delta = inner(value, "delta")
            self._usage, self._finish = delta.get("usage"), _reason(delta.get("finish_reason"))
            self.complete = self.failure is None
            self.begun = self.begun or self.complete


def _plain_failure(body: bytes) -> Failure | None:
    try:
        value = parse(body)
    except ValueError:
        return None
    return failure_in(value) if type(value) is dict else None
