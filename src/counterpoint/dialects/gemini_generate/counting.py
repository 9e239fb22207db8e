"""Counting tokens (https://ai.google.dev/api/tokens): the whole request is wrapped, so that its system instruction
and its tools count too."""

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.gemini_generate.requests import COUNTED, encode_request
from counterpoint.dialects.gemini_generate.settings import CONFIG
from counterpoint.dialects.jsonio import Fields, decode_object, encode, not_an_answer, parse


class GeminiCounter:
    """`base.TokenCounter` for the Gemini API."""

    def encode_count(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        """Vertex takes what is to be counted without a wrapping."""
        encoded = encode_request(request, target, source)
        body = decode_object(encoded.body)
        body.pop(CONFIG, None)  # nothing is generated
        if "unwrapped_count" in target.quirks:
            return Encoded(encode(body), encoded.losses)
        body["model"] = f"models/{target.model}"
        return Encoded(encode({COUNTED: body}), encoded.losses)

    def decode_count(self, body: bytes) -> int:
        """All tokens of the input."""
        try:
            fields = Fields(parse(body), strict=False)
        except ValueError as error:
            raise not_an_answer("dialects.upstream.not_json") from error
        return fields.needed("totalTokens", fields.integer)
