"""The dialect as the gateway sees it."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Failure
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, ErrorReply, Peek, Reading, Target
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.openai_chat import OpenAIChat
from counterpoint.dialects.openai_responses import errors, relay, requests, responses
from counterpoint.dialects.openai_responses.names import NAME
from counterpoint.dialects.openai_responses.request_encoding import encode_request
from counterpoint.dialects.openai_responses.stream_encoding import ResponsesEncoder
from counterpoint.dialects.openai_responses.streams import ResponsesDecoder

BASES = ("/v1", "/openai/v1", "/openai")
"""Where clients look for it: the maker's own style, and Azure's two
(learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle)."""
_BELOW = {"count_tokens": "/input_tokens", "compact": "/compact"}
_METHODS = ("GET", "POST", "DELETE")


class OpenAIResponses:
    """`base.ChatDialect` for the Responses API; see there for what each method promises. `now` gives the time for
    answers that carry none. Models, failing calls and token counts are told as the same maker's chat API does."""

    name = NAME
    doors = tuple(
        door
        for base in BASES
        for door in (
            Door("POST", f"{base}/responses", "chat"),
            *(Door("POST", f"{base}/responses{below}", name) for name, below in _BELOW.items()),
            *(Door(method, f"{base}/responses/", "kept") for method in _METHODS),
            Door("POST", f"{base}/conversations", "conversations"),
            *(Door(method, f"{base}/conversations/", "conversations") for method in _METHODS),
        )
    )
    forwarded: tuple[str, ...] = ("openai-beta",)
    request_id_header = "x-request-id"
    stream_type = SSE

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._chat = OpenAIChat(now)

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return relay.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return path + _BELOW.get(operation, "")

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        return relay.rewrite(body, peek, target)

    def relay(self, peek: Peek) -> relay.ResponsesRelay:
        return relay.ResponsesRelay()

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
        return responses.encode_response(response, source, asked, int(self._now()))

    def stream_decoder(self) -> ResponsesDecoder:
        return ResponsesDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> ResponsesEncoder:
        return ResponsesEncoder(model, asked, self._now)

    def decode_error(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        return self._chat.decode_error(status, headers, body)

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        return self._chat.encode_error(failure, request_id)

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        return errors.encode_stream_error(failure, request_id)

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        return self._chat.encode_models(models)

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        return self._chat.encode_model(model)

    def encode_token_count(self, count: int) -> bytes:
        return encode({"object": "response.input_tokens", "input_tokens": count})
