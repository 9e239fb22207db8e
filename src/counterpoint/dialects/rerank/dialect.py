"""The dialects as the gateway sees them: one class, and the words of each API."""

from typing import Any

import msgspec

from counterpoint.canonical import RerankRequest, RerankResponse
from counterpoint.dialects import heads
from counterpoint.dialects.base import Encoded, Reading, Target
from counterpoint.dialects.jsonio import not_an_answer
from counterpoint.dialects.rerank import translation
from counterpoint.dialects.rerank.words import COHERE, Words


class _Answer(msgspec.Struct):
    """What is read of an answer."""

    results: list[msgspec.Raw] | None = None
    data: list[msgspec.Raw] | None = None
    meta: dict[str, Any] | None = None
    usage: dict[str, Any] | None = None
    model: str | None = None
    id: str | None = None


_decode_answer = msgspec.json.Decoder(_Answer).decode


class Rerank:
    """One API that reranks."""

    operation = "rerank"
    forwarded: tuple[str, ...] = ()

    def __init__(self, words: Words = COHERE) -> None:
        self._words = words
        self.name = words.name
        self.family = words.family
        self.doors = words.doors

    peek = staticmethod(heads.peek_model)
    rewrite = staticmethod(heads.rewrite)

    def read(self, body: bytes) -> Reading:
        """Usage and model of a relayed answer. Raises `Refused` if it is none."""
        try:
            answer = _decode_answer(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            decoded = translation.decode_response(body, self._words)
            return Reading(decoded.usage, None, decoded.model)
        if answer.results is None and answer.data is None:
            raise not_an_answer("dialects.upstream.missing", path=self._words.results)
        return Reading(translation.usage_of(answer.meta, answer.usage), None, answer.model or "")

    def encode_request(self, request: RerankRequest, target: Target, source: str) -> Encoded:
        """A request for an upstream."""
        return translation.encode_request(request, target, source, self._words)

    def decode_request(self, body: bytes) -> RerankRequest:
        """A client's request."""
        return translation.decode_request(body, self._words)

    def encode_response(
        self, response: RerankResponse, source: str, asked: RerankRequest | None = None
    ) -> Encoded:
        """An answer for a client."""
        return translation.encode_response(response, source, asked, self._words)

    def decode_response(self, body: bytes) -> RerankResponse:
        """An upstream's answer."""
        return translation.decode_response(body, self._words)
