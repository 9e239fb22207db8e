"""The API as the gateway sees it: two dialects, one for each way to generate."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Failure
from counterpoint.dialects.base import NOT_SAID, Asked, Door, Encoded, ErrorReply, Peek, Reading, Target
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.ollama import errors, listing, relay, requests, responses
from counterpoint.dialects.ollama.names import API_VERSION, GENERATE, NAME, NDJSON
from counterpoint.dialects.ollama.stream_encoding import OllamaEncoder
from counterpoint.dialects.ollama.streams import OllamaDecoder

_ADMINISTRATIVE = (
    ("POST", "/api/pull"),
    ("POST", "/api/push"),
    ("POST", "/api/create"),
    ("POST", "/api/copy"),
    ("DELETE", "/api/delete"),
)
"""Which models there are is decided by who runs the gateway."""


class _Ollama:
    """What both have in common; `now` gives the time for answers that carry none."""

    forwarded: tuple[str, ...] = ()
    request_id_header = "x-request-id"
    stream_type = NDJSON
    prompted = False

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return relay.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return path

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        return relay.rewrite(body, peek, target)

    def relay(self, peek: Peek) -> relay.OllamaRelay:
        return relay.OllamaRelay()

    def read(self, body: bytes) -> Reading:
        return relay.read(body)

    def decode_response(self, body: bytes) -> ChatResponse:
        return responses.decode_response(body)

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source, self._now(), prompted=self.prompted)

    def stream_decoder(self) -> OllamaDecoder:
        return OllamaDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> OllamaEncoder:
        return OllamaEncoder(model, now=self._now, prompted=self.prompted)

    def decode_error(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        return errors.decode_error(status, headers, body)

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        return errors.encode_error(failure, request_id)

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        return errors.encode_stream_error(failure, request_id)

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        return listing.encode_models(models)

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        return listing.encode_model(model)

    def encode_token_count(self, count: int) -> bytes:
        return encode({"prompt_eval_count": count})


class OllamaChat(_Ollama):
    """`base.ChatDialect` for `/api/chat`, and the doors of the whole API; see there for what each method promises."""

    name = NAME
    doors = (
        Door("POST", "/api/chat", "chat"),
        Door("GET", "/api/tags", "models"),
        Door("GET", "/api/ps", "running"),
        Door("POST", "/api/show", "model"),
        Door("GET", "/api/version", "said", says=encode({"version": API_VERSION})),
        *(Door(method, path, "administrative") for method, path in _ADMINISTRATIVE),
    )

    def decode_request(self, body: bytes) -> ChatRequest:
        return requests.decode_chat(body)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        return requests.encode_chat(request, target, source)


class OllamaGenerate(_Ollama):
    """`base.ChatDialect` for `/api/generate`."""

    name = GENERATE
    doors = (Door("POST", "/api/generate", "chat"),)
    prompted = True

    def decode_request(self, body: bytes) -> ChatRequest:
        return requests.decode_generate(body)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        return requests.encode_generate(request, target, source)
