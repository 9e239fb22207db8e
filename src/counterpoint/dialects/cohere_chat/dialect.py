"""The dialect as the gateway sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Failure
from counterpoint.dialects import heads
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, ErrorReply, Peek, Reading, Target
from counterpoint.dialects.cohere_chat import errors, relay, requests, responses
from counterpoint.dialects.cohere_chat.names import NAME
from counterpoint.dialects.cohere_chat.request_encoding import encode_request
from counterpoint.dialects.cohere_chat.stream_encoding import CohereStreamEncoder
from counterpoint.dialects.cohere_chat.streams import CohereStreamDecoder
from counterpoint.dialects.jsonio import encode

SDK_HEADER = "x-fern-sdk-name"
"""Cohere's clients send it; by it their list of models, whose path others have too, is told from the others'."""


class CohereChat:
    """`base.ChatDialect` for Cohere's second version; see there for what each method promises."""

    name = NAME
    doors = (
        Door("POST", "/v2/chat", "chat"),
        Door("GET", "/v1/models", "models", SDK_HEADER),
        Door("GET", "/v1/models/", "model", SDK_HEADER),
    )
    forwarded: tuple[str, ...] = ()
    request_id_header = "x-request-id"
    stream_type = SSE

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return heads.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return path

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        return heads.rewrite(body, peek, target)

    def relay(self, peek: Peek) -> relay.CohereRelay:
        return relay.CohereRelay()

    def read(self, body: bytes) -> Reading:
        return relay.read(body)

    def decode_request(self, body: bytes) -> ChatRequest:
        return requests.decode_request(body)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        return encode_request(request, target, source)

    def decode_response(self, body: bytes) -> ChatResponse:
        return responses.decode_response(body)

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source)

    def stream_decoder(self) -> CohereStreamDecoder:
        return CohereStreamDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> CohereStreamEncoder:
        return CohereStreamEncoder()

    def decode_error(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        return errors.decode_error(status, headers, body)

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        return errors.encode_error(failure, request_id)

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        return errors.encode_stream_error(failure, request_id)

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        return encode({"models": [_model(model) for model in models]})

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        return encode(_model(model))

    def encode_token_count(self, count: int) -> bytes:
        """As its tokenizer's answer would count; the chat API itself cannot be asked."""
        return encode({"tokens": count})


def _model(model: Mapping[str, Any]) -> dict[str, Any]:
    body = {"name": model["id"], "endpoints": ["chat"], "finetuned": False}
    if model.get("context"):
        body["context_length"] = model["context"]
    return body
