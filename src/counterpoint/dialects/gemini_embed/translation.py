"""Texts in and vectors out, to canonical and back.

A text is a `Content` of one part. What is not (a picture, several parts, requests with settings of their own each)
stays as it was written, for hosts of this API alone.
"""

import base64
import binascii
import struct
from typing import Any, NamedTuple

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Loss, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import extras, fields_of, foreign_losses, spelling
from counterpoint.dialects.gemini_embed.names import BATCH, OWN, Method
from counterpoint.dialects.gemini_generate.camel import camel
from counterpoint.dialects.gemini_generate.errors import failure_of
from counterpoint.dialects.gemini_generate.requests import renamed
from counterpoint.dialects.gemini_generate.usage import decode_usage
from counterpoint.dialects.jsonio import (
    Fields,
    decode_object,
    encode,
    malformed,
    not_an_answer,
    parse,
    refusal,
)

_Json = dict[str, Any]
_NAME = BATCH.name
"""Under this name both methods keep what only they understand."""


_AROUND = "batch."
"""Begins the names of what stood beside the list of requests."""


class _Item(NamedTuple):
    """One text to embed, and how: `text` is `None` where it is more than a text."""

    model: str
    text: str | None
    dimensions: int | None
    settings: _Json


def decode_request(body: bytes) -> EmbedRequest:
    """Either method's request. Raises `Refused` with the JSON path at fault."""
    try:
        fields = Fields(camel(decode_object(body)))
    except RecursionError as error:
        raise malformed(error) from error
    if "requests" not in fields:
        raw, items = [dict(fields.left)], [_decode_item(fields)]
        kept: _Json = {"~one": True}
    else:
        raw = fields.left["requests"]
        items = [_decode_item(item) for item in fields.each("requests")]
        kept = {f"{_AROUND}{name}": value for name, value in fields.left.items()}
    if not items:
        raise refusal("dialects.field.empty", "requests", code="invalid_value", path="requests")
    first = items[0]
    texts = tuple(item.text for item in items if item.text is not None)
    plain = len(texts) == len(items)
    if plain and all(item[2:] == first[2:] for item in items):
        return EmbedRequest(
            first.model, texts, first.dimensions, extensions=extras(_NAME, {**kept, **first.settings})
        )
    return EmbedRequest(
        first.model, texts if plain else (), extensions=extras(_NAME, {**kept, "requests": raw})
    )


def _decode_item(fields: Fields) -> _Item:
    named, dimensions = fields.text("model"), fields.integer("outputDimensionality")
    before, found, model = (named or "").rpartition("models/")
    content = fields.needed("content", fields.inner)
    role, parts = content.text("role"), list(content.each("parts"))
    marks: _Json = {"~role": role} if role is not None else {}
    if named is not None:
        marks["~named"] = before + found
    if len(parts) != 1 or content.left or parts[0].left.keys() != {"text"}:
        return _Item(model, None, dimensions, {})
    return _Item(model, parts[0].needed("text", parts[0].text), dimensions, {**fields.left, **marks})


def encode_request(request: EmbedRequest, target: Target, source: str, method: Method) -> Encoded:
    """The body for an upstream. Raises `Refused` for token lists, and for many texts where one is taken."""
    own = source in OWN
    losses = [] if own else _losses(request)
    kept = fields_of(request.extensions, _NAME)
    around = {name[len(_AROUND) :]: kept.pop(name) for name in tuple(kept) if name.startswith(_AROUND)}
    listed = kept.pop("requests", None)
    if listed is None:
        items = [_encode_item(text, request, kept, target, method, own=own) for text in request.input]
    else:
        items = [_renamed(item, target.model) for item in listed]
    if method.many and not (own and spelling(request.extensions, _NAME, "one")):
        return Encoded(encode({"requests": items, **around}), tuple(losses))
    if len(items) != 1:
        raise refusal("dialects.one_input", "input", code="unsupported_value")
    return Encoded(encode(items[0]), tuple(losses))


def _losses(request: EmbedRequest) -> list[Loss]:
    for index, item in enumerate(request.input):
        if not isinstance(item, str):
            raise refusal("dialects.tokens", f"input[{index}]", code="unsupported_value")
    losses = list(foreign_losses(request.extensions, _NAME, ""))
    if request.user is not None:
        losses.append(Loss("user", "user", "cosmetic", "the target does not know of users"))
    return losses


def _encode_item(
    text: str | tuple[int, ...],
    request: EmbedRequest,
    kept: _Json,
    target: Target,
    method: Method,
    *,
    own: bool,
) -> _Json:
    role, named = (spelling(request.extensions, _NAME, name) for name in ("role", "named"))
    if named is None and method.many and not own:
        named = "models/"
    item: _Json = {} if named is None else {"model": named + target.model}
    item["content"] = {"parts": [{"text": text}], **({} if role is None else {"role": role})}
    if request.dimensions is not None:
        item["outputDimensionality"] = request.dimensions
    return {**item, **kept}


def _renamed(item: Any, model: str) -> Any:
    if type(item) is not dict or type(item.get("model")) is not str:
        return item
    return {**item, "model": renamed(item["model"], model)}


def rewritten(body: bytes, target: Target) -> bytes:
    """`body` for a host of the same dialect: where it names the model, the target's; every other value is kept."""
    value = decode_object(body)
    changed = _renamed(value, target.model)
    if type(value.get("requests")) is list:
        changed = {**changed, "requests": [_renamed(item, target.model) for item in value["requests"]]}
    return body if changed == value else encode(changed)


def _answer(body: bytes) -> Fields:
    """Raises `Refused`, with the failure that it reports if it is an error after all."""
    try:
        value = camel(parse(body))
    except (ValueError, RecursionError) as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    if type(value) is dict and "error" in value:
        raise Refused(failure_of(value, None))
    fields = Fields(value, strict=False)
    if "embeddings" not in fields and "embedding" not in fields:
        raise not_an_answer("dialects.upstream.missing", path="embeddings")
    return fields


def read_usage(body: bytes) -> Usage:
    """What a relayed answer says was used."""
    return _usage(_answer(body).object("usageMetadata"))


def _usage(raw: _Json | None) -> Usage:
    """The batch method spells the list of modalities otherwise than the rest of the API."""
    if raw is None:
        return UNREPORTED
    return decode_usage({"promptTokensDetails": raw.get("promptTokenDetails"), **raw})


def decode_response(body: bytes) -> EmbedResponse:
    """An answer of either method. Raises `Refused` if it holds no vectors."""
    fields = _answer(body)
    one = fields.inner("embedding")
    items = [one] if one is not None else list(fields.each("embeddings"))
    data = tuple(_decode_vector(item, place) for place, item in enumerate(items))
    usage = fields.object("usageMetadata")
    kept: _Json = {**fields.left, **({} if usage is None else {"~usage": usage})}
    if one is not None:
        kept["~one"] = True
    if any(item.left for item in items):
        kept["~about"] = [item.left for item in items]
    return EmbedResponse("", data, _usage(usage), extras(_NAME, kept))


def _decode_vector(fields: Fields, place: int) -> Embedding:
    values = fields.needed("values", fields.array)
    if not all(type(number) in {float, int} for number in values):
        raise not_an_answer("dialects.upstream.missing", path=fields.at("values"))
    return Embedding(place, tuple(values))


def encode_response(response: EmbedResponse, source: str, method: Method) -> Encoded:
    """The body for a client."""
    losses = [] if source in OWN else list(foreign_losses(response.extensions, _NAME, ""))
    about = spelling(response.extensions, _NAME, "about") or [{}] * len(response.data)
    vectors = [
        {"values": _floats(item.vector), **more} for item, more in zip(response.data, about, strict=True)
    ]
    one = spelling(response.extensions, _NAME, "one") or not method.many
    body: _Json = {"embedding": vectors[0]} if one and len(vectors) == 1 else {"embeddings": vectors}
    usage = spelling(response.extensions, _NAME, "usage")
    if usage is not None:
        body["usageMetadata"] = usage
    elif response.usage.reported:
        body["usageMetadata"] = {"promptTokenCount": response.usage.input_total}
    return Encoded(encode({**body, **fields_of(response.extensions, _NAME)}), tuple(losses))


def _floats(vector: tuple[float, ...] | str) -> list[float]:
    """Hosts of other dialects may have written a vector as base64 of little-endian float32."""
    if not isinstance(vector, str):
        return list(vector)
    try:
        raw = base64.b64decode(vector, validate=True)
        return list(struct.unpack(f"<{len(raw) // 4}f", raw))
    except (binascii.Error, ValueError, struct.error) as error:
        raise not_an_answer("dialects.upstream.missing", path="values") from error
