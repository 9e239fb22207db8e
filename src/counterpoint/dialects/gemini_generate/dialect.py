"""The Gemini API as the gateway sees it."""

from counterpoint.canonical import ChatRequest, ChatResponse, Failure
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, ErrorReply, Peek, Target
from counterpoint.dialects.gemini_generate import errors, listing, relay, requests, responses
from counterpoint.dialects.gemini_generate.framing import Array
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.stream_encoding import GenerateEncoder
from counterpoint.dialects.gemini_generate.streams import GenerateDecoder
from counterpoint.dialects.jsonio import decode_object, encode

_VERSIONS = ("/v1beta", "/v1", "/v1alpha")
_VERTEX = tuple(
    f"/{version}{project}/publishers/google"
    for version in ("v1", "v1beta1")
    for project in ("/projects/*/locations/*", "")
)
"""Vertex AI serves the same API under other addresses
(https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference)."""
_KEY = "x-goog-api-key"
_METHODS = (
    ("generateContent", "chat", False),
    ("streamGenerateContent", "chat", True),
    ("countTokens", "count_tokens", False),
)


class GeminiGenerate:
    """`base.ChatDialect` for the Gemini API; see there for what each method promises."""

    name = NAME
    doors = (
        *(
            Door("POST", f"{version}/models/{{model}}:{method}", operation, stream=stream)
            for version in (*_VERSIONS, *_VERTEX)
            for method, operation, stream in _METHODS
        ),
        Door("GET", "/v1beta/models", "models"),
        Door("GET", "/v1beta/models/", "model"),
        # Other dialects have their lists there too; this one's clients are known by the header of their key.
        Door("GET", "/v1/models", "models", header=_KEY),
        Door("GET", "/v1/models/", "model", header=_KEY),
    )
    forwarded = ()
    request_id_header = "x-request-id"
    stream_type = SSE

    read = staticmethod(relay.read)
    decode_request = staticmethod(requests.decode_request)
    encode_request = staticmethod(requests.encode_request)
    decode_response = staticmethod(responses.decode_response)
    decode_error = staticmethod(errors.decode_error)
    encode_models = staticmethod(listing.encode_models)
    encode_model = staticmethod(listing.encode_model)

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        decode_object(body)
        return Peek(asked.model or "", asked.stream)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        if operation == "count_tokens":
            return f"{path}:countTokens"
        return f"{path}:streamGenerateContent?alt=sse" if stream else f"{path}:generateContent"

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        return requests.rewritten(body, target)

    def relay(self, peek: Peek) -> relay.GenerateRelay:
        return relay.GenerateRelay()

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source)

    def stream_decoder(self) -> GenerateDecoder:
        return GenerateDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> GenerateEncoder:
        return GenerateEncoder(model)

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        return errors.encode_error(failure, request_id)

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        return errors.encode_stream_error(failure, request_id)

    def encode_token_count(self, count: int) -> bytes:
        return encode({"totalTokens": count})


class GeminiListed(GeminiGenerate):
    """The same API as a client wants it that does not ask for events: its streams are JSON arrays, errors too."""

    stream_type = "application/json; charset=utf-8"

    def relay(self, peek: Peek) -> relay.GenerateRelay:
        return relay.GenerateRelay(Array())

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> GenerateEncoder:
        return GenerateEncoder(model, Array())

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        reply = errors.encode_error(failure, request_id)
        return ErrorReply(reply.status, b"[" + reply.body + b"]", reply.headers)

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        return b",\r\n" + errors.encode_body(failure, request_id) + b"]"


_EVENTS, _LISTED = GeminiGenerate(), GeminiListed()


def form_of(query: str) -> GeminiGenerate:
    """The form in which a client wants a stream, by the query of its address."""
    return _EVENTS if "alt=sse" in query.split("&") else _LISTED
