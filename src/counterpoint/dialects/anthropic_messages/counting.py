"""Counting tokens (https://docs.anthropic.com/en/api/messages-count-tokens): a request without what only matters
once an answer is made."""

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.anthropic_messages.requests import encode_request
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.jsonio import Fields, decode_object, encode, not_an_answer, parse

_COUNTED = ("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config")


class AnthropicCounter:
    """`base.TokenCounter` for the Messages API."""

    def encode_count(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        """Without limits and sampling, which the counter refuses."""
        encoded = encode_request(request, target, source)
        body = decode_object(encoded.body)
        losses = tuple(loss for loss in encoded.losses if loss.code != "max_output.default")
        return Encoded(encode({name: body[name] for name in _COUNTED if name in body}), losses)

    def decode_count(self, body: bytes) -> int:
        """All tokens of the input."""
        try:
            fields = Fields(parse(body), strict=False)
        except ValueError as error:
            raise not_an_answer("dialects.upstream.not_json") from error
        return fields.needed("input_tokens", fields.integer)
