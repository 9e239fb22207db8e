"""Streamed answers of this dialect to canonical events.

Its grammar: `message_start`, then blocks one after the other (`content_block_start`, deltas,
`content_block_stop`), `message_delta` with the reason to stop and the usage, `message_stop`; `ping` anywhere,
`error` in place of the end. What breaks the grammar ends the stream with an error, never with a wrong answer.
"""

from typing import Any

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    FinishEvent,
    Opaque,
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
from counterpoint.dialects.anthropic_messages.citations import decode_citation
from counterpoint.dialects.anthropic_messages.content import decode_block
from counterpoint.dialects.anthropic_messages.errors import failure_in, failure_of
from counterpoint.dialects.anthropic_messages.finishing import decode_finish
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.objects import Taken
from counterpoint.dialects.anthropic_messages.opaque import GrowingBlock
from counterpoint.dialects.anthropic_messages.usage import decode_tier, decode_usage, merged
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import parse
from counterpoint.i18n import say
from counterpoint.wire.sse import Frame, FrameTooLong, SseReader


def broken(sentence: str) -> Failure:
    """The failure of a stream that is not as it should be."""
    return Failure(
        FailureKind.upstream_error, say(sentence, lang="en"), code="invalid_stream", from_upstream=True
    )


class MessagesDecoder:
    """One stream. Once it has ended, by whatever event, nothing more comes out of it."""

    def __init__(self) -> None:
        self._reader = SseReader()
        self._blocks: dict[int, _Block] = {}
        self._parts = 0
        self._usage: dict[str, Any] = {}
        self._ended = False
        self._started = False
        self._finished = False
        self._events: list[StreamEvent] = []
        self.complete = False

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        if self._ended:
            return []
        try:
            frames = self._reader.feed(data)
        except FrameTooLong:
            return self._fail("dialects.upstream.too_long")
        return self._read(frames)

    def close(self) -> list[StreamEvent]:
        """The upstream has ended."""
        if self._ended:
            return []
        plain = failure_in(self._reader.rest)
        events = self._read(self._reader.close())
        if self._ended:
            return events
        return events + self._fail("dialects.upstream.cut") if plain is None else [ErrorEvent(plain)]

    def _fail(self, sentence: str) -> list[StreamEvent]:
        self._ended = True
        return [ErrorEvent(broken(sentence))]

    def _read(self, frames: list[Frame]) -> list[StreamEvent]:
        self._events = []
        for frame in frames:
            if self._ended:
                break
            try:
                self._frame(frame)
            except (ValueError, RecursionError):
                self._events += self._fail("dialects.upstream.garbage")
            except Refused as refused:
                self._ended = True
                self._events.append(ErrorEvent(refused.failure))
        return self._events

    def _frame(self, frame: Frame) -> None:
        value = parse(frame.data)
        if type(value) is not dict:
            raise ValueError(frame.event)
        match value.get("type", frame.event):
            case "content_block_delta":
                self._block(value).grow(value.get("delta"), self._events)
            case "content_block_start":
                self._start_block(value)
            case "content_block_stop":
                self._block(value).end(self._events)
                del self._blocks[value["index"]]
            case "message_start":
                self._start(value.get("message"))
            case "message_delta":
                self._delta(value)
            case "message_stop":
                if not self._started:
                    raise ValueError("an end without an answer")
                self._end_blocks()
                self.complete = self._ended = True
            case "error":
                raise Refused(failure_of(value, None))

    def _block(self, value: dict[str, Any]) -> "_Block":
        index = value.get("index")
        block = self._blocks.get(index) if type(index) is int else None
        if block is None:
            raise ValueError("a delta without its block")
        return block

    def _start_block(self, value: dict[str, Any]) -> None:
        index, raw = value.get("index"), value.get("content_block")
        if type(index) is not int or type(raw) is not dict or index in self._blocks:
            raise ValueError("not the start of a block")
        self._blocks[index] = block = _Block(self._parts, raw)
        self._parts += 1
        block.start(self._events)

    def _start(self, raw: Any) -> None:
        self._started = True
        taken = Taken(raw, "message", strict=False)
        self._usage = merged(self._usage, taken.object("usage"))
        for name in ("type", "role", "content", "stop_reason", "stop_sequence", "stop_details"):
            taken.left.pop(name, None)
        extensions = extras(NAME, taken.left)
        self._events.append(
            StartEvent(
                taken.text("id") or "",
                taken.text("model") or "",
                service_tier=decode_tier(self._usage),
                extensions=extensions,
            )
        )
        self._report()

    def _delta(self, value: dict[str, Any]) -> None:
        delta = Taken(value.get("delta"), "delta", strict=False)
        finish = decode_finish(delta.text("stop_reason"), delta.text("stop_sequence"))
        if finish is not None and not self._finished:
            self._finished = True
            self._end_blocks()
            around = Taken(value, strict=False).left
            kept = {
                name: item
                for name, item in {**around, **delta.left}.items()
                if name not in {"type", "delta", "usage"}
            }
            self._events.append(FinishEvent(0, finish, extras(NAME, kept)))
        self._usage = merged(self._usage, value.get("usage"))
        self._report()

    def _end_blocks(self) -> None:
        """Blocks that a host has forgotten to stop."""
        for block in self._blocks.values():
            block.end(self._events)
        self._blocks.clear()

    def _report(self) -> None:
        usage = decode_usage(self._usage)
        if usage.reported:
            self._events.append(UsageEvent(usage))


class _Block:
    """One content block while it grows into one part."""

    def __init__(self, part: int, raw: dict[str, Any]) -> None:
        self._part = part
        self._value: Part = decode_block(raw, "content_block", strict=False)
        self._growing = GrowingBlock(raw) if isinstance(self._value, Opaque) else None
        self._held = ""

    def start(self, events: list[StreamEvent]) -> None:
        value = self._value
        if self._growing is not None:
            return  # what only this dialect understands is whole or nothing
        if isinstance(value, ToolCall):
            # The API starts with an empty object and then streams the real one; others start with all of it.
            self._held = value.arguments
            value = ToolCall(value.id, value.name, extensions=value.extensions)
        events.append(PartStart(0, self._part, value))

    def grow(self, delta: Any, events: list[StreamEvent]) -> None:
        if type(delta) is not dict:
            raise ValueError("not a delta")
        if self._growing is not None:
            self._growing.grow(delta)
            return
        match delta.get("type"), self._value:
            case "text_delta", Text():
                self._more(delta.get("text"), "text", events)
            case "input_json_delta", ToolCall():
                self._more(delta.get("partial_json"), "arguments", events)
            case "thinking_delta", Reasoning():
                self._more(delta.get("thinking"), "text", events)
            case "signature_delta", Reasoning():
                self._more(delta.get("signature"), "signature", events)
            case "citations_delta", Text():
                citation = decode_citation(delta.get("citation"), "citation", strict=False)
                events.append(PartDelta(0, self._part, citation=citation))
            case (("text_delta" | "input_json_delta" | "thinking_delta" | "citations_delta"), _):
                raise ValueError("a delta of another kind than its block")

    def _more(self, text: Any, field: Any, events: list[StreamEvent]) -> None:
        if type(text) is not str:
            raise ValueError("a delta without text")
        if text:
            self._held = ""
            events.append(PartDelta(0, self._part, text, field))

    def end(self, events: list[StreamEvent]) -> None:
        if self._growing is not None:
            raw = self._growing.whole()
            events.append(PartStart(0, self._part, Opaque(NAME, str(raw.get("type", "")), raw)))
        elif self._held:
            events.append(PartDelta(0, self._part, self._held, "arguments"))
        events.append(PartEnd(0, self._part))
