"""Canonical events as a stream of this dialect.

Contents and calls get numbers of their own, in the order in which they begin. The reason to stop and the usage come in
the last event, so they are kept for `close`.
"""

from typing import Any

from counterpoint.canonical import (
    Citation,
    ErrorEvent,
    Failure,
    FinishEvent,
    Loss,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
)
from counterpoint.canonical.fold import extend
from counterpoint.canonical.ids import new_id
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.cohere_chat.adapting import adapted_part, finish_loss
from counterpoint.dialects.cohere_chat.citations import encode_citation
from counterpoint.dialects.cohere_chat.errors import encode_stream_error
from counterpoint.dialects.cohere_chat.names import NAME, PLAN, UNPLACED, put_back, spelled
from counterpoint.dialects.cohere_chat.streams import broken
from counterpoint.dialects.cohere_chat.usage import encode_finish, encode_usage
from counterpoint.dialects.jsonio import encode
from counterpoint.wire import sse_frame

_Json = dict[str, Any]


class CohereStreamEncoder:
    """One stream."""

    def __init__(self) -> None:
        self._id = ""
        self._begun = False
        self._ended = False
        self._usage: Usage = UNREPORTED
        self._finish: FinishEvent | None = None
        self._numbers: dict[int, tuple[str, int]] = {}
        self._counts = {"content": 0, "tool-call": 0, "citation": 0}
        self._texts: dict[int, str] = {}
        self._held: dict[int, Part] = {}
        self._losses: dict[tuple[str, str], Loss] = {}

    def encode(self, event: StreamEvent) -> bytes:
        """Bytes for one event."""
        return b"" if self._ended else self._encode(event)

    def _encode(self, event: StreamEvent) -> bytes:
        match event:
            case StartEvent():
                self._id = event.id
            case FinishEvent():
                self._keep_finish(event)
            case UsageEvent(usage):
                self._usage = usage
            case PartStart():
                return self._start_part(event)
            case PartDelta(choice=0):
                return self._grow(event)
            case PartEnd(choice=0):
                return self._end_part(event.part)
            case ErrorEvent(failure):
                return self._fail(failure)
        return b""

    def close(self) -> bytes:
        """The end of the message."""
        if self._ended:
            return b""
        if self._finish is None:
            return self._fail(broken("dialects.upstream.cut"))
        self._ended = True
        own = NAME in self._finish.extensions
        delta: _Json = {"finish_reason": encode_finish(self._finish.finish, own=own)}
        if self._usage.reported:
            delta["usage"] = encode_usage(self._usage)
        more = put_back(self._finish.extensions)
        late = b"".join(self._citation(value, 0) for value in more.pop(UNPLACED, []))
        return self._open() + late + _frame("message-end", delta={**delta, **more}) + sse_frame(b"[DONE]")

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What could not be said so far, each thing once; paths are canonical."""
        return tuple(self._losses.values())

    def _lose(self, loss: Loss | None) -> None:
        if loss is not None:
            self._losses.setdefault((loss.code, loss.path), loss)

    def _keep_finish(self, event: FinishEvent) -> None:
        if event.choice == 0:
            self._finish = event
            if NAME not in event.extensions:
                self._lose(finish_loss(0, event.finish.reason))

    def _fail(self, failure: Failure) -> bytes:
        self._ended = True
        return encode_stream_error(failure, self._id)

    def _open(self) -> bytes:
        """The event that begins the message, once."""
        if self._begun:
            return b""
        self._begun = True
        message = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
        return _frame("message-start", id=self._id or new_id(), delta={"message": message})

    def _start_part(self, event: PartStart) -> bytes:
        path = f"choices[{event.choice}].parts[{event.part}]"
        if event.choice:
            self._lose(Loss("n", f"choices[{event.choice}]", "meaning", "the target has one answer"))
            return b""
        if (
            isinstance(event.value, Text | Reasoning | ToolCall)
            and getattr(event.value, "kind", "") != "custom"
        ):
            losses: list[Loss] = []
            adapted_part(event.value, path, losses)
            for loss in losses:
                self._lose(loss)
            return self._open() + self._say(event.part, event.value)
        self._held[event.part] = event.value
        return b""

    def _say(self, part: int, value: Text | Reasoning | ToolCall) -> bytes:
        """`value` begins."""
        if isinstance(value, Reasoning) and spelled(value.extensions, PLAN):
            self._numbers[part] = ("plan", 0)
            return (
                _frame("tool-plan-delta", delta={"message": {"tool_plan": value.text}}) if value.text else b""
            )
        kind = "tool-call" if isinstance(value, ToolCall) else "content"
        number = self._counts[kind]
        self._counts[kind] += 1
        self._numbers[part] = (kind, number)
        if isinstance(value, ToolCall):
            function = {"name": value.name, "arguments": value.arguments}
            call = {"id": value.id, "type": "function", "function": function}
            return _frame("tool-call-start", number, {"message": {"tool_calls": call}})
        word = "thinking" if isinstance(value, Reasoning) else "text"
        began = _frame("content-start", number, {"message": {"content": {"type": word, word: ""}}})
        if isinstance(value, Text):
            self._texts[part] = value.text
        if value.text:
            began += _frame("content-delta", number, {"message": {"content": {word: value.text}}})
        citations = value.citations if isinstance(value, Text) else ()
        return began + b"".join(self._cite(part, number, citation) for citation in citations)

    def _grow(self, event: PartDelta) -> bytes:
        part = event.part
        if part in self._held:
            if event.text:
                self._held[part] = extend(self._held[part], event.field, event.text)
            return b""
        kind, number = self._numbers.get(part, ("", 0))
        if event.field in {"signature", "encrypted"}:
            detail = "thinking is shown without what lets its maker verify it"
            self._lose(Loss("reasoning.signature", f"choices[0].parts[{part}]", "degraded", detail))
            return b""
        if event.logprobs:
            detail = "probabilities have another form here"
            self._lose(Loss("logprobs", "choices[0].logprobs", "meaning", detail))
        said = self._more(part, kind, number, event.text) if event.text else b""
        return said if event.citation is None else said + self._cite(part, number, event.citation)

    def _more(self, part: int, kind: str, number: int, text: str) -> bytes:
        if kind == "plan":
            return _frame("tool-plan-delta", delta={"message": {"tool_plan": text}})
        if kind == "tool-call":
            return _frame(
                "tool-call-delta", number, {"message": {"tool_calls": {"function": {"arguments": text}}}}
            )
        if kind != "content":
            return b""
        if part in self._texts:
            self._texts[part] += text
            return _frame("content-delta", number, {"message": {"content": {"text": text}}})
        return _frame("content-delta", number, {"message": {"content": {"thinking": text}}})

    def _cite(self, part: int, number: int, citation: Citation) -> bytes:
        encoded = encode_citation(citation, self._texts.get(part, ""), number)
        return b"" if encoded is None else self._citation(encoded, self._counts["citation"])

    def _citation(self, value: _Json, _number: int) -> bytes:
        number = self._counts["citation"]
        self._counts["citation"] += 1
        return _frame("citation-start", number, {"message": {"citations": value}}) + _frame(
            "citation-end", number
        )

    def _end_part(self, part: int) -> bytes:
        held = self._held.pop(part, None)
        if held is not None:
            losses: list[Loss] = []
            adapted = adapted_part(held, f"choices[0].parts[{part}]", losses)
            for loss in losses:
                self._lose(loss)
            if not isinstance(adapted, Text | Reasoning | ToolCall):
                return b""
            return self._open() + self._say(part, adapted) + self._end_part(part)
        kind, number = self._numbers.get(part, ("", 0))
        return _frame(f"{kind}-end", number) if kind in {"content", "tool-call"} else b""


def _frame(kind: str, index: int | None = None, delta: Any = None, **more: Any) -> bytes:
    event: _Json = {"type": kind, **more}
    if index is not None:
        event["index"] = index
    if delta is not None:
        event["delta"] = delta
    return sse_frame(encode(event), kind)
