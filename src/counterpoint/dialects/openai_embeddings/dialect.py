"""The dialect as the gateway sees it."""

from typing import Any

import msgspec

from counterpoint.canonical import EmbedRequest, EmbedResponse
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Encoded, Peek, Reading, Target
from counterpoint.dialects.jsonio import not_an_answer
from counterpoint.dialects.openai_chat import relay
from counterpoint.dialects.openai_chat.errors import failure_in
from counterpoint.dialects.openai_chat.responses import answer_object
from counterpoint.dialects.openai_embeddings import translation
from counterpoint.dialects.openai_embeddings.names import OPENAI, Words


class _Answer(msgspec.Struct):
    """What is read of an answer; the vectors, nearly all of it, are passed over."""

    data: list[msgspec.Raw] | None = None
    usage: dict[str, Any] | None = None
    model: str | None = None
    error: Any = None


_decode_answer = msgspec.json.Decoder(_Answer).decode


class OpenAIEmbeddings:
    """Texts to vectors, in the words of one API of this form."""

    operation = "embed"

    def __init__(self, words: Words = OPENAI) -> None:
        self._words = words
        self.name = words.name
        self.family = words.family
        self.doors = words.doors
        self.forwarded = words.forwarded

    def peek(self, body: bytes) -> Peek:
        """The model."""
        return Peek(relay.peek(body).model)

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        """The body for an upstream that speaks this dialect too."""
        return relay.rewrite(body, peek, target)

    def read(self, body: bytes) -> Reading:
        """Usage and model of a relayed answer. Raises `Refused` if it is none."""
        try:
            answer = _decode_answer(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            decoded = translation.decode_response(body, self._words)
            return Reading(decoded.usage, None, decoded.model)
        if answer.error:
            failure = failure_in(answer_object(body))
            raise Refused(failure) if failure is not None else not_an_answer("dialects.upstream.not_json")
        if answer.data is None:
            raise not_an_answer("dialects.upstream.missing", path="data")
        return Reading(translation.counted(answer.usage), None, answer.model)

    def decode_request(self, body: bytes) -> EmbedRequest:
        """A client's request."""
        return translation.decode_request(body, self._words)

    def encode_request(self, request: EmbedRequest, target: Target, source: str) -> Encoded:
        """A request for an upstream."""
        return translation.encode_request(request, target, source, self._words)

    def decode_response(self, body: bytes) -> EmbedResponse:
        """An upstream's answer."""
        return translation.decode_response(body, self._words)

    def encode_response(
        self, response: EmbedResponse, source: str, asked: EmbedRequest | None = None
    ) -> Encoded:
        """An answer for a client."""
        return translation.encode_response(response, source, self._words)
