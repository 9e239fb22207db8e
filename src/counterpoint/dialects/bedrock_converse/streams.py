"""Streamed answers of this dialect to canonical events.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html: `messageStart`, then
blocks (`contentBlockStart` only for those that have more to say than deltas, `contentBlockDelta`, `contentBlockStop`),
then `messageStop` with the reason and `metadata` with the usage. An exception stands in place of the end.
"""

import base64
import binascii
from typing import Any

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
from counterpoint.dialects.bedrock_converse.citations import decode_citation
from counterpoint.dialects.bedrock_converse.errors import exception_of, failure_in
from counterpoint.dialects.bedrock_converse.finishing import decode_finish
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.bedrock_converse.parts import SERVED, decode_block, thought
from counterpoint.dialects.bedrock_converse.usage import decode_usage
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, parse
from counterpoint.i18n import say
from counterpoint.wire.eventstream import MessageCutter, message_of

PADDING = "p"
"""A field of every event whose length says nothing: it hides how long the words are."""


def broken(sentence: str) -> Failure:
    """The failure of a stream that is not as it should be."""
    return Failure(
        FailureKind.upstream_error, say(sentence, lang="en"), code="invalid_stream", from_upstream=True
    )


class ConverseDecoder:
    """One stream. Once it has ended, by whatever event, nothing more comes out of it."""

    def __init__(self) -> None:
        self._cutter = MessageCutter()
        self._blocks: dict[int, _Block] = {}
        self._parts = 0
        self._ended = False
        self._started = False
        self._stop: dict[str, Any] | None = None
        self._events: list[StreamEvent] = []
        self.complete = False

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        self._events = []
        if self._ended:
            return self._events
        for raw in self._cutter.feed(data):
            self._take(raw)
            if self._ended:
                return self._events
        # A host may answer with plain JSON after all; the end shows whether it did.
        if self._cutter.broken and (self._started or not self._cutter.rest.lstrip().startswith(b"{")):
            self._fail("dialects.upstream.garbage")
        return self._events

    def _take(self, raw: bytes) -> None:
        try:
            self._read(raw)
        except (ValueError, RecursionError):  # a damaged message is one too
            self._fail("dialects.upstream.garbage")
        except Refused as refused:
            self._ended = True
            self._events.append(ErrorEvent(refused.failure))

    def close(self) -> list[StreamEvent]:
        """The upstream has ended. Usage may be missing, the reason to stop may not."""
        self._events = []
        if self._ended:
            return self._events
        rest = self._cutter.close()
        if self._stop is not None and not rest:
            self._finish({})
        else:
            plain = None if self._started else failure_in(rest)
            self._ended = True
            self._events.append(ErrorEvent(plain or broken("dialects.upstream.cut")))
        return self._events

    def _fail(self, sentence: str) -> None:
        self._ended = True
        self._events.append(ErrorEvent(broken(sentence)))

    def _read(self, raw: bytes) -> None:
        message = message_of(raw)
        failure = exception_of(message)
        if failure is not None:
            raise Refused(failure)
        value = parse(message.payload)
        if type(value) is not dict:
            raise ValueError("not an object")
        if not self._started:
            self._started = True
            self._events.append(StartEvent())
        match message.text(":event-type"):
            case "contentBlockDelta":
                self._block(value).grow(value.get("delta"), self._events)
            case "contentBlockStart":
                self._block(value, anew=True).start(value.get("start"), self._events)
            case "contentBlockStop":
                block = self._blocks.pop(_index(value), None)
                if block is not None:
                    block.end(self._events)
            case "messageStop":
                self._stop = value
            case "metadata":
                self._finish(value)

    def _block(self, value: dict[str, Any], *, anew: bool = False) -> "_Block":
        index = _index(value)
        block = self._blocks.get(index)
        if block is not None and anew:
            block.end(self._events)
            block = None
        if block is None:
            block = self._blocks[index] = _Block(self._next)
        return block

    def _next(self) -> int:
        self._parts += 1
        return self._parts - 1

    def _finish(self, metadata: dict[str, Any]) -> None:
        for block in self._blocks.values():
            block.end(self._events)
        self._blocks.clear()
        if self._stop is not None:
            stop = Fields(self._stop, strict=False)
            finish = decode_finish(stop.text("stopReason"))
            left = {**stop.left, **metadata}
            kept = {
                "~metrics"
                if name == "metrics"
                else name: value  # how long a host took is lost on nobody else
                for name, value in left.items()
                if name not in {PADDING, "usage"}
            }
            if finish is not None:
                self._events.append(FinishEvent(0, finish, extras(NAME, kept)))
                self._ended = self.complete = True
        usage = decode_usage(metadata.get("usage"))
        if usage.reported:
            self._events.append(UsageEvent(usage))


def _index(value: dict[str, Any]) -> int:
    index = value.get("contentBlockIndex")
    if type(index) is not int:
        raise ValueError("a block without its index")
    return index


class _Block:
    """One content block while it grows into one part; what only this dialect understands is whole or nothing."""

    def __init__(self, number: Any) -> None:
        self._number = number
        self._part = -1
        self._value: Part | None = None
        self._held: dict[str, Any] = {}
        self._pieces: list[Any] = []

    def start(self, value: Any, events: list[StreamEvent]) -> None:
        held = {name: item for name, item in value.items() if item is not None} if type(value) is dict else {}
        use = held.get("toolUse")
        if type(use) is dict and use.get("type") != SERVED:
            part = decode_block(Fields({"toolUse": {**use, "input": {}}}, strict=False))
            if isinstance(part, ToolCall):
                self._open(ToolCall(part.id, part.name, extensions=part.extensions), events)
        elif held:
            self._held = held

    def _open(self, part: Part, events: list[StreamEvent]) -> None:
        self._part, self._value = self._number(), part
        events.append(PartStart(0, self._part, part))

    def grow(self, delta: Any, events: list[StreamEvent]) -> None:
        if type(delta) is not dict:
            raise ValueError("not a delta")
        if self._held:
            self._pieces.append(delta)
            return
        for name, value in delta.items():
            if name == "text" and type(value) is str:
                self._more(Text, value, "text", events)
            elif name == "toolUse" and type(value) is dict and type(value.get("input")) is str:
                self._more(ToolCall, value["input"], "arguments", events)
            elif name == "reasoningContent" and type(value) is dict:
                self._think(value, events)
            elif name == "citation" and type(value) is dict:
                if self._value is None:
                    self._open(Text(""), events)
                citation = decode_citation(Fields(value, strict=False))
                events.append(PartDelta(0, self._part, citation=citation))
            elif name in _NAMES:
                raise ValueError("a delta of another shape than its kind")

    def _think(self, value: dict[str, Any], events: list[StreamEvent]) -> None:
        for name, field in (("text", "text"), ("signature", "signature")):
            if type(value.get(name)) is str:
                self._more(Reasoning, value[name], field, events)
        hidden = value.get("redactedContent")
        if type(hidden) is str:
            if self._value is None:
                self._open(Reasoning(extensions=thought()), events)
            self._pieces.append(hidden)

    def _more(
        self, kind: type[Text | Reasoning | ToolCall], text: str, field: Any, events: list[StreamEvent]
    ) -> None:
        if not text:
            return
        if self._value is None and kind is not ToolCall:
            self._open(Text("") if kind is Text else Reasoning(extensions=thought()), events)
        if not isinstance(self._value, kind):
            raise ValueError("a delta of another kind than its block")
        if field == "arguments":
            self._pieces.append(text)
        events.append(PartDelta(0, self._part, text, field))

    def end(self, events: list[StreamEvent]) -> None:
        if self._held:
            self._open(decode_block(Fields(_whole(self._held, self._pieces), strict=False)), events)
        if self._value is None:
            return
        if isinstance(self._value, ToolCall) and not self._pieces:
            events.append(PartDelta(0, self._part, "{}", "arguments"))
        if isinstance(self._value, Reasoning) and self._pieces:
            events.append(PartDelta(0, self._part, _joined(self._pieces), "encrypted"))
        events.append(PartEnd(0, self._part))


_NAMES = frozenset({"text", "toolUse", "reasoningContent", "citation"})


def _joined(pieces: list[str]) -> str:
    """Pieces of base64 as one."""
    if len(pieces) == 1:
        return pieces[0]
    try:
        return base64.b64encode(b"".join(base64.b64decode(piece, validate=True) for piece in pieces)).decode()
    except (binascii.Error, ValueError):
        return "".join(pieces)


def _whole(start: dict[str, Any], deltas: list[Any]) -> dict[str, Any]:
    """A block of which only this dialect knows what it is, as a whole answer would have it."""
    kind = next(iter(start))
    block = dict(start[kind]) if type(start[kind]) is dict else {}
    said = [delta[kind] for delta in deltas if kind in delta]
    if kind == "toolUse":
        text = "".join(
            [item["input"] for item in said if type(item) is dict and type(item.get("input")) is str]
        )
        block["input"] = _json(text)
    elif kind == "toolResult":
        block["content"] = [piece for item in said if type(item) is list for piece in item]
    else:
        for item in said:
            block.update(item if type(item) is dict else {})
    return {**start, kind: block}


def _json(text: str) -> Any:
    try:
        return parse(text) if text else {}
    except ValueError:
        return {"arguments": text}
