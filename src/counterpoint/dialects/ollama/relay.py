"""The way past the hub: client and upstream both speak this dialect, and only what must be known is read."""

from typing import Any

import msgspec

from counterpoint.canonical import Failure, FinishReason
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Peek, Reading, Target
from counterpoint.dialects.jsonio import Fields, decode_object, parse, refusal, wrong_type
from counterpoint.dialects.ollama.errors import encode_stream_error, failure_of
from counterpoint.dialects.ollama.finishing import decode_finish
from counterpoint.dialects.ollama.responses import decode_response
from counterpoint.dialects.ollama.streams import broken
from counterpoint.dialects.ollama.usage import READ, WRITTEN, decode_usage
from counterpoint.dialects.relaying import StreamRelay
from counterpoint.dialects.splice import replace_text
from counterpoint.wire.ndjson import LineCutter
from counterpoint.wire.sse import FrameTooLong


class _Asked(msgspec.Struct, gc=False):
    model: str | None = None
    name: str | None = None
    stream: bool | None = None


class _Said(msgspec.Struct, gc=False):
    tool_calls: list[msgspec.Raw] | None = None


class _Read(msgspec.Struct):
    """What is read of an answer, or of a line of one; everything may be missing."""

    model: str | None = None
    message: _Said | None = None
    response: msgspec.Raw | None = None
    done: bool | None = None
    done_reason: str | None = None
    error: Any = None
    prompt_eval_count: int | None = None
    eval_count: int | None = None


_decode_asked = msgspec.json.Decoder(_Asked).decode
_decode_read = msgspec.json.Decoder(_Read).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def peek(body: bytes) -> Peek:
    """The model (`name` in older clients' words) and whether to stream, which is so unless the client says no."""
    try:
        asked = _decode_asked(body)
    except _UNREADABLE as error:
        raise _why_not(body) from error
    model = asked.model or asked.name
    if not model:
        raise refusal("dialects.field.missing", "model", code="missing_required_parameter", path="model")
    return Peek(model, asked.stream is not False)


def _why_not(body: bytes) -> Refused:
    """The refusal for a body that cannot be peeked at, found the slow way."""
    try:
        fields = Fields(decode_object(body))
        fields.needed("model", fields.text)
        fields.boolean("stream")
        fields.text("name")
    except Refused as refused:
        return refused
    return wrong_type("model", "string", None)


def rewrite(body: bytes, asked: Peek, target: Target) -> bytes:
    """`body` with the target's model name."""
    if target.model and target.model != asked.model:
        return replace_text(body, "model", asked.model, target.model)
    return body


def read(body: bytes) -> Reading:
    """What a whole relayed answer says of itself. Raises `Refused` if it is none."""
    try:
        answer = _decode_read(body)
    except _UNREADABLE:
        return _slowly(body)
    if answer.error or (answer.message is None and answer.response is None):
        return _slowly(body)
    return _reading(answer, called=bool(answer.message and answer.message.tool_calls))


def _slowly(body: bytes) -> Reading:
    """An answer in which something has another type than it should."""
    decoded = decode_response(body)
    finish = decoded.choices[0].finish
    return Reading(decoded.usage, None if finish is None else finish.reason, decoded.model)


def _reading(answer: _Read, *, called: bool) -> Reading:
    usage = decode_usage({READ: answer.prompt_eval_count, WRITTEN: answer.eval_count})
    return Reading(usage, decode_finish(answer.done_reason, called=called).reason, answer.model)


class OllamaRelay(StreamRelay):
    """Passes a stream on, whole lines at a time, and reads each. `begun`: a first line, and not an error, has been
    seen. `complete`: the line that says so has. `failure`: what the stream reported, or its early end."""

    def __init__(self) -> None:
        super().__init__()
        self._cutter = LineCutter()
        self._model: str | None = None
        self._called = False
        self._usage = UNREPORTED
        self._finish: FinishReason | None = None

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        return Reading(self._usage, self._finish, self._model)

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self.failure is not None:
            return b""
        try:
            lines = self._cutter.feed(data)
        except FrameTooLong:
            self.failure = broken("dialects.upstream.too_long")
            return self._error()
        for line in lines:
            self._look(line)
        return lines[0] if len(lines) == 1 else b"".join(lines)

    def close(self) -> bytes:
        """What was kept back; an error line if the stream ended too early."""
        rest = self._cutter.close()
        if self.failure is not None:
            return b""
        if rest.strip():
            self._look(rest)
        if self.complete:
            return rest
        if self.failure is not None:
            return rest
        self.failure = broken("dialects.upstream.cut")
        return self._error()

    def _told(self, failure: Failure) -> bytes:
        return encode_stream_error(failure)

    def _look(self, line: bytes) -> None:
        if self.complete or not line.strip():
            return
        try:
            piece = _decode_read(line)
        except _UNREADABLE:
            piece = _read_slowly(line)
        if piece.error:
            self.failure = self.failure or failure_of({"error": piece.error}, None)
            return
        self.begun = True
        if self._model is None:
            self._model = piece.model
        self._called = self._called or bool(piece.message and piece.message.tool_calls)
        if piece.done:
            self.complete = True
            reading = _reading(piece, called=self._called)
            self._usage, self._finish = reading.usage, reading.finish


def _read_slowly(line: bytes) -> _Read:
    """What can be read of a line some of whose fields have other types than they should."""
    try:
        value = parse(line)
    except ValueError:
        return _Read()  # not ours to mend: the client reads it as the upstream wrote it
    if type(value) is not dict:
        return _Read()
    fields = Fields(value, strict=False)
    return _Read(
        fields.text("model"),
        done=fields.boolean("done"),
        done_reason=fields.text("done_reason"),
        error=fields.any("error"),
        prompt_eval_count=fields.integer(READ),
        eval_count=fields.integer(WRITTEN),
    )
