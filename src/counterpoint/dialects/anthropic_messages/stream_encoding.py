"""Canonical events as a stream of this dialect.

Here only one block is open at a time, while canonical parts may overlap (parallel tool calls). The part that
has the floor goes out as it comes; what others say meanwhile waits until it ends, then they follow in the
order of their starts. Nothing else waits: the reason to stop and the usage come together in one event at the
end, so they are kept for `close`.
"""

from typing import Any

from counterpoint.canonical import (
    Audio,
    Failure,
    Finish,
    Loss,
    Opaque,
    Part,
    PartDelta,
    PartStart,
    Reasoning,
    Refusal,
    StartEvent,
    Text,
    ToolCall,
)
from counterpoint.dialects.answering import IN_ANSWERS
from counterpoint.dialects.anthropic_messages.citations import encode_citation
from counterpoint.dialects.anthropic_messages.content import encode_block, is_own
from counterpoint.dialects.anthropic_messages.errors import encode_stream_error
from counterpoint.dialects.anthropic_messages.finishing import encode_finish
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.objects import put_back, spelled
from counterpoint.dialects.anthropic_messages.responses import message_id
from counterpoint.dialects.anthropic_messages.streams import broken
from counterpoint.dialects.anthropic_messages.usage import encode_tier, encode_usage
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.jsonio import compact, encode
from counterpoint.dialects.one_answer import OneAnswerEncoder
from counterpoint.wire.sse import sse_frame

_Delta = dict[str, Any]


class MessagesEncoder(OneAnswerEncoder):
    """One stream. `model`: the name to show when the upstream gives none."""

    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model
        self._started = False
        self._calls: list[Part] = []
        self._refused = False
        self._tier: str | None = None
        self._floor: int | None = None
        self._waiting: dict[int, _Waiting] = {}
        self._silent: dict[int, _Block] = {}
        self._index = -1

    def close(self) -> bytes:
        """What ends the stream: what still waits, `message_delta` and `message_stop`."""
        if self._ended:
            return b""
        if self._finish is None:
            return self._fail(broken("dialects.upstream.cut"))
        out = self._begin() + self._drain()
        self._ended = True
        finish = self._finish.finish
        if self._refused and finish.reason == "stop":
            finish = Finish("refusal")
        delta = {
            "stop_reason": encode_finish(finish, self._calls),
            "stop_sequence": finish.stop_sequence,
        }
        fields = put_back(self._finish.extensions)
        if "context_management" in fields:
            at_top = {"context_management": fields.pop("context_management")}
        else:
            at_top = {}
        last = {**at_top, "delta": {**fields, **delta}, "usage": encode_usage(self._usage)}
        return out + _frame("message_delta", last) + _frame("message_stop", {})

    def _fail(self, failure: Failure) -> bytes:
        self._ended = True
        return encode_stream_error(failure, "")

    def _begin(self) -> bytes:
        return b"" if self._started else self._start(StartEvent())

    def _start(self, event: StartEvent) -> bytes:
        if self._started:
            return b""
        self._started = True
        usage = encode_usage(self._usage)
        encode_tier(usage, event.service_tier)
        message = {
            **put_back(event.extensions),
            "id": event.id or message_id(),
            "type": "message",
            "role": "assistant",
            "model": event.model or self._model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        return _frame("message_start", {"message": message})

    def _open(self, event: PartStart) -> bytes:
        """A new part. One of words that has none yet is not heard of until it has: a client that sends an
        empty block back is refused by this dialect's maker."""
        path = f"choices[0].parts[{event.part}]"
        block = _block_of(event.value)
        if not isinstance(event.value, Opaque) and event.value.extensions:
            self._lose(*foreign_losses(event.value.extensions, NAME, path, IN_ANSWERS))
        if block is None:
            kind = event.value.kind if isinstance(event.value, Opaque) else type(event.value).__name__.lower()
            self._lose(Loss(f"part.{kind}", path, "meaning", "the target has no such block"))
            return b""
        if isinstance(event.value, ToolCall):
            self._calls.append(event.value)
        self._refused = self._refused or isinstance(event.value, Refusal)
        if block.wordless:
            self._silent[event.part] = block
            return b""
        return self._enter(event.part, block)

    def _enter(self, part: int, block: "_Block") -> bytes:
        """It takes the floor if that is free, else it waits."""
        self._waiting[part] = _Waiting(block)
        return self._give_floor(part) if self._floor is None else b""

    def _grow(self, event: PartDelta) -> bytes:
        silent = self._silent.get(event.part)
        block = silent or (self._waiting[event.part].block if event.part in self._waiting else None)
        delta = None if block is None else block.delta(event)
        if event.logprobs is not None:
            detail = "the target has no probabilities"
            self._lose(Loss("logprobs", "choices[0].logprobs", "meaning", detail))
        if delta is None:
            if event.citation is not None:
                path = f"choices[0].parts[{event.part}].citations"
                detail = "a citation in the target is signed by its maker"
                self._lose(Loss("text.citations", path, "degraded", detail))
            return b""
        out = b""
        if silent is not None:
            del self._silent[event.part]
            out = self._enter(event.part, silent)
        if self._floor == event.part:
            return out + self._say(delta)
        self._waiting[event.part].deltas.append(delta)
        return out

    def _end_part(self, part: int) -> bytes:
        self._silent.pop(part, None)
        waiting = self._waiting.get(part)
        if waiting is None:
            return b""
        last = waiting.block.last()
        if self._floor != part:
            waiting.ended = True
            waiting.deltas += last
            return b""
        out = b"".join(map(self._say, last)) + self._leave_floor(part)
        return out + self._next()

    def _next(self) -> bytes:
        """Let those who wait speak, in order, until one has not ended yet."""
        out = []
        while self._floor is None and self._waiting:
            part, waiting = next(iter(self._waiting.items()))
            out.append(self._give_floor(part))
            if waiting.ended:
                out.append(self._leave_floor(part))
        return b"".join(out)

    def _drain(self) -> bytes:
        """End every part that its source has forgotten to end."""
        out = []
        while self._floor is not None:
            out.append(self._end_part(self._floor))
        return b"".join(out)

    def _give_floor(self, part: int) -> bytes:
        self._floor = part
        self._index += 1
        waiting = self._waiting[part]
        start = _frame("content_block_start", {"index": self._index, "content_block": waiting.block.start})
        deltas = [*waiting.block.first, *waiting.deltas]
        waiting.deltas = []
        return start + b"".join(map(self._say, deltas))

    def _leave_floor(self, part: int) -> bytes:
        del self._waiting[part]
        self._floor = None
        return _frame("content_block_stop", {"index": self._index})

    def _say(self, delta: _Delta) -> bytes:
        return _frame("content_block_delta", {"index": self._index, "delta": delta})


def _frame(event: str, fields: dict[str, Any]) -> bytes:
    return sse_frame(encode({"type": event, **fields}), event)


class _Block:
    """How one part goes out: the block it starts as, and what to say first, meanwhile and last."""

    def __init__(self, start: _Delta, first: tuple[_Delta, ...] = ()) -> None:
        self.start = start
        self.first = first
        self.wordless = False

    def delta(self, event: PartDelta) -> _Delta | None:
        """The delta that says `event`; `None`: this dialect has none."""
        raise NotImplementedError

    def last(self) -> list[_Delta]:
        """What is to be said before the block stops."""
        return []


class _TextBlock(_Block):
    def __init__(self, text: str, citations: tuple[Any, ...] = (), fields: _Delta | None = None) -> None:
        first = [_text(text)] if text else []
        first += [{"type": "citations_delta", "citation": encode_citation(item)} for item in citations]
        super().__init__({**(fields or {}), "type": "text", "text": ""}, tuple(first))
        self.wordless = not first

    def delta(self, event: PartDelta) -> _Delta | None:
        if event.citation is not None:
            if spelled(event.citation.extensions, "type") is None:
                return (
                    None  # a citation is signed by its maker: another's would be refused when it comes back
                )
            return {"type": "citations_delta", "citation": encode_citation(event.citation)}
        return _text(event.text) if event.text and event.field in {"text", "transcript"} else None


def _text(text: str) -> _Delta:
    return {"type": "text_delta", "text": text}


class _ThinkingBlock(_Block):
    """Thinking; without a signature (an empty one, for SDKs that want the field) when another maker's."""

    def __init__(self, part: Reasoning) -> None:
        self._own = is_own(part)
        first = [{"type": "thinking_delta", "thinking": part.text}] if part.text else []
        if part.signature and self._own:
            first.append({"type": "signature_delta", "signature": part.signature})
        start = {**put_back(part.extensions), "type": "thinking", "thinking": "", "signature": ""}
        super().__init__(start, tuple(first))
        self.wordless = not first

    def delta(self, event: PartDelta) -> _Delta | None:
        if event.field == "signature":
            return {"type": "signature_delta", "signature": event.text} if self._own else None
        return {"type": "thinking_delta", "thinking": event.text} if event.field == "text" else None


class _CallBlock(_Block):
    """Arguments go out as the model writes them. Free text (a custom tool's) becomes the string of an object,
    `{"input": …}`, piece by piece."""

    def __init__(self, part: ToolCall) -> None:
        block = encode_block(ToolCall(part.id, part.name, extensions=part.extensions)) or {}
        self._free = part.kind == "custom"
        self._said = False
        first = [_json('{"input":"')] if self._free else []
        if part.arguments:
            first.append(self._piece(part.arguments))
        super().__init__({**block, "input": {}}, tuple(first))

    def delta(self, event: PartDelta) -> _Delta | None:
        return self._piece(event.text) if event.field == "arguments" and event.text else None

    def last(self) -> list[_Delta]:
        if self._free:
            return [_json('"}')]
        return [] if self._said else [_json("{}")]

    def _piece(self, text: str) -> _Delta:
        self._said = True
        return _json(compact(text)[1:-1] if self._free else text)


def _json(piece: str) -> _Delta:
    return {"type": "input_json_delta", "partial_json": piece}


class _WholeBlock(_Block):
    """A block that says everything at its start, but for a server tool's input, which SDKs expect as JSON."""

    def __init__(self, block: _Delta) -> None:
        first = []
        if str(block.get("type")) in {"server_tool_use", "mcp_tool_use"} and block.get("input"):
            first = [_json(compact(block["input"]))]
            block = {**block, "input": {}}
        super().__init__(block, tuple(first))

    def delta(self, event: PartDelta) -> _Delta | None:
        return None


class _Waiting:
    """A part that has the floor or waits for it."""

    __slots__ = ("block", "deltas", "ended")

    def __init__(self, block: _Block) -> None:
        self.block = block
        self.deltas: list[_Delta] = []
        self.ended = False


def _block_of(part: Part) -> _Block | None:
    """How `part` goes out; `None`: a client of this dialect has no block for it."""
    match part:
        case Text():
            known = tuple(item for item in part.citations if spelled(item.extensions, "type") is not None)
            start = encode_block(Text("", extensions=part.extensions)) or {}
            return _TextBlock(part.text, known, start)
        case Reasoning(encrypted=None):
            return _ThinkingBlock(part)
        case Reasoning() if is_own(part):
            return _WholeBlock(encode_block(part) or {})
        case ToolCall():
            return _CallBlock(part)
        case Refusal(text):
            return _TextBlock(text)
        case Audio():
            return _TextBlock(part.transcript or "")
        case Opaque(dialect=dialect, value=dict(value)) if dialect == NAME:
            return _WholeBlock(value)
        case _:
            return None
