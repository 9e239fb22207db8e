"""Requests and answers with vectors, to canonical and back.

One call may ask for several types of the same vectors. The hub has one: floats if they were asked for, else base64,
else the first; the others stay with the answer.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Loss, Usage
from counterpoint.canonical.ids import new_id
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import extras, fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import Fields, decode_object, encode, not_an_answer, parse, refusal

NAME = "cohere-embed"
_Json = dict[str, Any]
_USUAL = "search_document"
"""What is embedded where a caller of another dialect cannot say; the models demand to know."""


def decode_request(body: bytes) -> EmbedRequest:
    """Raises `Refused` with the JSON path at fault."""
    fields = Fields(decode_object(body))
    model = fields.needed("model", fields.text)
    if not model:
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    marks: _Json = {}
    texts = fields.texts("texts")
    if texts == ():
        marks["~texts"] = "empty"
    elif texts is None:
        texts = _decode_inputs(fields, marks)
    types = fields.texts("embedding_types")
    if types is not None and types not in {("float",), ("base64",)}:
        fields.left["embedding_types"] = list(types)
    elif types is not None:
        marks["~types"] = list(types)
    return EmbedRequest(
        model,
        texts,
        fields.integer("output_dimension"),
        "base64" if types == ("base64",) else "float",
        extensions=extras(NAME, {**fields.left, **marks}),
    )


def _decode_inputs(fields: Fields, marks: _Json) -> tuple[str, ...]:
    """`inputs`, each of one text; images, and what mixes them, stay an extension: the hub has no word for them."""
    listed = fields.array("inputs")
    if listed is None:
        if "images" not in fields:
            raise refusal("dialects.field.missing", "texts", code="missing_required_parameter", path="texts")
        return ()
    texts: list[str] = []
    for index, value in enumerate(listed):
        parts = list(fields.item(value, "inputs", index).each("content"))
        if (
            len(parts) == 1
            and parts[0].left.get("type") == "text"
            and parts[0].left.keys() == {"type", "text"}
        ):
            texts.append(parts[0].needed("text", parts[0].text))
    if len(texts) < len(listed):
        fields.left["inputs"] = listed
        return ()
    marks["~inputs"] = True
    return tuple(texts)


def encode_request(request: EmbedRequest, target: Target, source: str) -> Encoded:
    """The body for an upstream."""
    own = source == NAME
    if not request.input and not own:  # it had no texts, but pictures or texts with pictures
        raise refusal("dialects.texts_only", "input", code="unsupported_input")
    losses = [] if own else _losses(request)
    body: _Json = {"model": target.model}
    if spelling(request.extensions, NAME, "inputs"):
        body["inputs"] = [{"content": [{"type": "text", "text": text}]} for text in request.input]
    elif request.input or not own or spelling(request.extensions, NAME, "texts"):
        body["texts"] = list(request.input)
    if not own:
        body["input_type"] = _USUAL
        body["embedding_types"] = [request.encoding]
    elif spelling(request.extensions, NAME, "types") is not None:
        body["embedding_types"] = spelling(request.extensions, NAME, "types")
    if request.dimensions is not None:
        body["output_dimension"] = request.dimensions
    return Encoded(encode({**body, **fields_of(request.extensions, NAME)}), tuple(losses))


def _losses(request: EmbedRequest) -> list[Loss]:
    """Raises `Refused` for token lists, which only the maker of their vocabulary can read."""
    for index, item in enumerate(request.input):
        if not isinstance(item, str):
            path = f"input[{index}]"
            raise refusal("dialects.tokens", path, code="unsupported_value")
    losses = list(foreign_losses(request.extensions, NAME, ""))
    detail = "the target asks whether a text is a query or a document: it is taken for a document"
    losses.append(Loss("embed.input_type", "input", "degraded", detail))
    if request.user is not None:
        losses.append(Loss("user", "user", "cosmetic", "the target does not know of users"))
    return losses


_RANKS = {"float": 0, "base64": 1}


def decode_response(body: bytes) -> EmbedResponse:
    """Raises `Refused` if the body holds no vectors."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    fields = Fields(value, strict=False)
    found = fields.any("embeddings")
    if type(found) is dict and found:
        types = {name: vectors for name, vectors in found.items() if vectors is not None}
        kind = min(types, key=lambda name: _RANKS.get(name, 2), default="")
        vectors = types.get(kind)
        fields.left.update({f"embeddings.{name}": value for name, value in found.items() if name != kind})
    else:
        kind, vectors = "list", found
    if type(vectors) is not list:
        raise not_an_answer("dialects.upstream.missing", path="embeddings")
    data = tuple(Embedding(index, _vector(item)) for index, item in enumerate(vectors))
    meta = fields.object("meta")
    said = {name: fields.any(name) for name in ("id", "texts", "response_type") if name in fields}
    marks = {"~meta": meta, "~said": said, "~type": kind}
    return EmbedResponse("", data, usage_of(meta), extras(NAME, {**fields.left, **marks}))


def _vector(value: Any) -> tuple[float, ...] | str:
    if type(value) is str:
        return value
    if type(value) is list and all(type(number) in {float, int} for number in value):
        return tuple(value)
    raise not_an_answer("dialects.upstream.missing", path="embeddings")


def usage_of(meta: Any) -> Usage:
    """What is charged: texts by their tokens, images by theirs."""
    billed = meta.get("billed_units") if type(meta) is dict else None
    if type(billed) is not dict:
        return UNREPORTED
    return Usage(input=_count(billed, "input_tokens"), image_in=_count(billed, "image_tokens"))


def _count(billed: Mapping[str, Any], name: str) -> int:
    value = billed.get(name)
    return int(value) if isinstance(value, int | float) and value > 0 else 0


def encode_response(response: EmbedResponse, source: str, asked: EmbedRequest | None) -> Encoded:
    """The body for a client."""
    losses = [] if source == NAME else list(foreign_losses(response.extensions, NAME, ""))
    kind = spelling(response.extensions, NAME, "type")
    if kind is None:
        kind = "base64" if response.data and isinstance(response.data[0].vector, str) else "float"
    ordered = [item.vector for item in sorted(response.data, key=lambda item: item.index)]
    rest = fields_of(response.extensions, NAME)
    types = {
        name[len("embeddings.") :]: rest.pop(name) for name in list(rest) if name.startswith("embeddings.")
    }
    body: _Json = {"embeddings": ordered if kind == "list" else {kind: ordered, **types}}
    said = spelling(response.extensions, NAME, "said")
    if said is None:
        said = {"id": new_id(), "response_type": "embeddings_by_type", "texts": _texts(asked)}
    meta = spelling(response.extensions, NAME, "meta")
    if meta is None and source != NAME:
        meta = {"api_version": {"version": "2"}}
        if response.usage.reported:
            meta["billed_units"] = {"input_tokens": response.usage.input_total}
    return Encoded(
        encode({**said, **body, **({} if meta is None else {"meta": meta}), **rest}), tuple(losses)
    )


def _texts(asked: EmbedRequest | None) -> list[str]:
    return [item for item in asked.input if isinstance(item, str)] if asked is not None else []
