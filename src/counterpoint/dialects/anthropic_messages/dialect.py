"""The Messages dialect as the gateway sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Failure
from counterpoint.dialects.anthropic_messages import errors, listing, relay, requests, responses
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.stream_encoding import MessagesEncoder
from counterpoint.dialects.anthropic_messages.streams import MessagesDecoder
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, ErrorReply, Peek, Reading, Target
from counterpoint.dialects.jsonio import encode

_VERSION = "anthropic-version"


class AnthropicMessages:
    """`base.ChatDialect` for the Messages API; see there for what each method promises."""

    name = NAME
    doors: tuple[Door, ...] = (
        Door("POST", "/v1/messages", "chat"),
        Door("POST", "/v1/messages/count_tokens", "count_tokens"),
        Door("GET", "/v1/models", "models", _VERSION),
        Door("GET", "/v1/models/", "model", _VERSION),
    )
    forwarded: tuple[str, ...] = (_VERSION, "anthropic-beta")
    request_id_header = "request-id"
    stream_type = SSE

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return relay.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return f"{path}/count_tokens" if operation == "count_tokens" else path

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        return relay.rewrite(body, peek, target)

    def relay(self, peek: Peek) -> relay.MessagesRelay:
        return relay.MessagesRelay()

    def read(self, body: bytes) -> Reading:
        return relay.read(body)

    def decode_request(self, body: bytes) -> ChatRequest:
        return requests.decode_request(body)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        return requests.encode_request(request, target, source)

    def decode_response(self, body: bytes) -> ChatResponse:
        return responses.decode_response(body)

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source)

    def stream_decoder(self) -> MessagesDecoder:
        return MessagesDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> MessagesEncoder:
        return MessagesEncoder(model)

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
        return encode({"input_tokens": count})
