"""Streamed answers to canonical events (https://docs.cohere.com/v2/docs/streaming).

Contents and calls are numbered apart; the plan has no number and ends when something else begins. The end of the
message ends the answer, whether or not `[DONE]` follows.
"""

from typing import Any, Literal

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
from counterpoint.canonical.finish import Finish
from counterpoint.dialects.cohere_chat.citations import decode_citation, is_of_text
from counterpoint.dialects.cohere_chat.errors import failure_of
from counterpoint.dialects.cohere_chat.names import NAME, UNPLACED
from counterpoint.dialects.cohere_chat.parts import decode_part
from counterpoint.dialects.cohere_chat.responses import plan_of
from counterpoint.dialects.cohere_chat.usage import decode_finish, decode_usage
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, parse
from counterpoint.i18n import say
from counterpoint.wire import FrameTooLong, SseCutter, frame_of

_Json = dict[str, Any]
_Key = tuple[Literal["content", "call", "plan"], int]


def broken(sentence: str) -> Failure:
    """An upstream's failure to keep to the grammar."""
    message = say(sentence, lang="en")
    return Failure(FailureKind.upstream_error, message, code="invalid_stream", from_upstream=True)


def inner(value: Any, *names: str) -> _Json:
    """The object that stands under those names, one in the other; empty if there is none."""
    for name in names:
        value = value.get(name) if type(value) is dict else None
    return value if type(value) is dict else {}


def failure_in(event: _Json) -> Failure | None:
    """The failure that an event, or a plain body that came instead of a stream, tells."""
    delta = inner(event, "delta")
    if event.get("type") == "message-end":
        failed = type(delta.get("error")) is str and delta.get("finish_reason") in (None, "ERROR", "TIMEOUT")
        return failure_of(delta, None) if failed else None
    return failure_of(event, None) if "type" not in event and type(event.get("message")) is str else None


class CohereStreamDecoder:
    """One stream. Feed it bytes in any cut."""

    def __init__(self) -> None:
        self._cutter = SseCutter()
        self._open: dict[_Key, int] = {}
        self._texts: dict[int, int] = {}
        """Which part each text among the contents is."""
        self._next = 0
        self._started = False
        self._ended = False
        self._unplaced: list[Any] = []
        self.complete = False

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        if self._ended:
            return []
        try:
            pieces = self._cutter.feed(data)
        except FrameTooLong:
            return self._fail(broken("dialects.upstream.too_long"))
        return [event for raw in pieces for event in self._piece(raw)]

    def close(self) -> list[StreamEvent]:
        """The end; an error if the message had none."""
        if self._ended:
            return []
        rest = self._cutter.close()
        events = self._piece(rest)
        if self._ended:
            return events
        try:
            value = parse(rest)
        except ValueError:
            value = None
        failure = failure_in(value) if type(value) is dict else None
        return events + self._fail(failure or broken("dialects.upstream.cut"))

    def _fail(self, failure: Failure) -> list[StreamEvent]:
        self._ended = True
        return [ErrorEvent(failure)]

    def _piece(self, raw: bytes) -> list[StreamEvent]:
        frame = frame_of(raw) if raw and not self._ended else None
        if frame is None or frame.data.strip() == b"[DONE]":
            return []
        try:
            event = parse(frame.data)
        except ValueError:
            return self._fail(broken("dialects.upstream.garbage"))
        if type(event) is not dict:
            return self._fail(broken("dialects.upstream.garbage"))
        failure = failure_in(event)
        return self._fail(failure) if failure is not None else self._event(event)

    def _event(self, event: _Json) -> list[StreamEvent]:
        index = event.get("index")
        place = index if type(index) is int else 0
        delta = inner(event, "delta", "message")
        match event.get("type"):
            case "message-start":
                return self._start(event)
            case "content-start":
                return self._begin(("content", place), _content(inner(delta, "content")))
            case "content-delta":
                return self._grow(place, inner(delta, "content"))
            case "content-end":
                return self._end(("content", place))
            case "tool-plan-delta":
                return self._plan(delta.get("tool_plan"))
            case "tool-call-start":
                return self._begin(("call", place), _call(inner(delta, "tool_calls"), place))
            case "tool-call-delta":
                more = inner(delta, "tool_calls", "function").get("arguments")
                return self._more(("call", place), more, "arguments")
            case "tool-call-end":
                return self._end(("call", place))
            case "citation-start":
                return self._cite(delta.get("citations"))
            case "message-end":
                return self._finish(inner(event, "delta"))
            case _:
                return []

    def _start(self, event: _Json) -> list[StreamEvent]:
        if self._started:
            return []
        self._started = True
        answer_id = event.get("id")
        return [StartEvent(id=answer_id if type(answer_id) is str else "")]

    def _begin(self, key: _Key, part: Part) -> list[StreamEvent]:
        events = self._end(("plan", 0)) if key[0] != "plan" else []
        events += self._end(key)  # a number that is used again
        if isinstance(part, Text):
            self._texts[key[1]] = self._next
        self._open[key] = self._next
        events.append(PartStart(0, self._next, part))
        self._next += 1
        return events

    def _more(self, key: _Key, text: Any, field: Literal["text", "arguments"] = "text") -> list[StreamEvent]:
        part = self._open.get(key)
        return [PartDelta(0, part, text, field)] if part is not None and type(text) is str and text else []

    def _grow(self, place: int, content: _Json) -> list[StreamEvent]:
        key: _Key = ("content", place)
        text = content.get("text", content.get("thinking"))
        events: list[StreamEvent] = []
        if key not in self._open:
            events += self._begin(key, Reasoning() if "thinking" in content else Text(""))
        return events + self._more(key, text)

    def _plan(self, text: Any) -> list[StreamEvent]:
        events: list[StreamEvent] = []
        if ("plan", 0) not in self._open:
            events += self._begin(("plan", 0), plan_of(""))
        return events + self._more(("plan", 0), text)

    def _end(self, key: _Key) -> list[StreamEvent]:
        part = self._open.pop(key, None)
        return [] if part is None else [PartEnd(0, part)]

    def _cite(self, value: Any) -> list[StreamEvent]:
        for item in value if type(value) is list else [value]:
            if type(item) is not dict:
                continue
            index = item.get("content_index")
            place = index if type(index) is int else next(iter(self._texts), 0)
            part = self._texts.get(place)
            if is_of_text(item) and part is not None and part in self._open.values():
                return [PartDelta(0, part, citation=decode_citation(item))]
            self._unplaced.append(item)
        return []

    def _finish(self, delta: _Json) -> list[StreamEvent]:
        self._ended = self.complete = True
        events = [event for key in list(self._open) for event in self._end(key)]
        rest = {name: value for name, value in delta.items() if name not in {"finish_reason", "usage"}}
        if self._unplaced:
            rest[UNPLACED] = self._unplaced
        finish = decode_finish(delta.get("finish_reason")) or Finish("stop")
        events.append(FinishEvent(0, finish, extras(NAME, rest)))
        usage = decode_usage(delta.get("usage"))
        return [*events, UsageEvent(usage)] if usage.reported else events


def _content(value: _Json) -> Part:
    part = decode_part(Fields({"text": "", **value} if value.get("type") == "text" else value, strict=False))
    return part if isinstance(part, Text | Reasoning) else Text("")


def _call(value: _Json, place: int) -> ToolCall:
    function = inner(value, "function")
    name, call_id, arguments = function.get("name"), value.get("id"), function.get("arguments")
    rest = {key: item for key, item in value.items() if key not in {"id", "type", "function"}}
    return ToolCall(
        call_id if type(call_id) is str else f"call_{place}",
        name if type(name) is str else "",
        arguments if type(arguments) is str else "",
        extensions=extras(NAME, rest),
    )
