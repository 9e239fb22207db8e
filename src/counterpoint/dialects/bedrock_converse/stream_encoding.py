"""Canonical events as a stream of this dialect.

Clients of this dialect expect one block after the other, while canonical parts may overlap (parallel calls): blocks
are numbered in the order of their starts, and what a block says while an earlier one is still open waits for it. The
reason to stop and the usage come at the end, so they are kept for `close`.
"""

from typing import Any

from counterpoint.canonical import (
    Audio,
    Failure,
    Finish,
    Image,
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
from counterpoint.canonical.fold import extend
from counterpoint.dialects.bedrock_converse.adapting.answers import (
    adapted_citation,
    adapted_part,
    sealed,
)
from counterpoint.dialects.bedrock_converse.citations import encode_citation
from counterpoint.dialects.bedrock_converse.errors import encode_stream_error
from counterpoint.dialects.bedrock_converse.finishing import INEXACT, encode_finish
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.bedrock_converse.objects import put_back, spelled
from counterpoint.dialects.bedrock_converse.parts import encode_block, is_own
from counterpoint.dialects.bedrock_converse.responses import METRICS
from counterpoint.dialects.bedrock_converse.streams import broken
from counterpoint.dialects.bedrock_converse.usage import encode_usage
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.jsonio import compact, encode
from counterpoint.dialects.one_answer import OneAnswerEncoder, inexact
from counterpoint.wire.eventstream import event_message

_Json = dict[str, Any]
_AT_THE_END = ("trace", "performanceConfig", "serviceTier")
"""Fields of an answer that a stream of this dialect tells with the usage."""


class ConverseEncoder(OneAnswerEncoder):
    """One stream."""

    def __init__(self) -> None:
        super().__init__()
        self._started = self._refused = False
        self._tier: str | None = None
        self._calls: list[Part] = []
        self._blocks: dict[int, _Block] = {}
        self._count = 0

    def close(self) -> bytes:
        """What ends the stream."""
        if self._ended:
            return b""
        if self._finish is None:
            return self._fail(broken("dialects.upstream.cut"))
        out = [self._begin(), *(self._end_part(part) for part in list(self._blocks))]
        self._ended = True
        finish, own = self._finish.finish, NAME in self._finish.extensions
        if self._refused and finish.reason == "stop":
            finish = Finish("refusal")
        if finish.reason in INEXACT and not own:
            self._lose(inexact(finish.reason))
        fields = put_back(self._finish.extensions)
        metrics = spelled(self._finish.extensions, "metrics") or METRICS
        metadata: _Json = {"usage": encode_usage(self._usage), "metrics": metrics}
        if self._tier in {"priority", "default", "flex", "reserved"}:
            metadata["serviceTier"] = {"type": self._tier}
        metadata |= {name: fields.pop(name) for name in _AT_THE_END if name in fields}
        stop = {"stopReason": encode_finish(finish, self._calls, own=own), **fields}
        return b"".join([*out, _frame("messageStop", stop), _frame("metadata", metadata)])

    def _fail(self, failure: Failure) -> bytes:
        self._ended = True
        return encode_stream_error(failure, "")

    def _begin(self) -> bytes:
        if self._started:
            return b""
        self._started = True
        return _frame("messageStart", {"role": "assistant"})

    def _start(self, event: StartEvent) -> bytes:
        self._tier = event.service_tier
        return self._begin()

    def _open(self, event: PartStart) -> bytes:
        path = f"choices[0].parts[{event.part}]"
        block = self._block_of(event.value, path)
        if isinstance(event.value, ToolCall):
            self._calls.append(event.value)
        self._refused = self._refused or isinstance(event.value, Refusal)
        self._blocks[event.part] = block
        return self._say(event.part, block.first())

    def _block_of(self, value: Part, path: str) -> "_Block":
        if isinstance(value, Image | Opaque):
            return _WholeBlock(value, path)
        if isinstance(value, ToolCall):
            losses: list[Loss] = []
            if NAME not in value.extensions:
                adapted_part(ToolCall(value.id, value.name, extensions=value.extensions), path, losses)
                if value.kind == "custom":
                    detail = "free-text input becomes an object"
                    losses.append(Loss("tool_call.custom", path, "degraded", detail))
            self._lose(*losses)
            return _CallBlock(value, path)
        if isinstance(value, Reasoning):
            return _ThinkingBlock(value, path)
        return _TextBlock(value, path)

    def _grow(self, event: PartDelta) -> bytes:
        block = self._blocks.get(event.part)
        if event.logprobs is not None:
            detail = "the target has no probabilities"
            self._lose(Loss("logprobs", "choices[0].logprobs", "meaning", detail))
        return b"" if block is None else self._say(event.part, block.grow(event))

    def _say(self, part: int, deltas: list[_Json]) -> bytes:
        """Deltas of a block, or the start of one (marked by `start`); at once if it has the floor."""
        block = self._blocks[part]
        self._lose(*block.losses)
        frames = []
        for delta in deltas:
            if block.number < 0:
                block.number, self._count = self._count, self._count + 1
            kind = "contentBlockStart" if "start" in delta else "contentBlockDelta"
            frames.append(_frame(kind, {"contentBlockIndex": block.number, **delta}))
        if next(iter(self._blocks)) == part:
            return b"".join(frames)
        block.waiting += frames
        return b""

    def _end_part(self, part: int) -> bytes:
        block = self._blocks.get(part)
        if block is None or block.ended:
            return b""
        out = self._say(part, block.last())
        block.ended = True
        return out + self._let_speak()

    def _let_speak(self) -> bytes:
        """Blocks that have ended leave the floor; who comes after them says what has waited."""
        out: list[bytes] = []
        while self._blocks:
            part, block = next(iter(self._blocks.items()))
            out += block.waiting
            block.waiting = []
            if not block.ended:
                break
            if block.number >= 0:
                out.append(_frame("contentBlockStop", {"contentBlockIndex": block.number}))
            del self._blocks[part]
        return b"".join(out)


def _frame(kind: str, value: _Json) -> bytes:
    return event_message(kind, encode(value))


def _delta(value: _Json) -> _Json:
    return {"delta": value}


class _Block:
    """How one part goes out. Its `number` is given when it first says something: an empty one is not heard of."""

    def __init__(self, value: Part, path: str) -> None:
        self.value = value
        self.path = path
        self.number = -1
        self.ended = False
        self.waiting: list[bytes] = []
        self.losses: list[Loss] = []

    def first(self) -> list[_Json]:
        """What its start says."""
        return []

    def grow(self, event: PartDelta) -> list[_Json]:
        """What `event` says."""
        return []

    def last(self) -> list[_Json]:
        """What is to be said before it stops."""
        return []

    def lose_fields(self) -> None:
        """Declare what other dialects had about the part."""
        own = NAME in getattr(self.value, "extensions", {})
        if not own:
            adapted_part(self.value, self.path, self.losses)


class _TextBlock(_Block):
    def first(self) -> list[_Json]:
        self.lose_fields()
        match self.value:
            case Text(text) | Refusal(text):
                said = [_delta({"text": text})] if text else []
                citations = self.value.citations if isinstance(self.value, Text) else ()
                return said + [self._cite(item) for item in citations]
            case Audio(transcript=str(words)) if words:
                return [_delta({"text": words})]
            case _:
                return []

    def grow(self, event: PartDelta) -> list[_Json]:
        if event.citation is not None:
            return [self._cite(event.citation)]
        return [_delta({"text": event.text})] if event.text and event.field in {"text", "transcript"} else []

    def _cite(self, citation: Any) -> _Json:
        if NAME not in citation.extensions:
            citation = adapted_citation(citation, f"{self.path}.citations", self.losses)
        return _delta({"citation": encode_citation(citation)})


class _ThinkingBlock(_Block):
    def first(self) -> list[_Json]:
        part = self.value
        self.lose_fields()
        if not isinstance(part, Reasoning):
            return []
        said = [_thought({"text": part.text})] if part.text else []
        if is_own(part):
            said += [_thought({"signature": part.signature})] if part.signature else []
            said += [_thought({"redactedContent": part.encrypted})] if part.encrypted else []
        return said

    def grow(self, event: PartDelta) -> list[_Json]:
        own = isinstance(self.value, Reasoning) and is_own(self.value)
        if event.field == "text":
            return [_thought({"text": event.text})] if event.text else []
        if event.field in {"signature", "encrypted"} and event.text:
            if own:
                return [
                    _thought({"signature" if event.field == "signature" else "redactedContent": event.text})
                ]
            self.losses.append(sealed(self.path))
        return []


def _thought(value: _Json) -> _Json:
    return _delta({"reasoningContent": value})


class _CallBlock(_Block):
    """Arguments go out as the model writes them. Free text (a custom tool's) becomes the string of an object,
    piece by piece."""

    def first(self) -> list[_Json]:
        part = self.value
        if not isinstance(part, ToolCall):
            return []
        self._free = part.kind == "custom"
        self._said = False
        block = (encode_block(part) or {})["toolUse"]
        start = {"toolUseId": block["toolUseId"], "name": block["name"]}
        kind = spelling(part.extensions, NAME, "type")
        said = [{"start": {"toolUse": start if kind is None else {**start, "type": kind}}}]
        if self._free:
            said.append(_input('{"input":"'))
        return said + ([self._piece(part.arguments)] if part.arguments else [])

    def grow(self, event: PartDelta) -> list[_Json]:
        return [self._piece(event.text)] if event.field == "arguments" and event.text else []

    def _piece(self, text: str) -> _Json:
        self._said = True
        return _input(compact(text)[1:-1] if self._free else text)

    def last(self) -> list[_Json]:
        if self._free:
            return [_input('"}')]
        return [] if self._said else [_input("{}")]


def _input(piece: str) -> _Json:
    return _delta({"toolUse": {"input": piece}})


class _WholeBlock(_Block):
    """A picture, or a block of this dialect's own: said when it is whole."""

    def grow(self, event: PartDelta) -> list[_Json]:
        if isinstance(self.value, Image):
            self.value = extend(self.value, event.field, event.text)
        return []

    def last(self) -> list[_Json]:
        own = NAME in getattr(self.value, "extensions", {})
        value = self.value if own else adapted_part(self.value, self.path, self.losses)
        block = None if value is None else encode_block(value)
        kind = next(iter(block or {}), "")
        if block is None or type(block[kind]) is not dict:
            return []
        inner = dict(block[kind])
        if kind == "image":
            return [
                {"start": {"image": {"format": inner.get("format")}}},
                _delta({"image": {"source": inner.get("source")}}),
            ]
        if kind == "toolResult":
            content = inner.pop("content", None) or []
            return [{"start": {kind: inner}}, *(_delta({kind: [piece]}) for piece in content)]
        if kind == "toolUse":
            given = inner.pop("input", None)
            return [{"start": {kind: inner}}, _input(compact({} if given is None else given))]
        return []
