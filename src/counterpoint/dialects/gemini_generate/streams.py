"""Streamed answers of this dialect to canonical events.

Each event is a whole `GenerateContentResponse` with the next words of each candidate; usage is cumulative. There is
no word for the end: an answer is complete when every candidate that began has its `finishReason`
(https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent).
"""

from typing import Any

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
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
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.gemini_generate.calls import Calls
from counterpoint.dialects.gemini_generate.camel import camel
from counterpoint.dialects.gemini_generate.chunks import ChunkCutter
from counterpoint.dialects.gemini_generate.errors import failure_in, failure_of
from counterpoint.dialects.gemini_generate.finishing import BLOCKED, decode_finish, reason_in
from counterpoint.dialects.gemini_generate.grounding import citations_of
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.parts import decode_part
from counterpoint.dialects.gemini_generate.responses import tier_of
from counterpoint.dialects.gemini_generate.usage import decode_usage
from counterpoint.dialects.jsonio import Fields, parse
from counterpoint.i18n import say
from counterpoint.wire.sse import FrameTooLong


def broken(sentence: str) -> Failure:
    """The failure of a stream that is not as it should be."""
    return Failure(
        FailureKind.upstream_error, say(sentence, lang="en"), code="invalid_stream", from_upstream=True
    )


class GenerateDecoder:
    """One stream. Once it has failed, nothing more comes out of it."""

    def __init__(self) -> None:
        self._cutter = ChunkCutter()
        self._candidates: dict[int, _Candidate] = {}
        self._calls = Calls()
        self._usage: dict[str, Any] = {}
        self._ended = False
        self._started = False
        self._blocked = False
        self._events: list[StreamEvent] = []

    @property
    def complete(self) -> bool:
        """Whether every candidate has come to its end."""
        return self._blocked or (
            bool(self._candidates) and all(item.finished for item in self._candidates.values())
        )

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        if self._ended:
            return []
        try:
            pieces = self._cutter.feed(data)
        except FrameTooLong:
            return self._fail("dialects.upstream.too_long")
        return self._read([self._cutter.chunk(piece) for piece in pieces])

    def close(self) -> list[StreamEvent]:
        """The upstream has ended."""
        if self._ended:
            return []
        plain = failure_in(self._cutter.rest)
        events = self._read([self._cutter.last(self._cutter.close())])
        if self._ended:
            return events
        if self.complete:
            self._ended = True
            return events
        self._ended = True
        return [*events, ErrorEvent(broken("dialects.upstream.cut") if plain is None else plain)]

    def _fail(self, sentence: str) -> list[StreamEvent]:
        self._ended = True
        return [ErrorEvent(broken(sentence))]

    def _read(self, chunks: list[bytes | None]) -> list[StreamEvent]:
        self._events = []
        for chunk in chunks:
            if self._ended:
                break
            if chunk is None:
                continue
            try:
                self._chunk(camel(parse(chunk)))
            except (ValueError, RecursionError):
                self._events += self._fail("dialects.upstream.garbage")
            except Refused as refused:
                self._ended = True
                self._events.append(ErrorEvent(refused.failure))
        return self._events

    def _chunk(self, value: Any) -> None:
        if type(value) is not dict:
            raise ValueError("not an object")
        if "error" in value:
            raise Refused(failure_of(value, None))
        fields = Fields(value, strict=False)
        usage = fields.object("usageMetadata")
        candidates = list(fields.each("candidates"))
        self._start(fields, usage)
        for place, item in enumerate(candidates):
            index = item.integer("index")
            number = place if index is None else index
            candidate = self._candidates.get(number)
            if candidate is None:
                candidate = self._candidates[number] = _Candidate(number, self._calls)
            candidate.grow(item, self._events)
        if not self._candidates and "promptFeedback" in value and not self._blocked:
            self._blocked = True
            self._events.append(FinishEvent(0, Finish("content_filter", BLOCKED)))
        if usage is not None:
            self._usage = {**self._usage, **usage}
            found = decode_usage(self._usage)
            if found.reported:
                self._events.append(UsageEvent(found))

    def _start(self, fields: Fields, usage: Any) -> None:
        if self._started:
            return
        self._started = True
        self._events.append(
            StartEvent(
                fields.text("responseId") or "",
                fields.text("modelVersion") or "",
                service_tier=tier_of(usage),
                extensions=extras(NAME, fields.left),
            )
        )


class _Candidate:
    """One answer while it grows; at most one part of it is open."""

    def __init__(self, index: int, calls: Calls) -> None:
        self._index = index
        self._calls = calls
        self._parts = 0
        self._open: Part | None = None
        self._texts: list[str] = []
        self._called = False
        self._left: dict[str, Any] = {}
        self.finished = False

    def grow(self, fields: Fields, events: list[StreamEvent]) -> None:
        content = fields.inner("content")
        for item in content.each("parts") if content is not None else ():
            self._part(decode_part(item, self._calls), events)
        reason = reason_in(fields.any("finishReason"))
        self._left.update(fields.left)
        if reason is not None and not self.finished:
            finish = decode_finish(reason, called=self._called)
            if finish is not None:
                self.finished = True
                self._cite(events)
                self._close(events)
                events.append(FinishEvent(self._index, finish, extras(NAME, self._left)))

    def _part(self, part: Part, events: list[StreamEvent]) -> None:
        if isinstance(part, ToolCall):
            self._called = True
        if isinstance(part, Text | Reasoning) and self._continues(part):
            if part.text:
                events.append(PartDelta(self._index, self._parts - 1, part.text))
        elif isinstance(part, Text) and not part.text and not part.extensions:
            return  # the API ends many streams with a blank
        else:
            self._close(events)
            self._open = part
            events.append(PartStart(self._index, self._parts, part))
            self._parts += 1
            if isinstance(part, Text):
                self._texts.append("")
            if not isinstance(part, Text | Reasoning):
                self._close(events)
        if isinstance(part, Text):
            self._texts[-1] += part.text

    def _continues(self, part: Text | Reasoning) -> bool:
        """Whether `part` is more of what is being said. A signature closes what it signs."""
        if type(part) is not type(self._open) or self._open is None:
            return False
        if isinstance(part, Reasoning):
            return part.signature is None and part.extensions == self._open.extensions
        return not part.extensions and not self._open.extensions

    def _cite(self, events: list[StreamEvent]) -> None:
        """Sources are told at the end; they go to the text that is still open."""
        if isinstance(self._open, Text):
            for index, citation in citations_of(self._left.get("groundingMetadata"), self._texts):
                if index == len(self._texts) - 1:
                    events.append(PartDelta(self._index, self._parts - 1, citation=citation))

    def _close(self, events: list[StreamEvent]) -> None:
        if self._open is not None:
            events.append(PartEnd(self._index, self._parts - 1))
            self._open = None
