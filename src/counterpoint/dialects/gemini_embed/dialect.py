"""The dialect as the gateway sees it."""

from counterpoint.canonical import EmbedRequest, EmbedResponse
from counterpoint.dialects.base import Door, Encoded, Peek, Reading, Target
from counterpoint.dialects.gemini_embed import translation
from counterpoint.dialects.gemini_embed.names import BATCH, Method
from counterpoint.dialects.gemini_generate.names import NAME as FAMILY
from counterpoint.dialects.jsonio import decode_object

_VERSIONS = ("/v1beta", "/v1", "/v1alpha")


class GeminiEmbed:
    """`base.EmbedDialect` for one of the two methods; see there for what each method of this class promises."""

    operation = "embed"
    family = FAMILY
    forwarded: tuple[str, ...] = ()

    def __init__(self, method: Method = BATCH) -> None:
        self._method = method
        self.name = method.name
        self.doors = tuple(
            Door("POST", f"{version}/models/{{model}}:{method.word}", "embed") for version in _VERSIONS
        )

    def peek(self, body: bytes) -> Peek:
        """The model stands in the address."""
        decode_object(body)
        return Peek("")

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        """The body for an upstream that speaks this dialect too."""
        return translation.rewritten(body, target)

    def read(self, body: bytes) -> Reading:
        """Usage of a relayed answer. Raises `Refused` if it is none."""
        return Reading(translation.read_usage(body), None, "")

    def decode_request(self, body: bytes) -> EmbedRequest:
        """A client's request; its model is in the address."""
        return translation.decode_request(body)

    def encode_request(self, request: EmbedRequest, target: Target, source: str) -> Encoded:
        """A request for an upstream."""
        return translation.encode_request(request, target, source, self._method)

    def decode_response(self, body: bytes) -> EmbedResponse:
        """An upstream's answer."""
        return translation.decode_response(body)

    def encode_response(
        self, response: EmbedResponse, source: str, asked: EmbedRequest | None = None
    ) -> Encoded:
        """An answer for a client."""
        return translation.encode_response(response, source, self._method)
