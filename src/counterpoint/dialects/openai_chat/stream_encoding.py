"""Canonical events to a stream of chunks, in the grammar that official clients expect.

Role first, then deltas, tool calls with their index, a chunk with the finish reason, a chunk with usage and no
choices where the client asked for it, `[DONE]`. Thinking is sent as `reasoning_content`, the field that most
clients of this dialect read; what lets its maker verify it has no place here.
"""

from collections.abc import Callable
from typing import Any

from counterpoint.canonical import (
    Audio,
    ErrorEvent,
    FinishEvent,
    Loss,
    Opaque,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    UsageEvent,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.answering import IN_ANSWERS
from counterpoint.dialects.extensions import fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.openai_chat.errors import encode_stream_error
from counterpoint.dialects.openai_chat.finishing import finish_reason
from counterpoint.dialects.openai_chat.message_encoding import annotation_of, encode_call
from counterpoint.dialects.openai_chat.names import (
    DETAIL,
    FIELD,
    LEGACY,
    NAME,
    REASONING,
    REASONING_CONTENT,
    REASONING_DETAILS,
    STOP_REASON,
)
from counterpoint.dialects.openai_chat.responses import MESSAGE
from counterpoint.dialects.openai_chat.streams import CHUNK, DONE
from counterpoint.dialects.openai_chat.usage import usage_body
from counterpoint.wire import sse_frame

Json = dict[str, Any]


class OpenAIStreamEncoder:
    """One stream. `now` gives the time for an answer that has none of its own."""

    def __init__(self, model: str, *, include_usage: bool, now: Callable[[], float]) -> None:
        self._model = model
        self._include_usage = include_usage
        self._now = now
        self._head: Json | None = None
        self._begun: set[int] = set()
        self._parts: dict[tuple[int, int], Part] = {}
        self._calls: dict[int, list[int]] = {}
        self._usage = UNREPORTED
        self._failed = False
        self._losses: list[Loss] = []

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What the stream could not express so far; paths are canonical."""
        return tuple(self._losses)

    def encode(self, event: StreamEvent) -> bytes:
        """Chunks for one event."""
        if self._failed:
            return b""
        match event:
            case StartEvent():
                return self._start(event)
            case PartStart():
                return self._begin(event.choice) + self._part_start(event)
            case PartDelta():
                return self._delta(event)
            case PartEnd():
                return b""
            case FinishEvent():
                return self._begin(event.choice) + self._finish(event)
            case UsageEvent():
                self._usage = event.usage
                return b""
            case ErrorEvent():
                self._failed = True
                return encode_stream_error(event.failure)

    def close(self) -> bytes:
        """Usage where it was asked for and is known, then the end; nothing after an error."""
        if self._failed:
            return b""
        end = sse_frame(DONE)
        if not self._include_usage or not self._usage.reported:
            return end
        chunk = {**self._envelope(), "choices": [], "usage": usage_body(self._usage)}
        return sse_frame(encode(chunk)) + end

    def _envelope(self) -> Json:
        if self._head is None:
            self._start(StartEvent())
        return self._head or {}

    def _start(self, event: StartEvent) -> bytes:
        self._losses.extend(foreign_losses(event.extensions, NAME, "", IN_ANSWERS))
        self._head = {
            "id": event.id,
            "object": "chat.completion.chunk",
            "created": int(self._now()) if event.created is None else event.created,
            "model": event.model or self._model,
        }
        if event.service_tier is not None:
            self._head["service_tier"] = event.service_tier
        self._head.update(fields_of(event.extensions, NAME))
        return self._begin(0)

    def _begin(self, choice: int) -> bytes:
        """The chunk that names the role, once per choice."""
        if choice in self._begun:
            return b""
        self._begun.add(choice)
        return self._chunk(choice, {"role": "assistant", "content": ""})

    def _chunk(self, choice: int, delta: Json, more: Json | None = None, late: Json | None = None) -> bytes:
        body = {"index": choice, "delta": delta, "logprobs": None, "finish_reason": None, **(more or {})}
        chunk = {**self._envelope(), "choices": [body], **(late or {})}
        if self._include_usage:
            chunk["usage"] = None
        return sse_frame(encode(chunk))

    def _part_start(self, event: PartStart) -> bytes:
        key = (event.choice, event.part)
        self._parts[key] = event.value
        path = f"choices[{event.choice}].parts[{event.part}]"
        if not isinstance(event.value, Opaque):
            self._losses.extend(foreign_losses(event.value.extensions, NAME, path, IN_ANSWERS))
        match event.value:
            case ToolCall():
                return self._call_start(event.choice, event.part, event.value)
            case Text() | Refusal() | Reasoning():
                return self._text_start(event, path)
            case Audio():
                return self._audio_start(event.choice, event.value)
            case Opaque(dialect=dialect) if dialect == NAME:
                return self._chunk(event.choice, {"content": [event.value.value]})
            case _:
                detail = "a part that the dialect has no word for"
                value = event.value
                kind = value.kind if isinstance(value, Opaque) else value.__struct_config__.tag
                self._losses.append(Loss(f"part.{kind}", path, "meaning", detail))
                return b""

    def _text_start(self, event: PartStart, path: str) -> bytes:
        value = event.value
        if isinstance(value, Reasoning) and (value.signature or value.encrypted):
            self._lose_signature(path)  # what has entries of its own gets them as deltas
        if not isinstance(value, Text | Refusal | Reasoning):
            return b""
        chunks = self._grow(event.choice, value, value.text) if value.text else b""
        if isinstance(value, Text):
            for citation in value.citations:
                chunks += self._cite(PartDelta(event.choice, event.part, citation=citation))
        return chunks

    def _lose_signature(self, path: str) -> None:
        detail = "thinking is shown without what lets its maker verify it"
        loss = Loss("reasoning.signature", path, "degraded", detail)
        if loss not in self._losses:
            self._losses.append(loss)

    def _audio_start(self, choice: int, value: Audio) -> bytes:
        audio: Json = {"id": value.id} if value.id is not None else {}
        if value.source is not None and value.source.value:
            audio["data"] = value.source.value
        if value.transcript:
            audio["transcript"] = value.transcript
        return self._chunk(choice, {"audio": {**audio, **fields_of(value.extensions, NAME)}})

    def _call_start(self, choice: int, part: int, value: ToolCall) -> bytes:
        if spelling(value.extensions, NAME, LEGACY):
            return self._chunk(choice, {"function_call": {"name": value.name, "arguments": value.arguments}})
        calls = self._calls.setdefault(choice, [])
        calls.append(part)
        return self._chunk(choice, {"tool_calls": [{"index": len(calls) - 1, **encode_call(value)}]})

    def _delta(self, event: PartDelta) -> bytes:
        part = self._parts.get((event.choice, event.part))
        chunks = b""
        if event.citation is not None:
            chunks += self._cite(event)
        if part is None or not (event.text or event.logprobs):
            return chunks
        match event.field:
            case "text":
                entries = event.logprobs
                more = {"logprobs": {"content": list(entries), "refusal": None}} if entries else None
                return chunks + self._grow(event.choice, part, event.text, more)
            case "arguments":
                return chunks + self._more_arguments(event, part)
            case "data" | "transcript":
                return chunks + self._chunk(event.choice, {"audio": {event.field: event.text}})
            case "signature" | "encrypted":
                return chunks + self._signed(event, part)

    def _signed(self, event: PartDelta, part: Part) -> bytes:
        about = spelling(part.extensions, NAME, DETAIL) if isinstance(part, Reasoning) else None
        if isinstance(about, dict):
            field = {"signature": "signature", "encrypted": "data"}[event.field]
            return self._chunk(event.choice, {REASONING_DETAILS: [{**about, field: event.text}]})
        self._lose_signature(f"choices[{event.choice}].parts[{event.part}]")
        return b""

    def _grow(self, choice: int, part: Part, text: str, more: Json | None = None) -> bytes:
        match part:
            case Text():
                return self._chunk(choice, {"content": text}, more)
            case Reasoning():
                return self._chunk(choice, self._thought(part, text), more)
            case Refusal():
                return self._chunk(choice, {"refusal": text}, more)
            case _:
                return self._chunk(choice, {}, more) if more else b""

    def _thought(self, part: Reasoning, text: str) -> Json:
        """The delta of thinking."""
        return _thought(part, text)

    def _more_arguments(self, event: PartDelta, part: Part) -> bytes:
        if not isinstance(part, ToolCall):
            return b""
        if spelling(part.extensions, NAME, LEGACY):
            return self._chunk(event.choice, {"function_call": {"arguments": event.text}})
        index = self._calls[event.choice].index(event.part)
        field = {"custom": {"input": event.text}} if part.kind == "custom" else None
        body = field or {"function": {"arguments": event.text}}
        return self._chunk(event.choice, {"tool_calls": [{"index": index, **body}]})

    def _cite(self, event: PartDelta) -> bytes:
        annotation = annotation_of(event.citation) if event.citation is not None else None
        if annotation is None:
            path = f"choices[{event.choice}].parts[{event.part}]"
            loss = Loss("text.citations", path, "degraded", "the dialect cites URLs only")
            if loss not in self._losses:
                self._losses.append(loss)
            return b""
        return self._chunk(event.choice, {"annotations": [annotation]})

    def _finish(self, event: FinishEvent) -> bytes:
        path = f"choices[{event.choice}]"
        self._losses.extend(foreign_losses(event.extensions, NAME, path, IN_ANSWERS))
        fields = fields_of(event.extensions, NAME)
        delta = {name[len(MESSAGE) :]: fields[name] for name in fields if name.startswith(MESSAGE)}
        late = {name[len(CHUNK) :]: fields[name] for name in fields if name.startswith(CHUNK)}
        rest = {name: fields[name] for name in fields if not name.startswith((MESSAGE, CHUNK))}
        stop = spelling(event.extensions, NAME, STOP_REASON)
        if stop is not None:
            rest[STOP_REASON] = stop
        reason = finish_reason(event.finish, own=bool(event.extensions.get(NAME)))
        return self._chunk(event.choice, delta, {"finish_reason": reason, **rest}, late)


def _thought(part: Reasoning, text: str) -> Json:
    about = spelling(part.extensions, NAME, DETAIL)
    if isinstance(about, dict):
        field = "summary" if about.get("type") == "reasoning.summary" else "text"
        return {REASONING: text, REASONING_DETAILS: [{**about, field: text}]}
    return {spelling(part.extensions, NAME, FIELD) or REASONING_CONTENT: text}
