"""The way past the hub: client and upstream both speak this dialect, and only what must be known is read."""

from collections.abc import Sequence
from typing import Any

from counterpoint.canonical import Failure, FinishReason
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Reading
from counterpoint.dialects.gemini_generate.camel import camel
from counterpoint.dialects.gemini_generate.chunks import ChunkCutter
from counterpoint.dialects.gemini_generate.errors import encode_body, failure_in, failure_of
from counterpoint.dialects.gemini_generate.finishing import decode_finish, reason_in
from counterpoint.dialects.gemini_generate.framing import Events, Framing
from counterpoint.dialects.gemini_generate.responses import read_answer
from counterpoint.dialects.gemini_generate.streams import broken
from counterpoint.dialects.gemini_generate.usage import decode_usage
from counterpoint.dialects.jsonio import parse
from counterpoint.dialects.relaying import StreamRelay
from counterpoint.wire.sse import FrameTooLong


def read(body: bytes) -> Reading:
    """What a whole relayed answer says of itself. Raises `Refused` if it is none."""
    return _reading(read_answer(body))


def _reading(value: dict[str, Any]) -> Reading:
    return Reading(
        decode_usage(value.get("usageMetadata")),
        _finish(value),
        _text(value.get("modelVersion")),
        _text(value.get("responseId")),
    )


def _text(value: Any) -> str | None:
    return value if type(value) is str else None


def _first(value: dict[str, Any]) -> dict[str, Any]:
    candidates = value.get("candidates")
    first = candidates[0] if type(candidates) is list and candidates else None
    return first if type(first) is dict else {}


def _finish(value: dict[str, Any]) -> FinishReason | None:
    first = _first(value)
    if not first:
        return "content_filter" if "promptFeedback" in value else None
    finish = decode_finish(reason_in(first.get("finishReason")), called=_has_call(first))
    return None if finish is None else finish.reason


def _has_call(candidate: dict[str, Any]) -> bool:
    content = candidate.get("content")
    parts = content.get("parts") if type(content) is dict else None
    return any(type(part) is dict and "functionCall" in part for part in parts or ()) if parts else False


class GenerateRelay(StreamRelay):
    """Passes a stream on, whole events at a time, and reads each: usage and reasons may stand in any. `framing`: what
    the client wants around the chunks, where that is not what the upstream was asked for."""

    def __init__(self, framing: Framing | None = None) -> None:
        super().__init__()
        self._framing = framing
        self._cutter = ChunkCutter()
        self._usage: dict[str, Any] = {}
        self._finish: FinishReason | None = None
        self._called = False
        self._model: str | None = None
        self._id: str | None = None
        self._open: set[Any] = set()

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self.failure is not None:
            return b""
        try:
            events = self._cutter.feed(data)
        except FrameTooLong:
            self.failure = broken("dialects.upstream.too_long")
            return self._error()
        chunks = [self._cutter.chunk(event) for event in events]
        for chunk in chunks:
            self._look(chunk)
        if self._framing is not None:
            return self._framed(self._framing, chunks)
        return events[0] if len(events) == 1 else b"".join(events)

    def _framed(self, framing: Framing, chunks: Sequence[bytes | None]) -> bytes:
        """`chunks` in the client's form; after one that tells a failure comes nothing."""
        said = b"".join(framing.frame(chunk) for chunk in chunks if chunk is not None)
        return said if self.failure is None else said + framing.end()

    def close(self) -> bytes:
        """What was kept back; an error event if the stream ended too early."""
        rest = self._cutter.close()
        if self.failure is not None:
            return b""
        last = self._cutter.last(rest) if rest else None
        self._look(last)
        if self._framing is not None:
            return self._closed(self._framing, last, rest)
        if self.failure is not None:
            return rest.rstrip(b"\r\n") + b"\n\n"
        if self.complete and self.begun:
            return rest
        return self._cut(rest)

    def _closed(self, framing: Framing, last: bytes | None, rest: bytes) -> bytes:
        """The end in the client's form."""
        if self.failure is not None:
            return self._error()
        return (
            self._framed(framing, [last]) + framing.end() if self.complete and self.begun else self._cut(rest)
        )

    def _cut(self, rest: bytes) -> bytes:
        """The stream ended too early, or was an error and no stream."""
        self.failure = (None if self.begun else failure_in(rest)) or broken("dialects.upstream.cut")
        return self._error()

    def _told(self, failure: Failure) -> bytes:
        framing = self._framing or Events()
        return framing.frame(encode_body(failure, "")) + framing.end()

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        usage = decode_usage(self._usage) if self._usage else UNREPORTED
        return Reading(usage, self._finish, self._model, self._id)

    def _look(self, chunk: bytes | None) -> None:
        if chunk is None:
            return
        try:
            value = camel(parse(chunk))
        except ValueError:
            return  # not ours to mend: the client reads it as the upstream wrote it
        if type(value) is not dict:
            return
        if "error" in value:
            self.failure = failure_of(value, None)
            return
        self.begun = True
        self._understand(value)

    def _understand(self, value: dict[str, Any]) -> None:
        usage = value.get("usageMetadata")
        if type(usage) is dict:
            self._usage = {**self._usage, **usage}
        self._model = self._model or _text(value.get("modelVersion"))
        self._id = self._id or _text(value.get("responseId"))
        candidates = value.get("candidates")
        for place, candidate in enumerate(candidates if type(candidates) is list else ()):
            if type(candidate) is dict:
                self._candidate(candidate.get("index", place), candidate)
        if not candidates and "promptFeedback" in value and not self._open:
            self.complete, self._finish = True, "content_filter"

    def _candidate(self, index: Any, candidate: dict[str, Any]) -> None:
        self._called = self._called or _has_call(candidate)
        finish = decode_finish(reason_in(candidate.get("finishReason")), called=self._called)
        if finish is None:
            self._open.add(index)
            self.complete = False
            return
        self._open.discard(index)
        self._finish = self._finish or finish.reason
        self.complete = not self._open
