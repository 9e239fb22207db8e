"""The dialect as the gateway sees it. Its errors, its usage and the way past the hub are those of the chat API."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Failure
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, ErrorReply, Peek, Reading, Target
from counterpoint.dialects.openai_chat import errors
from counterpoint.dialects.openai_chat import relay as chat_relay
from counterpoint.dialects.openai_chat.dialect import OpenAIChat
from counterpoint.dialects.openai_completions import relay, requests, responses
from counterpoint.dialects.openai_completions.names import NAME
from counterpoint.dialects.openai_completions.stream_encoding import CompletionsEncoder
from counterpoint.dialects.openai_completions.streams import CompletionsDecoder

_CHAT = OpenAIChat()


class OpenAICompletions:
    """`base.ChatDialect`; see there for what each method promises. `now` gives the time for answers without one."""

    name = NAME
    doors = (
        Door("POST", "/v1/completions", "chat"),
        Door("POST", "/openai/deployments/{model}/completions", "chat", written=True),  # Azure's older style
    )
    forwarded: tuple[str, ...] = ("openai-beta",)
    request_id_header = "x-request-id"
    stream_type = SSE

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return chat_relay.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return path

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        return chat_relay.rewrite(body, peek, target)

    def relay(self, peek: Peek) -> relay.CompletionsRelay:
        return relay.CompletionsRelay(peek)

    def read(self, body: bytes) -> Reading:
        return chat_relay.read(body)

    def decode_request(self, body: bytes) -> ChatRequest:
        return requests.decode_request(body)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        return requests.encode_request(request, target, source)

    def decode_response(self, body: bytes) -> ChatResponse:
        return responses.decode_response(body)

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source, int(self._now()), asked)

    def stream_decoder(self) -> CompletionsDecoder:
        return CompletionsDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> CompletionsEncoder:
        echo = requests.echoed(asked)
        return CompletionsEncoder(model, include_usage=include_usage, echo=echo, now=self._now)

    def decode_error(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        return errors.decode_error(status, headers, body)

    def encode_error(self, failure: Failure, request_id: str) -> ErrorReply:
        return errors.encode_error(failure, request_id)

    def encode_stream_error(self, failure: Failure, request_id: str) -> bytes:
        return errors.encode_stream_error(failure, request_id)

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        return _CHAT.encode_models(models)

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        return _CHAT.encode_model(model)

    def encode_token_count(self, count: int) -> bytes:
        return _CHAT.encode_token_count(count)
