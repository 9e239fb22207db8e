"""The dialect as the gateway sees it."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Failure
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, ErrorReply, Peek, Reading, Target
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.openai_chat import errors, relay, requests, responses, watsonx
from counterpoint.dialects.openai_chat.names import NAME
from counterpoint.dialects.openai_chat.request_encoding import encode_request
from counterpoint.dialects.openai_chat.stream_encoding import OpenAIStreamEncoder
from counterpoint.dialects.openai_chat.streams import OpenAIStreamDecoder

Json = dict[str, Any]


class OpenAIChat:
    """`now` gives the time for answers that carry none."""

    name = NAME
    doors = (
        Door("POST", "/v1/chat/completions", "chat"),
        # Azure's two styles (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle)
        Door("POST", "/openai/v1/chat/completions", "chat"),
        Door("POST", "/openai/deployments/{model}/chat/completions", "chat", written=True),
        Door("GET", "/v1/models", "models"),
        Door("GET", "/v1/models/", "model"),
    )
    forwarded: tuple[str, ...] = ("openai-beta",)
    request_id_header = "x-request-id"
    stream_type = SSE

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        """Model, stream and whether usage is wanted in it."""
        return relay.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return watsonx.address(path, stream=stream)

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        """The body for an upstream that speaks this dialect too."""
        return relay.rewrite(body, peek, target)

    def relay(self, peek: Peek) -> relay.OpenAIRelay:
        """A reader for a stream that passes by."""
        return relay.OpenAIRelay(peek)

    def read(self, body: bytes) -> Reading:
        """What a whole relayed answer says of itself."""
        return relay.read(body)

    def decode_request(self, body: bytes) -> ChatRequest:
        """A client's request."""
        return requests.decode_request(body)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        """A request for an upstream."""
        return encode_request(request, target, source)

    def decode_response(self, body: bytes) -> ChatResponse:
        """An upstream's whole answer."""
        return responses.decode_response(body)

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        """A whole answer for a client."""
        return responses.encode_response(response, source, int(self._now()))

    def stream_decoder(self) -> OpenAIStreamDecoder:
        """For one upstream's stream."""
        return OpenAIStreamDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> OpenAIStreamEncoder:
        """For one client's stream."""
        return OpenAIStreamEncoder(model, include_usage=include_usage, now=self._now)

    def decode_error(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        """An upstream's error, whatever its body."""
        return errors.decode_error(status, headers, body)

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        """A failure for a client."""
        return errors.encode_error(failure, request_id)

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        """A failure for a client whose stream has begun."""
        return errors.encode_stream_error(failure, request_id)

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        """The list that `models.list()` of official clients reads."""
        return encode({"object": "list", "data": [_model(model) for model in models]})

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        """One model of that list."""
        return encode(_model(model))

    def encode_token_count(self, count: int) -> bytes:
        """As the Responses API answers `input_tokens`; the chat API itself cannot be asked."""
        return encode({"object": "response.input_tokens", "input_tokens": count})


def _model(model: Mapping[str, Any]) -> Json:
    """The official fields; name and context as hosts of many models add them, where they are known."""
    body: Json = {
        "id": model["id"],
        "object": "model",
        "created": model.get("created") or 0,
        "owned_by": model.get("owner") or "unknown",
    }
    if model.get("name"):
        body["name"] = model["name"]
    if model.get("context"):
        body["context_length"] = model["context"]
    return body
