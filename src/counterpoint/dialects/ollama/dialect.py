"""The API as the gateway sees it: two dialects, one for each way to generate."""

import time
from collections.abc import Callable

from counterpoint.canonical import ChatRequest, ChatResponse
from counterpoint.dialects.base import NOT_SAID, Asked, Door, Encoded, Peek
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

    rewrite = staticmethod(relay.rewrite)
    read = staticmethod(relay.read)

    def relay(self, peek: Peek) -> relay.OllamaRelay:
        return relay.OllamaRelay()

    decode_response = staticmethod(responses.decode_response)
    stream_decoder = OllamaDecoder
    decode_error = staticmethod(errors.decode_error)
    encode_error = staticmethod(errors.encode_error)
    encode_stream_error = staticmethod(errors.encode_stream_error)
    encode_models = staticmethod(listing.encode_models)
    encode_model = staticmethod(listing.encode_model)

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source, self._now(), prompted=self.prompted)

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> OllamaEncoder:
        return OllamaEncoder(model, now=self._now, prompted=self.prompted)

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

    decode_request = staticmethod(requests.decode_chat)
    encode_request = staticmethod(requests.encode_chat)


class OllamaGenerate(_Ollama):
    """`base.ChatDialect` for `/api/generate`."""

    name = GENERATE
    doors = (Door("POST", "/api/generate", "chat"),)
    prompted = True

    decode_request = staticmethod(requests.decode_generate)
    encode_request = staticmethod(requests.encode_generate)
