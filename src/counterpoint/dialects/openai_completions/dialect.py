"""The dialect as the gateway sees it. Its errors, its usage and the way past the hub are those of the chat API."""

import time
from collections.abc import Callable

from counterpoint.canonical import ChatRequest, ChatResponse
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, Peek
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
    stream_type = SSE
    request_id_header = _CHAT.request_id_header
    forwarded = _CHAT.forwarded

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return chat_relay.peek(body)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return path

    rewrite = staticmethod(chat_relay.rewrite)
    read = staticmethod(chat_relay.read)
    relay = relay.CompletionsRelay
    decode_request = staticmethod(requests.decode_request)
    encode_request = staticmethod(requests.encode_request)
    decode_response = staticmethod(responses.decode_response)
    stream_decoder = CompletionsDecoder

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source, int(self._now()), asked)

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> CompletionsEncoder:
        echo = requests.echoed(asked)
        return CompletionsEncoder(model, include_usage=include_usage, echo=echo, now=self._now)

    decode_error = _CHAT.decode_error
    encode_error = _CHAT.encode_error
    encode_stream_error = _CHAT.encode_stream_error
    encode_models = _CHAT.encode_models
    encode_model = _CHAT.encode_model
    encode_token_count = _CHAT.encode_token_count
