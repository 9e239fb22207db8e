"""What every dialect offers to the gateway.

Two ways through a dialect exist. *Translated*: bytes to canonical, canonical to the other dialect's bytes,
every loss declared. *Relayed*: client and upstream speak the same dialect, so bytes pass through untouched
but for the model's name; a `Peek` and a `Relay` read just what must be known (model, stream, usage, finish).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    EmbedRequest,
    EmbedResponse,
    Failure,
    FinishReason,
    Loss,
    RerankRequest,
    RerankResponse,
    StreamEvent,
    Usage,
)


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an encoder must know of the offering it encodes for; plain data from the catalogue.

    `model`: its id at the host. `max_output_default`: sent where the dialect demands a limit and the caller
    gave none. `quirks`: names of documented deviations of a host from its dialect, as in the host's row
    (`max_tokens` - it wants the old field name; `no_developer_role`; `reasoning_content`; ...).
    """

    model: str
    max_output_default: int = 4096
    quirks: frozenset[str] = frozenset()


class Encoded(msgspec.Struct, frozen=True):
    """Bytes for the target, and what it could not express."""

    body: bytes
    losses: tuple[Loss, ...] = ()


class Peek(msgspec.Struct, frozen=True, gc=False):
    """The few fields of a request that routing needs, read in one cheap pass.

    `include_usage`: whether the client wants usage in its stream (always true in dialects that always send it).
    """

    model: str
    stream: bool = False
    include_usage: bool = True


class Asked(msgspec.Struct, frozen=True):
    """What the address of a request says, in dialects whose bodies do not: the model, and whether to stream."""

    model: str | None = None
    stream: bool = False


NOT_SAID = Asked()
"""The address of a dialect whose bodies say everything."""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """What a relayed answer said of itself."""

    usage: Usage
    finish: FinishReason | None = None
    model: str | None = None
    id: str | None = None


class ErrorReply(msgspec.Struct, frozen=True):
    """A failure in a dialect's own words."""

    status: int
    body: bytes
    headers: Sequence[tuple[str, str]] = ()


class Door(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way in: `operation` is `chat`, `embed`, `rerank`, `count_tokens`, `models`, `model`, `running` (the models
    that are loaded, in the shape of the list), or one that is relayed; `said`: the answer is `says`, always;
    `administrative`: refused, as only the gateway's operator does it. A `path` that ends in `/` takes what follows as
    its argument; one with `{model}` in it takes what stands there, slashes included, and its calls are answered as
    `stream` says; `written`: that model is written into the body, where this dialect has it. A `*` in it is any one
    segment. Where two dialects have the same path, the one whose `header` the client sent is meant, else the
    one without."""

    method: str
    path: str
    operation: str
    header: str | None = None
    stream: bool = False
    says: bytes = b""
    written: bool = False


SSE = "text/event-stream; charset=utf-8"
"""The media type of most dialects' streams (WHATWG HTML, "Server-sent events")."""


class StreamDecoder(Protocol):
    """Upstream bytes, in any cut, to canonical events."""

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Events that `data` completes. Never raises on hostile input: garbage becomes an `ErrorEvent`."""

    def close(self) -> list[StreamEvent]:
        """The upstream has ended. An `ErrorEvent` if it ended before the dialect's own end."""

    @property
    def complete(self) -> bool:
        """Whether the dialect's own end (`[DONE]`, `message_stop`) has been seen."""


class StreamEncoder(Protocol):
    """Canonical events to bytes for the client. An `ErrorEvent` becomes the dialect's own error event."""

    def encode(self, event: StreamEvent) -> bytes:
        """Bytes for one event (possibly none: some events are held until others are known)."""

    def close(self) -> bytes:
        """What ends the stream (`data: [DONE]`, held-back usage, `message_stop`)."""

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What this dialect could not say of the events so far; paths are canonical."""


@runtime_checkable
class Failing(Protocol):
    """An encoder or a relay whose dialect ends a stream that fails with what was told of the answer before."""

    def fail(self, failure: Failure) -> bytes:
        """The end, where the gateway itself found that there will be no other."""


class Relay(Protocol):
    """Reads a same-dialect stream that passes by."""

    def feed(self, data: bytes) -> bytes:
        """What to send on: `data` itself, less what only we had asked for (a usage event)."""

    def close(self) -> bytes:
        """The upstream has ended; bytes held back, or the dialect's error event if it ended too early."""

    @property
    def reading(self) -> Reading:
        """What is known so far."""

    @property
    def begun(self) -> bool:
        """Whether a whole first event has been seen (before it nothing is committed to the client)."""

    @property
    def complete(self) -> bool:
        """Whether the dialect's own end (`[DONE]`, `message_stop`) has been seen."""

    @property
    def failure(self) -> Failure | None:
        """The failure that the stream itself reported, or its early end."""


class ChatDialect(Protocol):
    """One public chat API."""

    @property
    def name(self) -> str:
        """As in the catalogue: `openai-chat`, `anthropic-messages`."""

    @property
    def doors(self) -> tuple[Door, ...]:
        """Where clients of this dialect come in."""

    @property
    def forwarded(self) -> tuple[str, ...]:
        """Names (lower case) of client headers that belong to a request in this dialect and go upstream with it."""

    @property
    def request_id_header(self) -> str:
        """The response header in which this dialect's clients look for the request id."""

    @property
    def stream_type(self) -> str:
        """The media type of its streams: `SSE`, or what else its clients expect."""

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        """Raises `Refused` when `body` is not a JSON object with a model name of the right type (unless that is
        in the address, see `Asked`)."""

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        """Where a host that serves this dialect at `path` takes calls for `chat` or `count_tokens`."""

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        """`body` for a same-dialect upstream: every byte kept but the model's name (and, where the dialect
        reports usage only on demand, that demand)."""

    def relay(self, peek: Peek) -> Relay:
        """A reader for the stream that answers `peek`'s request."""

    def read(self, body: bytes) -> Reading:
        """What a whole relayed answer says of itself. Raises `Refused` if it is not an answer at all."""

    def decode_request(self, body: bytes) -> ChatRequest:
        """Raises `Refused` with `param` set to the JSON path at fault."""

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        """`source`: the dialect `request` was decoded from; loss paths are in its JSON."""

    def decode_response(self, body: bytes) -> ChatResponse:
        """Raises `Refused` if `body` is not an answer in this dialect."""

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        """`source`: the dialect that the answer came in (`local` for an engine of ours). `asked`: the request that
        it answers, for dialects whose answers repeat it."""

    def stream_decoder(self) -> StreamDecoder:
        """A new decoder, for one stream."""

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> StreamEncoder:
        """A new encoder, for one stream; `model` is the name to show when the upstream gives none. `asked`: as
        for a whole answer."""

    def decode_error(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        """An upstream's error. Header names are lower case. Never raises: any body gives a `Failure`."""

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        """In this dialect's shape. A `failure.raw` that came in this dialect is passed on as it was."""

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        """The event that ends a stream which has already begun."""

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        """The model list; each has `id`, `created` (epoch seconds), `owner`, `name`, `context`."""

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        """One model of that list."""

    def encode_token_count(self, count: int) -> bytes:
        """The answer to count_tokens."""


class TokenCounter(Protocol):
    """What counts the tokens of a request, at hosts of a chat dialect that have a door for it (`address` with the
    operation `count_tokens`)."""

    def encode_count(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        """The request to count, as `ChatDialect.encode_request`."""

    def decode_count(self, body: bytes) -> int:
        """The count. Raises `Refused` if `body` tells none."""


AskedFor = TypeVar("AskedFor")
Answered = TypeVar("Answered")


class WholeDialect(Protocol[AskedFor, Answered]):
    """One public API whose every answer comes whole: embeddings, reranking. Errors are rendered by the chat
    dialect of the same family."""

    @property
    def name(self) -> str: ...

    @property
    def operation(self) -> str:
        """What it asks for, as in its doors: `embed`, `rerank`."""

    @property
    def family(self) -> str:
        """The chat dialect in which its errors are rendered and read."""

    @property
    def doors(self) -> tuple[Door, ...]: ...

    @property
    def forwarded(self) -> tuple[str, ...]: ...

    def peek(self, body: bytes) -> Peek: ...

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes: ...

    def read(self, body: bytes) -> Reading: ...

    def decode_request(self, body: bytes) -> AskedFor: ...

    def encode_request(self, request: AskedFor, target: Target, source: str) -> Encoded: ...

    def decode_response(self, body: bytes) -> Answered: ...

    def encode_response(self, response: Answered, source: str, asked: AskedFor | None = None) -> Encoded: ...


EmbedDialect = WholeDialect[EmbedRequest, EmbedResponse]
RerankDialect = WholeDialect[RerankRequest, RerankResponse]


class Meter(Protocol):
    """Reads what one relayed call is charged by, and whether it failed, from the answer that passes by."""

    @property
    def usage(self) -> Usage:
        """What is known so far; what the request alone says is known from the start."""

    @property
    def unit(self) -> str:
        """What kind of thing is counted, where the price depends on it: a picture's `hd/1024x1792`."""

    @property
    def complete(self) -> bool:
        """Whether a stream has said that it is over."""

    @property
    def ended(self) -> bool:
        """Whether a stream may be over: the event that carries its result has been seen."""

    @property
    def media_type(self) -> str | None:
        """What `whole` made of an answer that came as JSON; `None`: it is JSON still."""

    def whole(self, body: bytes) -> bytes:
        """An answer in JSON in, what the client gets out. Raises `Refused` if it is not an answer at all."""

    def event(self, data: bytes) -> Failure | None:
        """One event of a stream; the failure that it reports."""


class RelayedDialect(Protocol):
    """One public API whose calls go only to hosts that speak it too: pictures, speech, moderation. Bodies are JSON or
    forms, answers JSON, event streams or bytes. Errors are those of the chat dialect of the same family."""

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str:
        """The chat dialect in which its errors are rendered."""

    @property
    def doors(self) -> tuple[Door, ...]: ...

    @property
    def forwarded(self) -> tuple[str, ...]: ...

    def peek(self, body: bytes, media_type: str) -> Peek:
        """Raises `Refused` when `body` is neither JSON nor a form, or names no model where there is no usual one."""

    def rewrite(self, body: bytes, media_type: str, peek: Peek, target: Target) -> bytes:
        """`body` with the target's model; every other byte is kept."""

    def address(self, path: str, door: str) -> str:
        """Where a host that serves this dialect at `path` takes what came in at the path `door`."""

    def meter(self, body: bytes, media_type: str, target: Target) -> Meter:
        """For one attempt."""
