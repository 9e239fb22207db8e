"""A stream of typed events to canonical events.

Its grammar: `response.created`, then items one after the other or side by side, each added, grown and done; then
`response.completed`, `response.incomplete` or `response.failed` with the whole answer; `error` in place of the end.
What a host leaves out is taken from the end of an item or from the whole answer; what it tells of the progress of its
own tools says nothing that their items do not.
"""

from typing import Any

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FinishEvent,
    StartEvent,
    StreamEvent,
    UsageEvent,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import parse
from counterpoint.dialects.openai_chat.streams import stream_failure
from counterpoint.dialects.openai_responses.envelope import split
from counterpoint.dialects.openai_responses.errors import failure_of, failure_told, plain_failure
from counterpoint.dialects.openai_responses.finishing import finish_from
from counterpoint.dialects.openai_responses.growing import GrowingItem
from counterpoint.dialects.openai_responses.names import ANSWERED, ENVELOPE, NAME
from counterpoint.dialects.openai_responses.usage import usage_from
from counterpoint.wire import Frame, FrameTooLong, SseReader

Json = dict[str, Any]
Events = list[StreamEvent]

ENDS = {"response.completed", "response.incomplete", "response.failed", "response.cancelled"}
BEGINNINGS = {"response.created", "response.in_progress", "response.queued"}
_KNOWN = ("id", "model", "created_at", "service_tier", "output", "usage")


class ResponsesDecoder:
    """One stream. Feed it bytes in any cut."""

    def __init__(self) -> None:
        self._reader = SseReader()
        self._started = False
        self._ended = False
        self._complete = False
        self._parts = 0
        self._items: dict[int, GrowingItem] = {}
        self._events: Events = []

    @property
    def complete(self) -> bool:
        """Whether the event with the whole answer has been seen."""
        return self._complete

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        if self._ended:
            return []
        try:
            return self._read(self._reader.feed(data))
        except FrameTooLong:
            return self._fail(stream_failure("dialects.upstream.too_long"))

    def close(self) -> list[StreamEvent]:
        """The upstream has ended; an error if it did before its own end."""
        plain = None if self._started else plain_failure(self._reader.rest)
        events = self._read(self._reader.close())
        return events + self._fail(plain or stream_failure("dialects.upstream.cut"))

    def _read(self, frames: list[Frame]) -> list[StreamEvent]:
        events: Events = []
        for frame in frames:
            if not self._ended:
                events += self._frame(frame)
        return events

    def _fail(self, failure: Failure) -> list[StreamEvent]:
        if self._ended:
            return []
        self._ended = True
        return [ErrorEvent(failure)]

    def _frame(self, frame: Frame) -> list[StreamEvent]:
        if frame.data.strip() == b"[DONE]":  # of the older API; some hosts write it here too
            return []
        try:
            event = parse(frame.data)
        except ValueError:
            return self._fail(stream_failure("dialects.upstream.garbage"))
        if type(event) is not dict:
            return self._fail(stream_failure("dialects.upstream.garbage"))
        self._events = []
        try:
            self._understand(event.get("type", frame.event), event)
        except Refused as refused:
            self._events += self._fail(refused.failure)
        return self._events

    def _understand(self, kind: Any, event: Json) -> None:
        if kind == "error" or (kind == "" and event.get("error")):
            raise Refused(failure_told(event))
        if kind in BEGINNINGS:
            self._start(event.get("response"))
            return
        if kind in ENDS:
            self._end(event.get("response"))
            return
        if type(kind) is str and kind.startswith("response."):
            self._start(None)
            self._grow(kind, event)

    def _start(self, answer: Any) -> None:
        if self._started:
            return
        self._started = True
        answer = answer if type(answer) is dict else {}
        created, tier = answer.get("created_at"), answer.get("service_tier")
        around, rest = split({name: value for name, value in answer.items() if name not in _KNOWN})
        marks = {"~" + ENVELOPE: around} if around else {}
        self._events.append(
            StartEvent(
                id=_text(answer.get("id")),
                model=_text(answer.get("model")),
                created=int(created) if isinstance(created, int | float) else None,
                service_tier=tier if type(tier) is str else None,
                extensions=extras(NAME, {**_told(rest), **marks}),
            )
        )

    def _number(self) -> int:
        self._parts += 1
        return self._parts - 1

    def _item(self, event: Json, raw: Any = None) -> GrowingItem:
        index = event.get("output_index")
        index = index if type(index) is int else len(self._items)
        item = self._items.get(index)
        if item is None:
            raw = raw if type(raw) is dict else {"type": _kind_of(event), "id": event.get("item_id")}
            item = self._items[index] = GrowingItem(raw, self._number)
            item.begin(raw, self._events)
        return item

    def _grow(self, kind: str, event: Json) -> None:
        match kind:
            case "response.output_text.delta" | "response.reasoning_text.delta":
                self._words(event, "content", "content_index")
            case "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta":
                self._item(event).grow(("call", 0), event.get("delta"), self._events, "arguments")
            case "response.reasoning_summary_text.delta":
                self._words(event, "summary", "summary_index")
            case "response.refusal.delta":
                self._words(event, "refusal", "content_index")
            case "response.output_text.annotation.added":
                key = ("content", _index(event, "content_index"))
                self._item(event).cite(key, event.get("annotation"), self._events)
            case "response.content_part.added" | "response.reasoning_part.added":
                self._part_added(event)
            case "response.reasoning_summary_part.added":
                self._item(event).piece(("summary", _index(event, "summary_index")), self._events)
            case "response.output_item.added":
                self._item(event, event.get("item"))
            case "response.output_item.done":
                self._done(event)

    def _done(self, event: Json) -> None:
        raw = event.get("item")
        if type(raw) is dict:
            self._item(event, raw).end(raw, self._events)

    def _part_added(self, event: Json) -> None:
        raw = event.get("part")
        kind = raw.get("type") if type(raw) is dict else None
        if type(kind) is str and kind in {"output_text", "refusal", "reasoning_text"}:
            place = "refusal" if kind == "refusal" else "content"
            self._item(event).piece((place, _index(event, "content_index")), self._events)

    def _words(self, event: Json, place: str, index: str) -> None:
        key = (place, _index(event, index))
        self._item(event).grow(key, event.get("delta"), self._events, logprobs=event.get("logprobs"))

    def _end(self, answer: Any) -> None:
        """The whole answer: what of it no event told, usage, and why it ended."""
        if type(answer) is not dict:
            raise Refused(stream_failure("dialects.upstream.garbage"))
        failure = failure_of(answer)
        if failure is not None:
            self._start(answer)
            raise Refused(failure)
        self._start(answer)
        output = answer.get("output")
        for index, raw in enumerate(output if type(output) is list else ()):
            if type(raw) is dict:
                self._item({"output_index": index}, raw).end(raw, self._events)
        for item in self._items.values():
            item.abandon(self._events)
        usage = usage_from(answer.get("usage"), answer.get("tool_usage"))
        if usage.reported:
            self._events.append(UsageEvent(usage))
        called = any(item.called for item in self._items.values())
        finish = finish_from(answer.get("status"), answer.get("incomplete_details"), called=called)
        around, rest = split({name: value for name, value in answer.items() if name not in _KNOWN})
        marks = {"~" + ANSWERED: around} if around else {}
        self._events.append(FinishEvent(0, finish, extras(NAME, {**_told(rest), **marks})))
        self._complete = self._ended = True


def _kind_of(event: Json) -> str:
    """The type of an item that was never added, by what is told of it."""
    kind = str(event.get("type"))
    if "reasoning" in kind:
        return "reasoning"
    if "function_call" in kind or "custom_tool_call" in kind:
        return "custom_tool_call" if "custom" in kind else "function_call"
    return "message"


def _told(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def _index(event: Json, name: str) -> int:
    value = event.get(name)
    return value if type(value) is int else 0


def _text(value: Any) -> str:
    return value if type(value) is str else ""
