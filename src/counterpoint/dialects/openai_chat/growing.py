"""One choice of a stream while it grows: deltas in, part events out."""

from typing import Any, Literal

from counterpoint.canonical import (
    Audio,
    Citation,
    Finish,
    FinishEvent,
    Media,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    StreamEvent,
    Text,
    ToolCall,
)
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, compact
from counterpoint.dialects.openai_chat.finishing import finish_from, inferred_finish
from counterpoint.dialects.openai_chat.message_encoding import annotation_of
from counterpoint.dialects.openai_chat.messages import reasoning_detail, says_something, url_citation
from counterpoint.dialects.openai_chat.names import (
    DETAIL,
    FIELD,
    LEGACY,
    NAME,
    PART,
    REASONING,
    REASONING_CONTENT,
    REASONING_DETAILS,
    STOP_REASON,
)
from counterpoint.dialects.openai_chat.parts import decode_part
from counterpoint.dialects.openai_chat.responses import MESSAGE

Json = dict[str, Any]
Events = list[StreamEvent]

_TAKEN = {
    "role",
    "content",
    "refusal",
    "tool_calls",
    "function_call",
    "audio",
    "annotations",
    REASONING,
    REASONING_CONTENT,
    REASONING_DETAILS,
}
_CHOICE = {"index", "delta", "message", "finish_reason", "logprobs", "stop_reason"}


_GROWING = {"text", "summary", "signature", "data"}
_EMPTY: tuple[Any, ...] = ("", [], {})


class _Call:
    """One tool call: begun for the client once its name is known."""

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        self.part: int | None = None
        self.early = ""


class GrowingChoice:
    """What is known of one choice. `stem`: what ids are made from for calls that come without one."""

    def __init__(self, index: int, stem: str) -> None:
        self.index = index
        self.sources: tuple[Citation, ...] = ()
        self._stem = stem
        self._next = 0
        self._current: tuple[str, int] | None = None
        """The part that grows, unless it is a tool call: what it is, and its index."""
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._logprobs: list[Any] = []
        self._finish: Finish | None = None
        self._rest: Json = {}

    @property
    def finished(self) -> bool:
        """Whether a finish reason has been seen."""
        return self._finish is not None

    def add(self, choice: Json) -> Events:
        """The events of one chunk's choice."""
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice.get("message")
        if not isinstance(delta, dict):
            delta = {"content": choice.get("text")}
        self._keep_logprobs(choice.get("logprobs"))
        events = self._delta(delta)
        if self._logprobs and self._current is not None:
            events.append(PartDelta(self.index, self._current[1], logprobs=tuple(self._logprobs)))
            self._logprobs = []
        stop = choice.get("stop_reason")
        self._finish = finish_from(choice.get("finish_reason"), stop) or self._finish
        if stop is not None:
            self._rest["~" + STOP_REASON] = stop
        for name, value in choice.items():
            if name not in _CHOICE:
                self._keep(name, value)
        return events

    def end(self, late: Json) -> Events:
        """Everything still open ends, then the choice does."""
        events = self._leave()
        for call in self._calls:
            if call.part is None:  # a name never came: the client must see that the model called something
                events += self._begin(call, ToolCall(call.call_id, "", call.early))
        events += [PartEnd(self.index, call.part) for call in self._calls if call.part is not None]
        rest = {**self._rest, **late}
        annotations = [annotation for source in self.sources if (annotation := annotation_of(source))]
        if annotations:
            rest.setdefault(MESSAGE + "annotations", annotations)
        if self._logprobs:
            rest["logprobs"] = {"content": self._logprobs}
        events.append(
            FinishEvent(
                self.index, self._finish or inferred_finish(called=bool(self._calls)), extras(NAME, rest)
            )
        )
        return events

    def _keep(self, name: str, value: Any) -> None:
        """A field that the hub has no word for: the last value that says something."""
        if value is not None and (value not in _EMPTY or name not in self._rest):
            self._rest[name] = value

    def _keep_logprobs(self, logprobs: Any) -> None:
        entries = logprobs.get("content") if isinstance(logprobs, dict) else None
        if isinstance(entries, list):
            self._logprobs += entries

    def _delta(self, delta: Json) -> Events:
        events = self._thinking(delta)
        content = delta.get("content")
        if isinstance(content, str):
            events += self._text(content)
        elif isinstance(content, list):
            for item in content:
                events += self._content(item)
        elif isinstance(content, dict):
            events += self._text(compact(content))
        refused = delta.get("refusal")
        if isinstance(refused, str) and refused:
            events += self._grow("refusal", Refusal(""), refused)
        if says_something(delta.get("audio")) and isinstance(delta["audio"], dict):
            events += self._audio(delta["audio"])
        events += self._annotations(delta.get("annotations"))
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict):
                events += self._call(call, {})
        if says_something(delta.get("function_call")) and isinstance(delta["function_call"], dict):
            call = {"function": delta["function_call"], "id": f"{self._stem}_legacy"}
            events += self._call(call, {"~" + LEGACY: True})
        for name, value in delta.items():
            if name not in _TAKEN:
                self._keep(MESSAGE + name, value)
        return events

    def _thinking(self, delta: Json) -> Events:
        """`reasoning_details` where there are any (they repeat `reasoning`), else the plain strings."""
        details = delta.get(REASONING_DETAILS)
        if isinstance(details, list) and details:
            parts = [reasoning_detail(item) for item in details]
            if None in parts:
                self._rest.setdefault(MESSAGE + REASONING_DETAILS, []).extend(details)
                return []
            return [event for detail in details for event in self._detail(detail)]
        for name in (REASONING_CONTENT, REASONING):
            text = delta.get(name)
            if isinstance(text, str) and text:
                field = extras(NAME, {} if name == REASONING_CONTENT else {"~" + FIELD: name})
                return self._grow("reasoning", Reasoning(extensions=field), text)
        return []

    def _detail(self, detail: Json) -> Events:
        part = reasoning_detail(detail)
        if part is None:
            return []
        about = {name: value for name, value in detail.items() if name not in _GROWING}
        start = Reasoning(extensions=extras(NAME, {"~" + DETAIL: about}))
        events = self._grow(f"detail {detail.get('type')} {detail.get('index')}", start, part.text)
        if part.signature:
            events += self._more(part.signature, "signature")
        if part.encrypted:
            events += self._more(part.encrypted, "encrypted")
        return events

    def _text(self, text: str) -> Events:
        if not text:
            return []
        return self._grow("text", Text(""), text) + self._cite()

    def _content(self, item: Any) -> Events:
        """One part of a content list (Mistral streams thinking so)."""
        if not isinstance(item, dict):
            return []
        part = decode_part(Fields(item, strict=False))
        if isinstance(part, Text):
            return self._text(part.text)
        if isinstance(part, Reasoning):
            start = Reasoning(extensions=extras(NAME, {"~" + PART: "thinking"}))
            return self._grow("thinking", start, part.text)
        events = self._leave()
        events += [PartStart(self.index, self._next, part), PartEnd(self.index, self._next)]
        self._next += 1
        return events

    def _audio(self, audio: Json) -> Events:
        audio_id = audio.get("id")
        rest = {name: value for name, value in audio.items() if name not in {"id", "data", "transcript"}}
        if self._current is None or self._current[0] != "audio":
            known = audio_id if isinstance(audio_id, str) else None
            start = Audio(Media("data", ""), None, known, extras(NAME, rest))
            events = self._grow("audio", start, "")
        else:
            events = []
            self._keep(MESSAGE + "audio", rest or None)
        names: tuple[Literal["data", "transcript"], ...] = ("data", "transcript")
        for name in names:
            value = audio.get(name)
            if isinstance(value, str) and value:
                events += self._more(value, name)
        return events

    def _annotations(self, annotations: Any) -> Events:
        """Citations go to the text that grows, or to the next one."""
        if not isinstance(annotations, list) or not annotations:
            return []
        citations = [citation for citation in map(url_citation, annotations) if citation is not None]
        if len(citations) < len(annotations):
            self._rest.setdefault(MESSAGE + "annotations", []).extend(annotations)
            return []
        self.sources += tuple(citations)
        return self._cite() if self._current is not None and self._current[0] == "text" else []

    def _cite(self) -> Events:
        at = self._current[1] if self._current else 0
        events: Events = [PartDelta(self.index, at, citation=source) for source in self.sources]
        self.sources = ()
        return events

    def _call(self, piece: Json, spelled: Json) -> Events:
        """A piece of a tool call."""
        body = piece.get("custom") if isinstance(piece.get("custom"), dict) else piece.get("function")
        body = body if isinstance(body, dict) else {}
        call = self._call_of(piece, body)
        arguments = body.get("arguments", body.get("input"))
        if isinstance(arguments, dict):
            arguments = compact(arguments)
        more = arguments if isinstance(arguments, str) else ""
        if call.part is not None:
            return [PartDelta(self.index, call.part, more, "arguments")] if more else []
        if not _string(body.get("name")):
            call.early += more
            return []
        return self._begin(call, _begun(piece, body, call, spelled, more))

    def _call_of(self, piece: Json, body: Json) -> _Call:
        """The call a piece belongs to: by index, unless another id shows that a new call began under it
        (Gemini numbers parallel calls all 0); without an index by id, else the last call."""
        index, call_id = piece.get("index"), _string(piece.get("id"))
        known: _Call | None
        if type(index) is int:
            known = self._by_index.get(index)
            if known is not None and call_id not in {"", known.call_id} and _string(body.get("name")):
                known = None
        elif call_id:
            known = next((call for call in self._calls if call.call_id == call_id), None)
        else:
            known = None if _string(body.get("name")) or not self._calls else self._calls[-1]
        if known is None:
            known = _Call(call_id or f"{self._stem}_{len(self._calls)}")
            self._calls.append(known)
        if type(index) is int:
            self._by_index[index] = known
        return known

    def _begin(self, call: _Call, value: ToolCall) -> Events:
        events = self._leave()
        call.part = self._next
        events.append(PartStart(self.index, self._next, value))
        self._next += 1
        return events

    def _grow(self, kind: str, start: Part, text: str) -> Events:
        """More of the part of that kind, which begins if it is not the current one."""
        events: Events = []
        if self._current is None or self._current[0] != kind:
            events += self._leave()
            self._current = (kind, self._next)
            events.append(PartStart(self.index, self._next, start))
            self._next += 1
        if text:
            events.append(PartDelta(self.index, self._current[1], text))
        return events

    def _more(self, text: str, field: Literal["signature", "encrypted", "data", "transcript"]) -> Events:
        return [PartDelta(self.index, self._current[1], text, field)] if self._current else []

    def _leave(self) -> Events:
        if self._current is None:
            return []
        part = self._current[1]
        self._current = None
        return [PartEnd(self.index, part)]


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _begun(piece: Json, body: Json, call: _Call, spelled: Json, arguments: str) -> ToolCall:
    kind: Literal["function", "custom"] = "custom" if isinstance(piece.get("custom"), dict) else "function"
    rest = {name: value for name, value in piece.items() if name not in {"index", "id", "type", kind}}
    inner = {
        f"{kind}.{name}": value for name, value in body.items() if name not in {"name", "arguments", "input"}
    }
    extensions = extras(NAME, {**rest, **inner, **spelled})
    return ToolCall(call.call_id, _string(body.get("name")), call.early + arguments, kind, extensions)
