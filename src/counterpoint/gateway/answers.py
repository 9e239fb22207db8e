"""How an attempt's answer becomes the caller's: relayed as it is, or translated; whole or streamed.

Each class takes upstream bytes or engine events and yields what may be sent on. Nothing here decides whether to
send it: the exchange does, by `begun` (a whole first event has been seen), `complete` and `failure`.
"""

from typing import Any, Protocol

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    EmbedResponse,
    ErrorEvent,
    Failure,
    FailureKind,
    FinishEvent,
    FinishReason,
    Loss,
    PartDelta,
    PartStart,
    Reasoning,
    Refused,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
    fold,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import ChatDialect, Failing, Peek, StreamDecoder, TokenCounter, WholeDialect
from counterpoint.dialects.jsonio import NotJsonError, not_an_answer, parse
from counterpoint.gateway.obedience import Listening, disobedience
from counterpoint.i18n import say

BYTES_PER_TOKEN = 4
SAMPLE = 32 * 1024
"""Bytes of a relayed stream by which is told how much of it is text, should it break off."""
_SPOKEN = frozenset({"text", "arguments", "transcript"})
"""What grows by tokens; the rest is sound, or sealed."""
WHOLE_LIMIT = 128 * 1024 * 1024  # bytes of one answer held in memory; images and audio come inline


class Answer(Protocol):
    """The answer of one attempt, on its way to the caller."""

    streamed: bool

    @property
    def losses(self) -> tuple[Loss, ...]: ...

    @property
    def failure(self) -> Failure | None: ...

    @property
    def begun(self) -> bool: ...

    @property
    def complete(self) -> bool: ...

    @property
    def usage(self) -> Usage: ...

    @property
    def finish(self) -> FinishReason | None: ...

    @property
    def said(self) -> int:
        """About how many tokens of output have come so far, where a host has not said yet what it counts."""

    def data(self, data: bytes) -> bytes:
        """Upstream bytes in, bytes for the caller out."""

    def event(self, event: StreamEvent) -> bytes:
        """An engine's event in, bytes for the caller out."""

    def end(self) -> bytes:
        """The upstream is done: the last bytes for the caller (for a whole answer, all of them)."""


class Whole:
    """Gathers a whole body; knows nothing until its end."""

    streamed = False
    begun = False
    complete = False
    said = 0
    failure: Failure | None = None
    losses: tuple[Loss, ...] = ()
    usage: Usage = UNREPORTED
    finish: FinishReason | None = None
    _size = 0

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def data(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > WHOLE_LIMIT:
            self.failure = Failure(
                kind=FailureKind.upstream_error,
                message=say("gateway.answer_too_large", lang="en", limit=WHOLE_LIMIT),
                code="answer_too_large",
                from_upstream=True,
            )
        else:
            self._pieces.append(data)
        return b""

    def event(self, event: StreamEvent) -> bytes:
        raise TypeError(f"a whole answer takes bytes, not {type(event).__name__}")

    def _body(self) -> bytes:
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)


class RelayedWhole(Whole):
    """The upstream's body goes to the caller untouched."""

    def __init__(self, dialect: ChatDialect | WholeDialect[Any, Any]) -> None:
        super().__init__()
        self._dialect = dialect

    def end(self) -> bytes:
        body = self._body()
        try:
            reading = self._dialect.read(body)
        except Refused as refused:
            self.failure = refused.failure
            return b""
        self.usage, self.finish = reading.usage, reading.finish
        return body


class TranslatedWhole(Whole):
    """The upstream's body is decoded in its dialect and encoded in the caller's."""

    def __init__(self, upstream: ChatDialect, client: ChatDialect, asked: ChatRequest | None = None) -> None:
        super().__init__()
        self._upstream = upstream
        self._client = client
        self._asked = asked

    def end(self) -> bytes:
        try:
            response = self._upstream.decode_response(self._body())
        except Refused as refused:
            self.failure = refused.failure
            return b""
        return encode_whole(self, response, self._client, self._upstream.name, self._asked)


class RelayedBytes(Whole):
    """A JSON object that only the caller needs to understand (a token count)."""

    def end(self) -> bytes:
        body = self._body()
        try:
            value = parse(body)
        except NotJsonError:
            value = None
        if type(value) is not dict or "error" in value:
            self.failure = not_an_answer("dialects.upstream.not_json").failure
        return body


class TranslatedCount(Whole):
    """A token count of a host of another dialect."""

    def __init__(self, counter: TokenCounter, client: ChatDialect) -> None:
        super().__init__()
        self._counter = counter
        self._client = client

    def end(self) -> bytes:
        try:
            return self._client.encode_token_count(self._counter.decode_count(self._body()))
        except Refused as refused:
            self.failure = refused.failure
            return b""


def encode_whole(
    answer: "Whole | FoldedWhole",
    response: ChatResponse,
    client: ChatDialect,
    source: str,
    asked: ChatRequest | None,
) -> bytes:
    """`response` in the caller's dialect; what it says of itself is noted at `answer`."""
    answer.usage = response.usage
    if not response.model and asked is not None:  # in some dialects answers do not name their model
        response = msgspec.structs.replace(response, model=asked.model)
    if response.choices and response.choices[0].finish:
        answer.finish = response.choices[0].finish.reason
    encoded = client.encode_response(response, source, asked)
    answer.losses = encoded.losses + disobedience(asked, response)
    return encoded.body


class FoldedWhole(Whole):
    """A local model's events, folded into a whole answer."""

    def __init__(self, client: ChatDialect, source: str, asked: ChatRequest | None = None) -> None:
        super().__init__()
        self._client = client
        self._source = source
        self._asked = asked
        self._events: list[StreamEvent] = []

    def event(self, event: StreamEvent) -> bytes:
        if isinstance(event, ErrorEvent):
            self.failure = event.failure
        elif isinstance(event, UsageEvent):
            self.usage = event.usage
        self._events.append(event)
        return b""

    def end(self) -> bytes:
        if self.failure is not None:
            return b""
        return encode_whole(self, fold(self._events), self._client, self._source, self._asked)


class _Tally:
    """About how many tokens some events brought: hosts send one with each or many, as they like."""

    __slots__ = ("_bytes", "_events")

    def __init__(self) -> None:
        self._events = self._bytes = 0

    def hear(self, event: PartStart | PartDelta) -> None:
        """One more; a part may begin with all that it has."""
        text, spoken = "", True
        if isinstance(event, PartDelta):
            text, spoken = event.text, event.field in _SPOKEN
        elif isinstance(event.value, Text | Reasoning):
            text = event.value.text
        elif isinstance(event.value, ToolCall):
            text = event.value.arguments
        if text:
            self._events += 1
            if spoken:
                self._bytes += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))

    @property
    def tokens(self) -> int:
        """So far."""
        return max(self._events, -(-self._bytes // BYTES_PER_TOKEN))


class RelayedStream:
    """The upstream's events go to the caller as they are."""

    streamed = True

    def __init__(self, dialect: ChatDialect, peek: Peek) -> None:
        self._dialect = dialect
        self._relay = dialect.relay(peek)
        self.losses: tuple[Loss, ...] = ()
        self.begun = False
        self.complete = False
        self.failure: Failure | None = None
        self._beginning: list[bytes] = []
        self._size = 0

    @property
    def teller(self) -> object:
        """Who knows what the caller has been told."""
        return self._relay

    @property
    def usage(self) -> Usage:
        return self._relay.reading.usage

    @property
    def finish(self) -> FinishReason | None:
        return self._relay.reading.finish

    @property
    def said(self) -> int:
        """Events are not read on their way; of one that breaks off the beginning is, and the rest is taken to be like
        it."""
        sample, tally = b"".join(self._beginning), _Tally()
        for event in self._dialect.stream_decoder().feed(sample):
            if isinstance(event, PartStart | PartDelta):
                tally.hear(event)
        return max(1, -(-tally.tokens * self._size // len(sample))) if sample else 0

    def data(self, data: bytes) -> bytes:
        relay = self._relay
        if self._size < SAMPLE:
            self._beginning.append(data)
        self._size += len(data)
        out = relay.feed(data)
        self.begun, self.complete, self.failure = relay.begun, relay.complete, relay.failure
        return out

    def event(self, event: StreamEvent) -> bytes:
        raise TypeError(f"a relayed answer takes bytes, not {type(event).__name__}")

    def end(self) -> bytes:
        out = self._relay.close()
        self.failure = self._relay.failure
        return out


class TranslatedStream:
    """Events, decoded from the upstream's bytes or from an engine, encoded for the caller."""

    streamed = True

    def __init__(
        self,
        decoder: StreamDecoder | None,
        client: ChatDialect,
        peek: Peek,
        asked: ChatRequest | None = None,
    ) -> None:
        self._decoder = decoder
        self._encoder = client.stream_encoder(peek.model, include_usage=peek.include_usage, asked=asked)
        self.failure: Failure | None = None
        self.usage: Usage = UNREPORTED
        self.finish: FinishReason | None = None
        self.begun = False
        self._tally = _Tally()
        self._listening = Listening(asked)
        self._disobeyed: tuple[Loss, ...] = ()

    @property
    def teller(self) -> object:
        """Who knows what the caller has been told."""
        return self._encoder

    @property
    def losses(self) -> tuple[Loss, ...]:
        return self._encoder.losses + self._disobeyed

    @property
    def said(self) -> int:
        """Of what was decoded."""
        return self._tally.tokens

    @property
    def complete(self) -> bool:
        return self._decoder is not None and self._decoder.complete

    def data(self, data: bytes) -> bytes:
        if self._decoder is None:
            raise TypeError("an engine's answer takes events, not bytes")
        return b"".join([self.event(event) for event in self._decoder.feed(data)])

    def event(self, event: StreamEvent) -> bytes:
        if self.failure is not None:
            return b""
        if self._listening.wanted:
            self._disobeyed += self._listening.hear(event)
        match event:
            case ErrorEvent(failure):
                self.failure = failure
                return b"" if not self.begun else self._encoder.encode(event)
            case PartDelta() | PartStart():
                self._tally.hear(event)
            case UsageEvent(usage):
                self.usage = usage
            case FinishEvent() if event.choice == 0:
                self.finish = event.finish.reason
            case StartEvent():
                return self._encoder.encode(event)
        self.begun = True
        return self._encoder.encode(event)

    def end(self) -> bytes:
        last = [self.event(event) for event in self._decoder.close()] if self._decoder is not None else []
        if self.failure is None:
            last.append(self._encoder.close())
        return b"".join(last)


class OtherWhole(Whole):
    """Vectors from a local model or from a host of another dialect; a ranking from the latter."""

    def __init__(
        self, client: WholeDialect[Any, Any], upstream: WholeDialect[Any, Any] | None, asked: Any
    ) -> None:
        super().__init__()
        self._client = client
        self._upstream = upstream
        self._asked = asked
        self.result: EmbedResponse | None = None

    def end(self) -> bytes:
        try:
            response = self.result if self._upstream is None else self._upstream.decode_response(self._body())
        except Refused as refused:
            self.failure = refused.failure
            return b""
        if response is None:
            raise TypeError("the engine ended without a result")
        self.usage = response.usage
        if not response.model and self._asked is not None:  # in some dialects answers do not name their model
            response = msgspec.structs.replace(response, model=self._asked.model)
        source = self._upstream.name if self._upstream else "local"
        encoded = self._client.encode_response(response, source, self._asked)
        self.losses = encoded.losses
        return encoded.body


class CountedWhole(Whole):
    """A token count from a local model."""

    def __init__(self, client: ChatDialect) -> None:
        super().__init__()
        self._client = client
        self.result = 0

    def end(self) -> bytes:
        return self._client.encode_token_count(self.result)


def broken_off(answer: Answer | None, failure: Failure) -> bytes:
    """What ends a stream of which part has been told, where its dialect tells such an end by what was told; else
    nothing."""
    teller = answer.teller if isinstance(answer, RelayedStream | TranslatedStream) else None
    return teller.fail(failure) if isinstance(teller, Failing) else b""
