"""Embedding requests and answers, to canonical and back."""

from typing import Any, Literal

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Loss, Usage
from counterpoint.canonical.ids import new_id
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import extras, fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import Fields, decode_object, encode, not_an_answer, refusal, wrong_type
from counterpoint.dialects.openai_chat.responses import answer_object
from counterpoint.dialects.openai_chat.usage import usage_body, usage_from
from counterpoint.dialects.openai_embeddings.names import OPENAI, Words

Json = dict[str, Any]
Inputs = tuple[str | tuple[int, ...], ...]


def decode_request(body: bytes, words: Words = OPENAI) -> EmbedRequest:
    """Raises `Refused` with the JSON path at fault."""
    fields = Fields(decode_object(body))
    marks: Json = {}
    model = fields.needed("model", fields.text)
    if not model:
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    inputs = _decode_input(fields, marks)
    encoding = _decode_encoding(fields, marks)
    return EmbedRequest(
        model=model,
        input=inputs,
        dimensions=fields.integer(words.dimensions),
        encoding=encoding,
        user=fields.text("user") if words.takes_user else None,
        extensions=extras(words.name, fields.left | marks),
    )


def _decode_encoding(fields: Fields, marks: Json) -> Literal["float", "base64"]:
    """One of the two official words; another one, of a host, stays an extension."""
    word = fields.text("encoding_format")
    if word == "base64":
        return "base64"
    if word == "float":
        marks["~encoding"] = word
    elif word is not None:
        fields.left["encoding_format"] = word
    return "float"


def _decode_input(fields: Fields, marks: Json) -> Inputs:
    """A string, a list of tokens, or a list of either."""
    value = fields.left.get("input")
    if value is None:
        raise refusal("dialects.field.missing", "input", code="missing_required_parameter", path="input")
    del fields.left["input"]
    if isinstance(value, str):
        marks["~input"] = "string"
        return (value,)
    if not isinstance(value, list):
        raise wrong_type("input", "string_or_array", value)
    if not value:
        raise refusal("dialects.field.empty", "input", code="invalid_value", path="input")
    if type(value[0]) is int:
        marks["~input"] = "tokens"
        return (_tokens(value, "input"),)
    return tuple(_one(item, f"input[{index}]") for index, item in enumerate(value))


def _one(item: Any, path: str) -> str | tuple[int, ...]:
    return item if isinstance(item, str) else _tokens(item, path)


def _tokens(value: Any, path: str) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise wrong_type(path, "string_or_array", value)
    for index, token in enumerate(value):
        if type(token) is not int:
            raise wrong_type(f"{path}[{index}]", "integer", token)
    return tuple(value)


def encode_request(request: EmbedRequest, target: Target, source: str, words: Words = OPENAI) -> Encoded:
    """The body for an upstream."""
    name = words.name
    if not request.input:  # it had no texts, but pictures or texts with pictures
        raise refusal("dialects.texts_only", "input", code="unsupported_input")
    losses = [] if source == name else list(foreign_losses(request.extensions, name, ""))
    how = spelling(request.extensions, name, "input")
    alone = how in {"string", "tokens"} and len(request.input) == 1
    body: Json = {"model": target.model} if target.model else {}
    body["input"] = request.input[0] if alone else list(request.input)
    if request.encoding != "float" or spelling(request.extensions, name, "encoding"):
        body["encoding_format"] = request.encoding
    if request.dimensions is not None:
        body[words.dimensions] = request.dimensions
    if request.user is not None and words.takes_user:
        body["user"] = request.user
    elif request.user is not None:
        losses.append(Loss("user", "user", "cosmetic", "the target does not know of users"))
    body.update(fields_of(request.extensions, name))
    return Encoded(encode(body), tuple(losses))


def decode_response(body: bytes, words: Words = OPENAI) -> EmbedResponse:
    """Raises `Refused` if the body is not a list of vectors."""
    fields = Fields(answer_object(body), strict=False)
    listed = fields.needed("data", fields.array)
    data = [_decode_vector(fields.item(item, "data", index), index) for index, item in enumerate(listed)]
    if fields.left.get("object") == "list":
        del fields.left["object"]
    usage = fields.object("usage")
    spelled = {} if usage is None else {"~usage": usage}
    return EmbedResponse(
        model=fields.text("model") or "",
        data=tuple(data),
        usage=counted(usage),
        extensions=extras(words.name, fields.left | spelled),
    )


def counted(usage: Any) -> Usage:
    """What it took; some hosts tell the total alone."""
    total = usage.get("total_tokens") if type(usage) is dict and "prompt_tokens" not in usage else None
    return Usage(input=total) if type(total) is int and total >= 0 else usage_from(usage)


def _decode_vector(fields: Fields, place: int) -> Embedding:
    index = fields.integer("index")
    value = fields.any("embedding")
    vector = value if isinstance(value, str) else _floats(value)
    if vector is None:
        raise not_an_answer("dialects.upstream.missing", path=fields.at("embedding"))
    return Embedding(place if index is None else index, vector)


def _floats(value: Any) -> tuple[float, ...] | None:
    if isinstance(value, list) and all(type(number) in {float, int} for number in value):
        return tuple(value)
    return None


def encode_response(response: EmbedResponse, source: str, words: Words = OPENAI) -> Encoded:
    """The body for a client."""
    losses = [] if source == words.name else list(foreign_losses(response.extensions, words.name, ""))
    body: Json = {
        "object": "list",
        "data": [
            {"object": "embedding", "index": item.index, "embedding": item.vector} for item in response.data
        ],
        "model": response.model,
    }
    usage = spelling(response.extensions, words.name, "usage")
    if usage is not None:
        body["usage"] = usage
    elif response.usage.reported:
        counts = usage_body(response.usage)
        body["usage"] = {name: counts[name] for name in ("prompt_tokens", "total_tokens")}
    rest = fields_of(response.extensions, words.name)
    if words.names_answers and source != words.name:
        body = {"id": new_id(), "usage": {}, **body}
    return Encoded(encode({**body, **rest}), tuple(losses))
