"""The relayed path: client and upstream speak this dialect, so bytes pass through and only what must be known is read.

Nearly every event is a delta, which says nothing that must be known: it is told by its name alone. The answer that
a stream begins with is held until something of the answer itself comes, since a host that fails says so only after it.
"""

from typing import Any

import msgspec

from counterpoint.canonical import Failure, FinishReason, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Peek, Reading, Target
from counterpoint.dialects.jsonio import (
    Fields,
    decode_object,
    encode,
    malformed,
    not_an_answer,
    parse,
    refusal,
)
from counterpoint.dialects.openai_chat.streams import stream_failure
from counterpoint.dialects.openai_responses.errors import (
    answer_error,
    error_event,
    failure_of,
    failure_told,
    plain_failure,
)
from counterpoint.dialects.openai_responses.finishing import finish_from
from counterpoint.dialects.openai_responses.responses import answer_object
from counterpoint.dialects.openai_responses.streams import BEGINNINGS, ENDS
from counterpoint.dialects.openai_responses.usage import usage_from
from counterpoint.dialects.splice import replace_text
from counterpoint.wire import FrameTooLong, SseCutter, frame_of, sse_frame

_CALLS = {"function_call", "custom_tool_call"}
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Asked(msgspec.Struct, gc=False):
    model: str
    stream: bool | None = None


class _Item(msgspec.Struct, gc=False):
    type: str = ""


class _Read(msgspec.Struct):
    """What is read of an answer; everything may be missing."""

    output: list[_Item] | None = None
    usage: dict[str, Any] | None = None
    tool_usage: Any = None
    status: Any = None
    incomplete_details: Any = None
    error: Any = None
    object: Any = None
    model: str | None = None
    id: str | None = None


class _Event(msgspec.Struct, gc=False):
    type: str = ""


_decode_asked = msgspec.json.Decoder(_Asked).decode
_decode_read = msgspec.json.Decoder(_Read).decode
_decode_event = msgspec.json.Decoder(_Event).decode


def peek(body: bytes) -> Peek:
    """Model and stream; usage is always told. Raises `Refused`."""
    try:
        asked = _decode_asked(body)
    except _UNREADABLE as error:
        raise _why_not(body, error) from error
    if not asked.model:
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    return Peek(asked.model, bool(asked.stream))


def _why_not(body: bytes, error: Exception) -> Refused:
    """The refusal for a body that cannot be peeked at, found the slow way."""
    try:
        fields = Fields(decode_object(body))
        fields.needed("model", fields.text)
        fields.boolean("stream")
    except Refused as refused:
        return refused
    return malformed(error)


def rewrite(body: bytes, asked: Peek, target: Target) -> bytes:
    """`body` with the target's name for the model."""
    if not target.model or target.model == asked.model:
        return body
    return replace_text(body, "model", asked.model, target.model)


def read(body: bytes) -> Reading:
    """Usage, finish, model and id of a whole answer. Raises `Refused` if it is none."""
    try:
        answer = _decode_read(body)
    except _UNREADABLE:
        answer = _read_slowly(answer_object(body))
    if answer.error or answer.status == "failed" or answer.object == "error":
        answer_object(body)
    if answer.output is None:
        raise not_an_answer("dialects.upstream.missing", path="output")
    return _reading(answer)


def _read_slowly(value: dict[str, Any]) -> _Read:
    """What can be read of an object some of whose fields have other types than they should."""
    fields = Fields(value, strict=False)
    output = fields.array("output")
    items = None
    if output is not None:
        kinds = [item.get("type") if type(item) is dict else None for item in output]
        items = [_Item(kind if type(kind) is str else "") for kind in kinds]
    usage = fields.object("usage")
    left = {
        name: value.get(name) for name in ("tool_usage", "status", "incomplete_details", "error", "object")
    }
    return _Read(items, usage, model=fields.text("model"), id=fields.text("id"), **left)


def _reading(answer: _Read) -> Reading:
    called = any(item.type in _CALLS for item in answer.output or ())
    finish = finish_from(answer.status, answer.incomplete_details, called=called)
    usage = usage_from(answer.usage, answer.tool_usage)
    return Reading(usage, finish.reason, answer.model, answer.id)


class ResponsesRelay:
    """Passes a stream on, whole events at a time, so that one which the host broke off never reaches the client.

    `begun`: something of the answer itself, and no error, has been seen. `complete`: the event with the whole
    answer has. `failure`: what the stream reported, or its early end.
    """

    def __init__(self) -> None:
        self._cutter = SseCutter()
        self._usage: Usage = UNREPORTED
        self._finish: FinishReason | None = None
        self._model: str | None = None
        self._id: str | None = None
        self._head: dict[str, Any] | None = None
        self._count = 0
        self._seen = False
        self.begun = False
        self.complete = False
        self.failure: Failure | None = None
        self._overlong = False
        self._stray = b""

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        return Reading(self._usage, self._finish, self._model, self._id)

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self._overlong:
            return b""
        try:
            events = self._cutter.feed(data)
        except FrameTooLong:
            self._overlong = True
            return self._broken(stream_failure("dialects.upstream.too_long"))
        self._count += len(events)
        for raw in events:
            self._see(raw)
        return events[0] if len(events) == 1 else b"".join(events)

    def close(self) -> bytes:
        """What was held back; after an early end, this dialect's error event."""
        rest = self._cutter.close()
        self._see(rest)
        if self.failure is not None:
            return rest.rstrip(b"\r\n") + b"\n\n" if rest else b""
        if self.complete:
            return rest
        plain = None if self._seen else plain_failure(self._stray)
        error = self._broken(plain or stream_failure("dialects.upstream.cut"))
        return rest + error if self._seen else error

    def _broken(self, failure: Failure) -> bytes:
        self._cutter.close()
        return self.fail(failure)

    def fail(self, failure: Failure) -> bytes:
        """What ends a stream that its host did not: the answer, failed, and the error that clients raise."""
        self.failure = failure
        if self._head is None:
            return error_event(failure, self._count)
        failed = {**self._head, "status": "failed", "error": answer_error(failure), "usage": None}
        event = {"type": "response.failed", "sequence_number": self._count, "response": failed}
        return sse_frame(encode(event), "response.failed") + error_event(failure, self._count + 1)

    def _see(self, raw: bytes) -> None:
        """Read one event, as far as it must be."""
        if self.complete or not raw:
            return
        kind = _kind_of(raw)
        if kind in _TELLING:
            self._understand(kind, raw)
        elif kind.startswith("response."):
            self._seen = self.begun = True
        elif not self._seen and raw[:1] != b":" and len(self._stray) < 65_536:
            self._stray += raw  # perhaps a plain body: told at the end

    def _understand(self, kind: str, raw: bytes) -> None:
        frame = frame_of(raw)
        try:
            event = parse(frame.data) if frame is not None else None
        except ValueError:
            return  # not for us to judge: the client sees what the host said
        if type(event) is not dict:
            return
        if kind == "error":
            self.failure = self.failure or failure_told(event)
            return
        answer = event.get("response")
        if type(answer) is not dict:
            return
        if not self._seen:
            self._seen, self._head = True, answer
            self._model, self._id = _text(answer.get("model")), _text(answer.get("id"))
        if kind in ENDS:
            self._end(answer)
        elif kind == "response.queued":
            self.begun = True  # a background answer: its id is what the client waits for

    def _end(self, answer: dict[str, Any]) -> None:
        failure = failure_of(answer)
        if failure is not None:
            self.failure = self.failure or failure
            return
        reading = _reading(_read_slowly(answer))
        self._usage, self._finish = reading.usage, reading.finish
        self.begun = self.complete = True


_TELLING = BEGINNINGS | ENDS | {"error"}


def _kind_of(raw: bytes) -> str:
    """The type of an event: by its name where it has one, else from its data; empty for what is no event."""
    if raw[:7] == b"event: ":
        return raw[7 : raw.find(b"\n")].strip().decode("utf-8", "replace")
    frame = frame_of(raw)
    if frame is None:
        return ""
    try:
        return _decode_event(frame.data).type or frame.event
    except _UNREADABLE:
        return frame.event


def _text(value: Any) -> str | None:
    return value if type(value) is str else None
