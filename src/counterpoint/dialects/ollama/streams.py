"""Bytes of a stream to canonical events: a line for each piece of the answer, the last one with the reason to stop, the
usage and the times (https://docs.ollama.com/api/streaming)."""

from typing import Any

import msgspec

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    FinishEvent,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    UsageEvent,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.jsonio import Fields, parse
from counterpoint.dialects.ollama.calls import Calls
from counterpoint.dialects.ollama.errors import failure_of
from counterpoint.dialects.ollama.finishing import decode_finish
from counterpoint.dialects.ollama.messages import decode_parts
from counterpoint.dialects.ollama.moments import seconds_of
from counterpoint.dialects.ollama.objects import rest
from counterpoint.dialects.ollama.responses import left_of_message, said_in, stem_of, times_of
from counterpoint.dialects.ollama.usage import READ, WRITTEN, decode_usage
from counterpoint.i18n import say
from counterpoint.wire.ndjson import LineCutter
from counterpoint.wire.sse import FrameTooLong


def broken(sentence: str) -> Failure:
    """An upstream's failure to keep to the grammar."""
    message = say(sentence, lang="en")
    return Failure(FailureKind.upstream_error, message, code="invalid_stream", from_upstream=True)


class _Words(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    role: str
    content: str


class _Piece(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A line that says words and nothing else, as nearly every one does."""

    model: str
    created_at: str
    done: bool
    message: _Words | None = None
    response: str | None = None


_piece = msgspec.json.Decoder(_Piece).decode


class OllamaDecoder:
    """One stream. Feed it bytes in any cut."""

    def __init__(self) -> None:
        self._cutter = LineCutter()
        self._events: list[StreamEvent] = []
        self._calls: Calls | None = None
        self._open: Part | None = None
        self._parts = 0
        self._called = False
        self._left: dict[str, Any] = {}
        self._ended = False
        self.complete = False

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        try:
            lines = self._cutter.feed(data)
        except FrameTooLong:
            return self._fail(broken("dialects.upstream.too_long"))
        return self._lines(lines)

    def close(self) -> list[StreamEvent]:
        """The end; an error if the answer was not done."""
        events = self._lines([self._cutter.close()])
        return events if self._ended else events + self._fail(broken("dialects.upstream.cut"))

    def _fail(self, failure: Failure) -> list[StreamEvent]:
        if self._ended:
            return []
        self._ended = True
        return [ErrorEvent(failure)]

    def _lines(self, lines: list[bytes]) -> list[StreamEvent]:
        self._events = []
        for line in lines:
            if self._ended or not line.strip() or (isinstance(self._open, Text) and self._more(line)):
                continue
            try:
                self._line(parse(line))
            except (ValueError, RecursionError):
                self._events += self._fail(broken("dialects.upstream.garbage"))
            except Refused as refused:
                self._events += self._fail(refused.failure)
        return self._events

    def _more(self, line: bytes) -> bool:
        """Whether a line was just more of the text that is open."""
        try:
            piece = _piece(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        said = piece.message
        words = piece.response if said is None else said.content
        if piece.done or not words or (said is not None and said.role != "assistant"):
            return False
        self._events.append(PartDelta(0, self._parts - 1, words))
        return True

    def _line(self, value: Any) -> None:
        if type(value) is not dict:
            raise ValueError("not an object")
        if value.get("error"):
            raise Refused(failure_of(value, None))
        fields = Fields(value, strict=False)
        created, model = fields.text("created_at"), fields.text("model")
        if self._calls is None:
            self._calls = Calls(stem_of(created))
            start = Fields({}, strict=False)
            self._events.append(
                StartEvent("", model or "", seconds_of(created), extensions=rest(start, created_at=created))
            )
        message = said_in(fields)
        logprobs = fields.array("logprobs")
        for part in decode_parts(message, self._calls):
            logprobs = self._part(part, logprobs)
        left_of_message(message, fields)
        done = fields.any("done")
        if done is True:
            self._done(fields)
        else:
            self._left.update(fields.left)

    def _part(self, part: Part, logprobs: list[Any] | None) -> list[Any] | None:
        """One part, or more of the one that is open. Gives the probabilities that are still to be told."""
        if isinstance(part, Text | Reasoning):
            if type(part) is not type(self._open):
                self._close()
                self._open = type(part)(text="")
                self._events.append(PartStart(0, self._parts, self._open))
                self._parts += 1
            entries = logprobs if isinstance(part, Text) else None
            self._events.append(PartDelta(0, self._parts - 1, part.text, logprobs=entries))
            return None if entries is not None else logprobs
        self._close()
        self._called = self._called or isinstance(part, ToolCall)
        self._events += [PartStart(0, self._parts, part), PartEnd(0, self._parts)]
        self._parts += 1
        return logprobs

    def _close(self) -> None:
        if self._open is not None:
            self._events.append(PartEnd(0, self._parts - 1))
            self._open = None

    def _done(self, fields: Fields) -> None:
        self._close()
        usage = decode_usage({name: fields.any(name) for name in (READ, WRITTEN)})
        finish = decode_finish(fields.text("done_reason"), called=self._called)
        times = times_of(fields)
        fields.left = {**self._left, **fields.left}
        self._events.append(FinishEvent(0, finish, rest(fields, times=times)))
        if usage.reported:
            self._events.append(UsageEvent(usage))
        self._ended = self.complete = True
