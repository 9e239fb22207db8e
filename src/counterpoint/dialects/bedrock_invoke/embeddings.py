"""Texts to vectors by `InvokeModel`: Titan, Cohere and Nova, each in its own body.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html,
https://docs.aws.amazon.com/nova/latest/userguide/nova-embeddings.html. Titan and Nova take one text a call.
"""

from typing import Any

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Loss, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Encoded, Peek, Reading, Target
from counterpoint.dialects.bedrock_converse.errors import failure_of, is_ours
from counterpoint.dialects.extensions import extras, fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import Fields, decode_object, encode, not_an_answer, parse, refusal

NAME = "bedrock-embed"
Json = dict[str, Any]
_TITAN, _COHERE, _NOVA = "titan", "cohere", "nova"


def kind_of_model(model: str) -> str:
    """Whose body a model takes, by its id."""
    name = model.lower()
    return _COHERE if "cohere" in name else _NOVA if "nova" in name else _TITAN


class BedrockEmbed:
    """`base.EmbedDialect`, for upstreams only: clients come in by the door of `bedrock-invoke`."""

    name = NAME
    operation = "embed"
    family = "bedrock-invoke"
    doors = ()
    forwarded = ()

    def peek(self, body: bytes) -> Peek:
        """The model stands in the address."""
        decode_object(body)
        return Peek("")

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        """The same."""
        return body

    def read(self, body: bytes) -> Reading:
        """Usage of a relayed answer. Raises `Refused` if it is none."""
        return Reading(self.decode_response(body).usage, None, "")

    def decode_request(self, body: bytes) -> EmbedRequest:
        """A body of any of the three."""
        fields = Fields(decode_object(body))
        if "inputText" in fields:
            text = fields.needed("inputText", fields.text)
            return _request((text,), fields.integer("dimensions"), fields, _TITAN)
        if "singleEmbeddingParams" in fields:
            return _decode_nova(fields)
        texts = fields.needed("texts", fields.texts)
        return _request(texts, fields.integer("output_dimension"), fields, _COHERE)

    def encode_request(self, request: EmbedRequest, target: Target, source: str) -> Encoded:
        """A request for an upstream."""
        own = spelling(request.extensions, NAME, "kind")
        kind = own or kind_of_model(target.model)
        left = fields_of(request.extensions, NAME)
        losses = () if own else tuple(foreign_losses(request.extensions, NAME, ""))
        if request.user is not None:
            losses += (Loss("user", "user", "cosmetic", "the target does not know of users"),)
        texts = [text for text in request.input if isinstance(text, str)]
        if len(texts) < len(request.input):
            raise refusal("dialects.bedrock.tokens", "input", code="invalid_value")
        if kind == _COHERE:
            body: Json = {"texts": texts}
            if not own:
                body["input_type"] = "search_document"
            if request.dimensions is not None:
                body["output_dimension"] = request.dimensions
            return Encoded(encode({**body, **left}), losses)
        if len(texts) != 1:
            raise refusal("dialects.bedrock.one_text", "input", code="invalid_value", count=len(texts))
        body = _nova(texts[0], request, left) if kind == _NOVA else _titan(texts[0], request)
        return Encoded(encode({**body, **left}), losses)

    def decode_response(self, body: bytes) -> EmbedResponse:
        """An upstream's answer."""
        try:
            value = parse(body)
        except ValueError as error:
            raise not_an_answer("dialects.upstream.not_json") from error
        fields = Fields(value, strict=False)
        if "embedding" not in fields and "embeddings" not in fields:
            if is_ours(value):
                raise Refused(failure_of(value, "", None))
            raise not_an_answer("dialects.upstream.missing", path="embeddings")
        vectors = _vectors(value)
        if vectors is None:
            raise not_an_answer("dialects.upstream.not_answer", reason="no vectors")
        count = value.get("inputTextTokenCount")
        usage = Usage(input=count) if type(count) is int else UNREPORTED
        data = tuple(Embedding(index, tuple(vector)) for index, vector in enumerate(vectors))
        return EmbedResponse("", data, usage, extras(NAME, {"~body": value}))

    def encode_response(
        self, response: EmbedResponse, source: str, asked: EmbedRequest | None = None
    ) -> Encoded:
        """In Titan's form for one vector, in Cohere's for more."""
        own = spelling(response.extensions, NAME, "body")
        if own is not None:
            return Encoded(encode(own))
        vectors = [list(item.vector) for item in response.data]
        if len(vectors) == 1:
            body: Json = {"embedding": vectors[0], "inputTextTokenCount": response.usage.input_total}
            return Encoded(encode(body))
        return Encoded(encode({"embeddings": vectors, "response_type": "embeddings_floats"}))


def _request(texts: tuple[str, ...], dimensions: int | None, fields: Fields, kind: str) -> EmbedRequest:
    return EmbedRequest("", texts, dimensions, extensions=extras(NAME, {**fields.left, "~kind": kind}))


def _decode_nova(fields: Fields) -> EmbedRequest:
    params = fields.needed("singleEmbeddingParams", fields.inner)
    said = params.needed("text", params.inner)
    text = said.needed("value", said.text)
    size = params.integer("embeddingDimension")
    fields.left["singleEmbeddingParams"] = {**params.left, "text": said.left}
    return _request((text,), size, fields, _NOVA)


def _nova(text: str, request: EmbedRequest, left: Json) -> Json:
    params = dict(left.pop("singleEmbeddingParams", None) or {"embeddingPurpose": "GENERIC_INDEX"})
    said = {"value": text, **(params.pop("text", None) or {"truncationMode": "END"})}
    if request.dimensions is not None:
        params["embeddingDimension"] = request.dimensions
    return {"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {**params, "text": said}}


def _titan(text: str, request: EmbedRequest) -> Json:
    body: Json = {"inputText": text}
    if request.dimensions is not None:
        body["dimensions"] = request.dimensions
    return body


def _vectors(value: Json) -> list[list[float]] | None:
    """Of one text, of several, or by their type."""
    single, several = value.get("embedding"), value.get("embeddings")
    if type(single) is list:
        return [single]
    if type(several) is dict:
        several = several.get("float")
    if type(several) is not list:
        return None
    found: list[list[float]] = []
    for item in several:
        vector = item.get("embedding") if type(item) is dict else item
        if type(vector) is not list:
            return None
        found.append(vector)
    return found
