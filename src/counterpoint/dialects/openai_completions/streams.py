"""A stream of chunks to canonical events. The text of each answer is one part; `finish_reason` ends it.

Some hosts deviate: no `[DONE]`, usage in a chunk of its own or in each, an error with status 200; Writer's older models
send nothing but `{"value": "..."}` and hang up (https://dev.writer.com/api-reference/completion-api).
"""

from typing import Any

import msgspec

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    Text,
    UsageEvent,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, parse
from counterpoint.dialects.openai_chat.errors import failure_in
from counterpoint.dialects.openai_chat.finishing import finish_from, inferred_finish
from counterpoint.dialects.openai_chat.streams import DONE, stream_failure
from counterpoint.dialects.openai_chat.usage import usage_from
from counterpoint.dialects.openai_completions.logprobs import decode_logprobs
from counterpoint.dialects.openai_completions.names import NAME
from counterpoint.wire import FrameTooLong, SseReader

_KNOWN = {"id", "object", "created", "model", "choices", "usage", "service_tier", "error", "value"}


class _Said(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    text: str
    index: int = 0
    logprobs: None = None
    finish_reason: None = None
    stop_reason: None = None


class _Piece(msgspec.Struct, gc=False):
    """A chunk that says more of one text and nothing else, as nearly every one does."""

    choices: tuple[_Said]
    usage: None = None
    error: None = None


_piece = msgspec.json.Decoder(_Piece).decode


class CompletionsDecoder:
    """One stream. Feed it bytes in any cut."""

    def __init__(self) -> None:
        self._reader = SseReader()
        self._events: list[StreamEvent] = []
        self._started = False
        self._ended = False
        self._bare = False
        self._usage = UNREPORTED
        self._open: dict[int, bool] = {}
        self._speaking: set[int] = set()
        self._finishes: dict[int, FinishEvent] = {}
        self.complete = False

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        try:
            frames = self._reader.feed(data)
        except FrameTooLong:
            return self._fail(stream_failure("dialects.upstream.too_long"))
        return self._frames(frame.data for frame in frames)

    def close(self) -> list[StreamEvent]:
        """The end; an error if answers were still open, or if there were none."""
        plain = self._plain_failure()
        if plain is not None:
            return self._fail(plain)
        events = self._frames(frame.data for frame in self._reader.close())
        if self._ended:
            return events
        if self._bare or (self._open and not any(self._open.values())):
            return events + self._end()
        return events + self._fail(stream_failure("dialects.upstream.cut"))

    def _plain_failure(self) -> Failure | None:
        """The failure in a plain JSON body that came instead of a stream."""
        try:
            return None if self._started else failure_in(parse(self._reader.rest))
        except ValueError:
            return None

    def _fail(self, failure: Failure) -> list[StreamEvent]:
        if self._ended:
            return []
        self._ended = True
        return [ErrorEvent(failure)]

    def _frames(self, frames: Any) -> list[StreamEvent]:
        self._events = []
        for data in frames:
            if self._ended:
                break
            if self._speaking and self._more(data):
                continue
            if data.strip() == DONE:
                self.complete = True
                cut = stream_failure("dialects.upstream.cut")
                self._events += self._end() if self._open else self._fail(cut)
                break
            try:
                chunk = parse(data)
            except ValueError:
                self._events += self._fail(stream_failure("dialects.upstream.garbage"))
                break
            failure = failure_in(chunk)
            if failure is None and not isinstance(chunk, dict):
                failure = stream_failure("dialects.upstream.garbage")
            if failure is not None:
                self._events += self._fail(failure)
            else:
                self._chunk(Fields(chunk, strict=False))
        return self._events

    def _more(self, data: bytes) -> bool:
        """Whether a chunk was just more of a text that has begun."""
        try:
            said = _piece(data).choices[0]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        if not said.text or said.index not in self._speaking or said.index in self._finishes:
            return False
        self._events.append(PartDelta(said.index, 0, said.text))
        return True

    def _chunk(self, fields: Fields) -> None:
        if not self._started:
            self._start(fields)
        if "value" in fields and "choices" not in fields:
            self._bare = True
            self._text(0, fields.text("value") or "", None)
        for place, item in enumerate(fields.array("choices") or ()):
            if isinstance(item, dict):
                self._choice(Fields(item, f"choices[{place}]", strict=False), place)
        usage = usage_from(fields.object("usage"))
        if usage.reported and usage != self._usage:
            self._usage = usage
            self._events.append(UsageEvent(usage))

    def _start(self, fields: Fields) -> None:
        self._started = True
        left = {
            name: value for name, value in fields.left.items() if name not in _KNOWN and value is not None
        }
        self._events.append(
            StartEvent(
                _text(fields.left.get("id")),
                _text(fields.left.get("model")),
                fields.integer("created"),
                fields.text("service_tier"),
                extras(NAME, left),
            )
        )

    def _choice(self, fields: Fields, place: int) -> None:
        index = fields.integer("index")
        index = place if index is None else index
        text, raw = fields.text("text") or "", fields.any("finish_reason")
        entries = decode_logprobs(fields.any("logprobs"))
        stop = fields.any("stop_reason")
        if text or entries:
            self._text(index, text, entries)
        self._open.setdefault(index, True)
        finish = finish_from(raw, stop)
        if finish is not None and index not in self._finishes:
            left = {name: value for name, value in fields.left.items() if value is not None}
            kept = {} if stop is None else {"~stop_reason": [stop]}
            self._open[index] = False
            self._finishes[index] = FinishEvent(index, finish, extras(NAME, {**left, **kept}))

    def _text(self, index: int, text: str, entries: Any) -> None:
        if index in self._finishes:
            return
        if index not in self._speaking:
            self._events.append(PartStart(index, 0, Text("")))
        self._open[index] = True
        self._speaking.add(index)
        self._events.append(PartDelta(index, 0, text, logprobs=entries))

    def _end(self) -> list[StreamEvent]:
        """Finishes are held until here: usage and hosts' remarks come after the finish reason."""
        self._ended = True
        events: list[StreamEvent] = [PartEnd(index, 0) for index in sorted(self._speaking)]
        inferred = inferred_finish(called=False)
        events += [self._finishes.get(index) or FinishEvent(index, inferred) for index in sorted(self._open)]
        return events


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
