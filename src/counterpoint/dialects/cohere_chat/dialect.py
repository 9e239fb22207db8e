"""The dialect as the gateway sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse
from counterpoint.dialects import heads
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, Peek
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

    read = staticmethod(relay.read)
    rewrite = staticmethod(heads.rewrite)
    decode_request = staticmethod(requests.decode_request)
    encode_request = staticmethod(encode_request)
    decode_response = staticmethod(responses.decode_response)
    decode_error = staticmethod(errors.decode_error)
    encode_error = staticmethod(errors.encode_error)
    encode_stream_error = staticmethod(errors.encode_stream_error)

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return heads.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return path

    def relay(self, peek: Peek) -> relay.CohereRelay:
        return relay.CohereRelay()

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source)

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> CohereStreamEncoder:
        return CohereStreamEncoder()

    def stream_decoder(self) -> CohereStreamDecoder:
        return CohereStreamDecoder()

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
