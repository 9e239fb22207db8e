"""The dialect as the gateway sees it."""

from typing import Any

import msgspec

from counterpoint.canonical import EmbedRequest, EmbedResponse
from counterpoint.dialects import heads
from counterpoint.dialects.base import Door, Encoded, Peek, Reading, Target
from counterpoint.dialects.cohere_chat import NAME as FAMILY
from counterpoint.dialects.cohere_embed import translation
from counterpoint.dialects.jsonio import not_an_answer


class _Answer(msgspec.Struct):
    """What is read of an answer; the vectors, nearly all of it, are passed over."""

    embeddings: msgspec.Raw | None = None
    meta: dict[str, Any] | None = None


_decode_answer = msgspec.json.Decoder(_Answer).decode


class CohereEmbed:
    """Texts and images to vectors."""

    name = translation.NAME
    operation = "embed"
    family = FAMILY
    doors = (Door("POST", "/v2/embed", "embed"),)
    forwarded: tuple[str, ...] = ()

    def peek(self, body: bytes) -> Peek:
        """The model."""
        return Peek(heads.peek(body).model)

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        """The body for an upstream that speaks this dialect too."""
        return heads.rewrite(body, peek, target)

    def read(self, body: bytes) -> Reading:
        """Usage of a relayed answer. Raises `Refused` if it is none."""
        try:
            answer = _decode_answer(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Reading(translation.decode_response(body).usage, None, "")
        if answer.embeddings is None:
            raise not_an_answer("dialects.upstream.missing", path="embeddings")
        return Reading(translation.usage_of(answer.meta), None, "")

    def decode_request(self, body: bytes) -> EmbedRequest:
        """A client's request."""
        return translation.decode_request(body)

    def encode_request(self, request: EmbedRequest, target: Target, source: str) -> Encoded:
        """A request for an upstream."""
        return translation.encode_request(request, target, source)

    def decode_response(self, body: bytes) -> EmbedResponse:
        """An upstream's answer."""
        return translation.decode_response(body)

    def encode_response(
        self, response: EmbedResponse, source: str, asked: EmbedRequest | None = None
    ) -> Encoded:
        """An answer for a client."""
        return translation.encode_response(response, source, asked)
