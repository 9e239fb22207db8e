"""Streamed answers: chunks of the maker's own stream, base64 in Amazon's event stream.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html. The chunks of
`anthropic`, `nova` and `chat` are events of those dialects' own streams, so their decoders and encoders do the work;
those of the others are pieces of text. The last chunk of each carries what was used.
"""

import base64
import binascii
from typing import Any

from counterpoint.canonical import (
    ChatRequest,
    ErrorEvent,
    Failure,
    FinishEvent,
    FinishReason,
    Loss,
    PartDelta,
    PartEnd,
    PartStart,
    Refusal,
    StartEvent,
    StreamEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Reading, StreamDecoder
from counterpoint.dialects.bedrock_converse.errors import encode_stream_error, exception_of, failure_in
from counterpoint.dialects.bedrock_converse.streams import broken
from counterpoint.dialects.bedrock_invoke.families import NAME, Family, family_of_answer
from counterpoint.dialects.bedrock_invoke.prompts import WORDS, decode_finish, encode_finish
from counterpoint.dialects.bedrock_invoke.spoken import INNER
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.wire.eventstream import (
    BrokenFrame,
    MessageCutter,
    event_message,
    message_of,
)
from counterpoint.wire.sse import SseReader, sse_frame

Json = dict[str, Any]
_METRICS = "amazon-bedrock-invocationMetrics"


def metered(chunk: Json) -> Usage:
    """What the last chunk says was used."""
    metrics = chunk.get(_METRICS)
    if type(metrics) is not dict:
        return UNREPORTED
    read, written = metrics.get("inputTokenCount"), metrics.get("outputTokenCount")
    return Usage(input=read if type(read) is int else 0, output=written if type(written) is int else 0)


def chunk_of(raw: bytes) -> Json | None:
    """The JSON in a message; `None` for an event of another kind. Raises `ValueError` where it holds none."""
    message = message_of(raw)
    if message.text(":event-type") != "chunk":
        return None
    outer = parse(message.payload)
    data = outer.get("bytes") if type(outer) is dict else None
    try:
        value = parse(base64.b64decode(data, validate=True)) if type(data) is str else None
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if type(value) is not dict:
        raise ValueError("no object in a chunk")
    return value


class InvokeDecoder:
    """One stream. Which family's chunks they are shows in the first."""

    def __init__(self) -> None:
        self._cutter = MessageCutter()
        self._inner: StreamDecoder | None = None
        self._family: Family | None = None
        self._ended = False

    @property
    def complete(self) -> bool:
        """Whether the stream's own end has been seen."""
        return self._inner is not None and self._inner.complete

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes."""
        events: list[StreamEvent] = []
        for raw in self._cutter.feed(data):
            if not self._ended:
                events += self.message(raw)
        begun = self._inner is not None
        if (
            not self._ended
            and self._cutter.broken
            and (begun or not self._cutter.rest.lstrip().startswith(b"{"))
        ):
            events += self._fail(broken("dialects.upstream.garbage"))
        return events

    def message(self, raw: bytes) -> list[StreamEvent]:
        """Events in one message."""
        try:
            failure = exception_of(message_of(raw))
            chunk = None if failure is not None else chunk_of(raw)
        except (BrokenFrame, ValueError, RecursionError):
            return self._fail(broken("dialects.upstream.garbage"))
        if failure is not None:
            return self._fail(failure)
        if chunk is None:
            return []
        if self._inner is None:
            self._family = family_of_answer(chunk) or "chat"
            self._inner = INNER[self._family].stream_decoder() if self._family in INNER else _PiecesDecoder()
        return self._passed(self._inner.feed(self._framed(chunk)))

    def _framed(self, chunk: Json) -> bytes:
        """A chunk as the inner decoder wants it."""
        if self._family == "nova":
            names = [name for name in chunk if name != _METRICS]
            return b"".join([event_message(name, encode(chunk[name])) for name in names])
        return (
            sse_frame(encode({name: value for name, value in chunk.items() if name != _METRICS}))
            if self._family in INNER
            else encode(chunk)
        )

    def _passed(self, events: list[StreamEvent]) -> list[StreamEvent]:
        self._ended = self._ended or any(isinstance(event, ErrorEvent) for event in events)
        return events

    def _fail(self, failure: Failure) -> list[StreamEvent]:
        self._ended = True
        return [ErrorEvent(failure)]

    def close(self) -> list[StreamEvent]:
        """The upstream has ended."""
        if self._ended:
            return []
        rest = self._cutter.close()
        if self._inner is None:
            return self._fail(failure_in(rest) or broken("dialects.upstream.cut"))
        if rest:
            return self._fail(broken("dialects.upstream.cut"))
        last = self._inner.feed(b"data: [DONE]\n\n") if self._family == "chat" else []
        return self._passed(last + self._inner.close())


class _PiecesDecoder:
    """Pieces of one text, each a JSON object of a family that answers prompts."""

    def __init__(self) -> None:
        self._open = False
        self._usage: Usage = UNREPORTED
        self.complete = False

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events in one chunk."""
        chunk = parse(data)
        inner = chunk.get("response")  # Command R repeats its whole answer at the end
        ends = inner if type(inner) is dict else chunk
        outputs = chunk.get("outputs")
        if type(outputs) is list and outputs and type(outputs[0]) is dict:
            chunk = {**chunk, **outputs[0]}
            ends = chunk
        events: list[StreamEvent] = []
        text = next((chunk[name] for name in _TEXTS if type(chunk.get(name)) is str), "")
        if not self._open:
            self._open = True
            events += [StartEvent(), PartStart(0, 0, Text(""))]
        if text and not self.complete:
            events.append(PartDelta(0, 0, text))
        finish = next((found for name in _REASONS if (found := decode_finish(ends.get(name)))), None)
        blocked = chunk.get("amazon-bedrock-guardrailAction") == "INTERVENED"
        usage = metered(chunk)
        if finish is None and (blocked or usage.reported) and not self.complete:
            finish = decode_finish("content_filtered" if blocked else "finish")
        if finish is not None and not self.complete:
            self.complete = True
            events += [PartEnd(0, 0), FinishEvent(0, finish)]
        if usage.reported:
            events.append(UsageEvent(usage))
        return events

    def close(self) -> list[StreamEvent]:
        """An error if no reason to stop has come."""
        return [] if self.complete else [ErrorEvent(broken("dialects.upstream.cut"))]


_TEXTS = ("generation", "outputText", "completion", "text")
_REASONS = ("stop_reason", "completionReason", "finish_reason")


class InvokeEncoder:
    """One stream for a client who asked in the words of `family`."""

    def __init__(self, model: str, asked: ChatRequest | None) -> None:
        family = None if asked is None else spelling(asked.extensions, NAME, "family")
        self._family: Family = family or "anthropic"
        self._inner = (
            INNER[self._family].stream_encoder(model, include_usage=True, asked=asked)
            if self._family in INNER
            else None
        )
        self._usage: Usage = UNREPORTED
        self._finish: FinishEvent | None = None
        self._ended = False
        self._losses: dict[tuple[str, str], Loss] = {}

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What could not be said so far; paths are canonical."""
        return self._inner.losses if self._inner is not None else tuple(self._losses.values())

    def encode(self, event: StreamEvent) -> bytes:
        """Bytes for one event."""
        if self._ended:
            return b""
        match event:
            case ErrorEvent(failure):
                self._ended = True
                return encode_stream_error(failure, "")
            case UsageEvent(usage):
                self._usage = usage
            case FinishEvent(choice=0):
                self._finish = event
        if self._inner is not None:
            return self._framed(self._inner.encode(event))
        return self._piece(event)

    def _piece(self, event: StreamEvent) -> bytes:
        match event:
            case PartDelta(choice=0, text=str(text), field="text") if text:
                return self._say(text)
            case PartStart(choice=0, value=Text(text=str(text)) | Refusal(text=str(text))) if text:
                return self._say(text)
            case PartStart(choice, part, value) if not isinstance(value, Text | Refusal):
                kind = str(getattr(value.__struct_config__, "tag", "part"))
                path = f"choices[{choice}].parts[{part}]"
                loss = Loss(f"part.{kind}", path, "meaning", "an answer holds text only")
                self._losses.setdefault((loss.code, path), loss)
        return b""

    def _say(self, text: str) -> bytes:
        words = WORDS[self._family]
        piece = {words.piece: text, **_goes_on(self._family, "text-generation", ends=False)}
        return _chunk({words.items: [piece]} if self._family == "mistral" else piece)

    def close(self) -> bytes:
        """What ends the stream."""
        if self._ended:
            return b""
        self._ended = True
        if self._finish is None:
            return encode_stream_error(broken("dialects.upstream.cut"), "")
        if self._inner is not None:
            return self._framed(self._inner.close())
        words = WORDS[self._family]
        reason = encode_finish(self._finish.finish, self._family)
        last: Json = {words.reason[0]: reason, **_goes_on(self._family, "stream-end", ends=True)}
        if "is_finished" not in last:
            last[words.piece] = ""
        chunk: Json = {words.items: [last]} if self._family == "mistral" else last
        chunk[_METRICS] = {
            "inputTokenCount": self._usage.input_total,
            "outputTokenCount": self._usage.output_total,
        }
        return _chunk(chunk)

    def _framed(self, data: bytes) -> bytes:
        """What the inner encoder wrote, as chunks."""
        if not data:
            return b""
        if self._family == "nova":
            messages = [message_of(raw) for raw in MessageCutter().feed(data)]
            return b"".join([_chunk({item.text(":event-type"): parse(item.payload)}) for item in messages])
        frames = SseReader().feed(data)
        return b"".join([_chunk(frame.data) for frame in frames if frame.data != b"[DONE]"])


def _goes_on(family: Family, event: str, *, ends: bool) -> Json:
    """What Command's pieces say besides."""
    if family == "command":
        return {"is_finished": ends}
    return {"is_finished": ends, "event_type": event} if family == "command-r" else {}


def _chunk(value: Json | bytes) -> bytes:
    data = value if isinstance(value, bytes) else encode(value)
    return event_message("chunk", b'{"bytes":"%b"}' % base64.b64encode(data))


_QUIET = (
    b'{"bytes":"' + base64.b64encode(b'{"type":"content_block_')[:30],
    b'{"bytes":"' + base64.b64encode(b'{"contentBlockDelta"')[:24],
)
"""How the payload of nearly every message begins; what is in it does not matter to a relay."""


class InvokeRelay:
    """Passes a stream on, whole messages at a time, and reads those that say who answers, and what was used."""

    def __init__(self) -> None:
        self._cutter = MessageCutter()
        self._decoder = InvokeDecoder()
        self._usage: Usage = UNREPORTED
        self._finish: FinishReason | None = None
        self._start = StartEvent()
        self.begun = False
        self.failure: Failure | None = None

    @property
    def complete(self) -> bool:
        """Whether the stream's own end has been seen."""
        return self._decoder.complete

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        return Reading(self._usage, self._finish, self._start.model or None, self._start.id or None)

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self.failure is not None:
            return b""
        messages = self._cutter.feed(data)
        for raw in messages:
            if self.begun and any(quiet in raw[:200] for quiet in _QUIET):
                continue
            self._look(self._decoder.message(raw))
        out = messages[0] if len(messages) == 1 else b"".join(messages)
        return out + self._damage() if self._cutter.broken else out

    def _damage(self) -> bytes:
        """What is said of bytes that are no message; plain JSON may be an error, which its end shows."""
        if self.failure is not None or (not self.begun and self._cutter.rest.lstrip().startswith(b"{")):
            return b""
        self.failure = broken("dialects.upstream.garbage")
        return self._error()

    def _look(self, events: list[StreamEvent]) -> None:
        for event in events:
            match event:
                case StartEvent():
                    self._start = event
                case UsageEvent(usage):
                    self._usage = usage
                case FinishEvent(choice=0):
                    self._finish = event.finish.reason
                    self.begun = True
                case ErrorEvent(failure):
                    self.failure = failure
                case PartStart():
                    self.begun = True

    def close(self) -> bytes:
        """What was kept back; an exception if the stream ended too early."""
        rest = self._cutter.close()
        if self.failure is not None:
            return b""
        if rest:
            self.failure = (None if self.begun else failure_in(rest)) or broken("dialects.upstream.cut")
            return self._error()
        self._look(self._decoder.close())
        return self._error()

    def _error(self) -> bytes:
        return encode_stream_error(self.failure, "") if self.failure is not None and self.begun else b""
