"""The dialects as the gateway sees them: conversations, and filling in the middle."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse
from counterpoint.dialects import heads
from counterpoint.dialects.base import NOT_SAID, SSE, Asked, Door, Encoded, Peek, Target
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.mistral_chat import answers, errors, requests
from counterpoint.dialects.mistral_chat.names import FILLING, NAME
from counterpoint.dialects.openai_chat import relay

_DOORS = {
    NAME: (
        Door("POST", "/mistral/v1/chat/completions", "chat"),
        Door("GET", "/mistral/v1/models", "models"),
        Door("GET", "/mistral/v1/models/", "model"),
    ),
    FILLING: (Door("POST", "/mistral/v1/fim/completions", "chat"),),
}
"""Its clients are told the base URL alone, and its paths are OpenAI's: so they have a beginning of their own."""


class MistralChat:
    """`base.ChatDialect` for Mistral; see there for what each method promises. `now` gives the time for answers that
    carry none."""

    forwarded: tuple[str, ...] = ()
    request_id_header = "x-request-id"
    stream_type = SSE

    read = staticmethod(relay.read)
    rewrite = staticmethod(heads.rewrite)
    decode_request = staticmethod(requests.decode_request)
    decode_response = staticmethod(answers.decode_response)
    decode_error = staticmethod(errors.decode_error)
    encode_error = staticmethod(errors.encode_error)
    encode_stream_error = staticmethod(errors.encode_stream_error)

    def __init__(self, name: str = NAME, now: Callable[[], float] = time.time) -> None:
        self.name = name
        self.doors = _DOORS[name]
        self._now = now

    def relay(self, peek: Peek) -> relay.OpenAIRelay:
        return relay.OpenAIRelay(peek)

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        return heads.peek(body)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        return requests.encode_request(request, target, source, self.name)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        return path

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return answers.encode_response(response, NAME if source == FILLING else source, int(self._now()))

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> answers.MistralStreamEncoder:
        return answers.MistralStreamEncoder(model, self._now)

    def stream_decoder(self) -> answers.MistralStreamDecoder:
        return answers.MistralStreamDecoder()

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        return encode({"object": "list", "data": [self._model(model) for model in models]})

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        return encode(self._model(model))

    def encode_token_count(self, count: int) -> bytes:
        """Its tokenizer is a library of its own; the API cannot be asked."""
        return encode({"tokens": count})

    def _model(self, model: Mapping[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": model["id"],
            "object": "model",
            "type": "base",
            "created": model.get("created") or 0,
            "owned_by": model.get("owner") or "unknown",
            "name": model.get("name"),
            "capabilities": {},
        }
        if model.get("context"):
            body["max_context_length"] = model["context"]
        return body
