"""A stream of chunks to canonical events.

A chunk adds to at most one message per choice. Text, thinking and a refusal end when something else begins;
tool calls grow by their own index until the choice ends. Hosts deviate: comments as keep-alive, an empty
first chunk (Azure), a missing `[DONE]`, usage in the last chunk, in each chunk or under `x_groq`, an error
object with status 200. What the hub has no word for is gathered and comes with the start (first chunk) or the
finish of the choice.
"""

from typing import Any

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    StartEvent,
    StreamEvent,
    UsageEvent,
)
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import parse
from counterpoint.dialects.openai_chat.errors import failure_from, failure_in
from counterpoint.dialects.openai_chat.growing import GrowingChoice
from counterpoint.dialects.openai_chat.names import NAME
from counterpoint.dialects.openai_chat.responses import id_stem, source_citations
from counterpoint.dialects.openai_chat.usage import usage_from
from counterpoint.i18n import say
from counterpoint.wire import Frame, FrameTooLong, SseCutter, frame_of

Json = dict[str, Any]

CHUNK = "chunk."
"""Before the name of a chunk's field that came after the start, in the extensions of the first choice."""

DONE = b"[DONE]"
_KNOWN = {"id", "object", "created", "model", "choices", "usage", "service_tier", "error", "obfuscation"}
"""Fields of a chunk that are read, and the padding that OpenAI adds against eavesdroppers."""
_MOST_STRAY = 65_536


def stream_failure(sentence: str) -> Failure:
    """An upstream's failure to keep to the grammar."""
    message = say(sentence, lang="en")
    return Failure(FailureKind.upstream_error, message, code="invalid_stream", from_upstream=True)


class OpenAIStreamDecoder:
    """One stream. Feed it bytes in any cut."""

    def __init__(self) -> None:
        self._cutter = SseCutter()
        self._stray = b""
        self._started = False
        self._ended = False
        self._complete = False
        self._head: Json = {}
        self._late: Json = {}
        self._usage = UNREPORTED
        self._choices: dict[int, GrowingChoice] = {}

    @property
    def complete(self) -> bool:
        """Whether `[DONE]` has been seen."""
        return self._complete

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        try:
            pieces = self._cutter.feed(data)
        except FrameTooLong:
            return self._fail(stream_failure("dialects.upstream.too_long"))
        events: list[StreamEvent] = []
        for raw in pieces:
            events += self._piece(raw)
        return events

    def close(self) -> list[StreamEvent]:
        """The end; an error if choices were still open, or if there were none."""
        events = self._piece(self._cutter.close())
        if self._ended:
            return events
        if self._choices and all(choice.finished for choice in self._choices.values()):
            return events + self._end()
        return events + self._fail(self._stray_failure() or stream_failure("dialects.upstream.cut"))

    def _piece(self, raw: bytes) -> list[StreamEvent]:
        frame = frame_of(raw) if raw and not self._ended else None
        if frame is not None:
            return self._frame(frame)
        if not self._started and raw.strip() and raw[:1] != b":" and len(self._stray) < _MOST_STRAY:
            self._stray += raw  # perhaps a plain body: told at the end
        return []

    def _stray_failure(self) -> Failure | None:
        """The failure in a plain JSON body that came instead of a stream."""
        try:
            return failure_in(parse(self._stray)) if self._stray else None
        except ValueError:
            return None

    def _fail(self, failure: Failure) -> list[StreamEvent]:
        if self._ended:
            return []
        self._ended = True
        return [ErrorEvent(failure)]

    def _frame(self, frame: Frame) -> list[StreamEvent]:
        if frame.data.strip() == DONE:
            self._complete = True
            return self._end() if self._choices else self._fail(stream_failure("dialects.upstream.cut"))
        try:
            chunk = parse(frame.data)
        except ValueError:
            return self._fail(stream_failure("dialects.upstream.garbage"))
        if frame.event == "error":
            error = chunk.get("error", chunk) if isinstance(chunk, dict) else chunk
            return self._fail(failure_in(chunk) or failure_from(error, None, chunk))
        failure = failure_in(chunk)
        if failure is not None:
            return self._fail(failure)
        if not isinstance(chunk, dict):
            return self._fail(stream_failure("dialects.upstream.garbage"))
        try:
            return self._chunk(chunk)
        except Refused as refused:
            return self._fail(refused.failure)

    def _chunk(self, chunk: Json) -> list[StreamEvent]:
        events: list[StreamEvent] = []
        choices = chunk.get("choices")
        choices = choices if isinstance(choices, list) else []
        self._gather(chunk)
        if choices and not self._started:
            events.append(self._start())
        for place, choice in enumerate(choices):
            if isinstance(choice, dict):
                events += self._choice(choice, place)
        usage = usage_from(chunk.get("usage"))
        if not usage.reported and isinstance(chunk.get("x_groq"), dict):
            usage = usage_from(chunk["x_groq"].get("usage"))
        if usage.reported and usage != self._usage:
            self._usage = usage
            events.append(UsageEvent(usage))
        return events

    def _choice(self, choice: Json, place: int) -> list[StreamEvent]:
        index = choice.get("index")
        index = index if type(index) is int else place
        growing = self._choices.get(index)
        if growing is None:
            growing = self._choices[index] = GrowingChoice(index, id_stem(_text(self._head.get("id")), index))
            if len(self._choices) == 1:
                growing.sources = source_citations(self._head)
        return growing.add(choice)

    def _gather(self, chunk: Json) -> None:
        """Keep a chunk's own fields: until the start with the start, later ones where they are new."""
        if not self._started:
            self._head.update(
                {name: value for name, value in chunk.items() if value or name not in self._head}
            )
            return
        for name, value in chunk.items():
            if name not in _KNOWN and value is not None and self._head.get(name) != value:
                self._late[name] = value

    def _start(self) -> StartEvent:
        self._started = True
        head = self._head
        rest = {name: value for name, value in head.items() if name not in _KNOWN and value is not None}
        created = head.get("created")
        tier = head.get("service_tier")
        return StartEvent(
            id=_text(head.get("id")),
            model=_text(head.get("model")),
            created=int(created) if isinstance(created, int | float) else None,
            service_tier=tier if isinstance(tier, str) else None,
            extensions=extras(NAME, rest),
        )

    def _end(self) -> list[StreamEvent]:
        """Finishes are held until here: usage and hosts' remarks come after the finish reason."""
        if self._ended:
            return []
        self._ended = True
        late = {CHUNK + name: value for name, value in self._late.items()}
        events: list[StreamEvent] = []
        for index in sorted(self._choices):
            events += self._choices[index].end(late)
            late = {}
        return events


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
