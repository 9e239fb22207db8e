"""The dialect as the gateway sees it."""

from typing import Any

import msgspec

from counterpoint.canonical import EmbedRequest, EmbedResponse
from counterpoint.dialects import heads
from counterpoint.dialects.base import Door, Encoded, Reading
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
    family = "cohere-chat"
    doors = (Door("POST", "/v2/embed", "embed"),)
    forwarded: tuple[str, ...] = ()

    peek = staticmethod(heads.peek_model)
    rewrite = staticmethod(heads.rewrite)
    decode_request = staticmethod(translation.decode_request)
    encode_request = staticmethod(translation.encode_request)
    decode_response = staticmethod(translation.decode_response)

    def read(self, body: bytes) -> Reading:
        """Usage of a relayed answer. Raises `Refused` if it is none."""
        try:
            answer = _decode_answer(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Reading(translation.decode_response(body).usage, None, "")
        if answer.embeddings is None:
            raise not_an_answer("dialects.upstream.missing", path="embeddings")
        return Reading(translation.usage_of(answer.meta), None, "")

    def encode_response(
        self, response: EmbedResponse, source: str, asked: EmbedRequest | None = None
    ) -> Encoded:
        """An answer for a client."""
        return translation.encode_response(response, source, asked)
