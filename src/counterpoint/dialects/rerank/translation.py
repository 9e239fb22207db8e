"""Requests and answers, to canonical and back. Either API's words are understood in both: hosts mix them."""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Loss, Ranked, RerankRequest, RerankResponse, Usage
from counterpoint.canonical.ids import new_id
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import extras, fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import (
    Fields,
    compact,
    decode_object,
    encode,
    not_an_answer,
    parse,
    refusal,
    wrong_type,
)
from counterpoint.dialects.rerank.words import LISTS, TOPS, Words

_Json = dict[str, Any]
_Document = str | Mapping[str, Any]


def decode_request(body: bytes, words: Words) -> RerankRequest:
    """Raises `Refused` with the JSON path at fault."""
    fields = Fields(decode_object(body))
    marks: _Json = {}
    model = fields.text("model")
    if model == "":
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    if model is None:
        marks["~model"] = "absent"
    documents = fields.needed("documents", fields.array)
    top = None
    for name in TOPS:
        if top is None and fields.left.get(name) is not None:
            top = fields.integer(name)
            if name != words.top:
                marks["~top"] = name
    return RerankRequest(
        model or "",
        fields.needed("query", fields.text),
        tuple(_decode_document(item, index) for index, item in enumerate(documents)),
        top,
        fields.boolean("return_documents"),
        extras(words.name, {**fields.left, **marks}),
    )


def _decode_document(value: Any, index: int) -> _Document:
    if type(value) not in {str, dict}:
        raise wrong_type(f"documents[{index}]", "string_or_object", value)
    document: _Document = value
    return document


def encode_request(request: RerankRequest, target: Target, source: str, words: Words) -> Encoded:
    """The body for an upstream."""
    own = source == words.name
    losses = [] if own else list(foreign_losses(request.extensions, words.name, ""))
    body: _Json = {"query": request.query}
    if target.model:
        body["model"] = target.model
    documents = enumerate(request.documents)
    body["documents"] = [
        item if own or isinstance(item, str) else _as_text(item, index, losses) for index, item in documents
    ]
    if request.top is not None:
        body[spelling(request.extensions, words.name, "top") or words.top] = request.top
    if request.documents_back is not None and (own or words.asks_back):
        body["return_documents"] = request.documents_back
    return Encoded(encode({**body, **fields_of(request.extensions, words.name)}), tuple(losses))


def _as_text(document: Mapping[str, Any], index: int, losses: list[Loss]) -> str:
    """A document of fields, for a host that takes texts: its only text, or all of it as JSON."""
    only = document.get("text")
    if isinstance(only, str) and len(document) == 1:
        return only
    detail = "the target takes texts: the document's fields are sent as JSON"
    losses.append(Loss("document.fields", f"documents[{index}]", "degraded", detail))
    return compact(document)


def decode_response(body: bytes, words: Words) -> RerankResponse:
    """Raises `Refused` if the body is no ranking."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    fields = Fields(value, strict=False)
    name = next((name for name in (words.results, *LISTS) if name in fields), words.results)
    listed = fields.needed(name, fields.array)
    results = tuple(
        _decode_result(fields.item(item, name, place), words) for place, item in enumerate(listed)
    )
    marks: _Json = {} if name == words.results else {"~list": name}
    counted = {field: fields.any(field) for field in ("meta", "usage") if field in fields}
    marks["~counted"] = counted
    if "object" in fields:
        marks["~object"] = fields.any("object")
    return RerankResponse(
        results,
        fields.text("id") or "",
        fields.text("model") or "",
        usage_of(counted.get("meta"), counted.get("usage")),
        extras(words.name, {**fields.left, **marks}),
    )


def _decode_result(fields: Fields, words: Words) -> Ranked:
    score = fields.needed("relevance_score", fields.number)
    index = fields.needed("index", fields.integer)
    return Ranked(index, score, fields.any("document"), extras(words.name, fields.left))


def usage_of(meta: Any, usage: Any) -> Usage:
    """Search units where the host counts them, else tokens."""
    billed = meta.get("billed_units") if type(meta) is dict else None
    units = _count(billed, "search_units")
    if units is not None:
        return Usage(search_units=units)
    tokens = _count(usage, "prompt_tokens", "total_tokens")
    if tokens is None and type(meta) is dict:
        tokens = _count(billed, "input_tokens")
    return UNREPORTED if tokens is None else Usage(input=tokens)


def _count(counts: Any, *names: str) -> int | None:
    for name in names if type(counts) is dict else ():
        value = counts.get(name)
        if type(value) in {int, float} and value >= 0:
            return int(value)
    return None


def encode_response(
    response: RerankResponse, source: str, asked: RerankRequest | None, words: Words
) -> Encoded:
    """The body for a client. Documents that he asked for and that the host does not repeat are his own."""
    own = source == words.name
    losses = [] if own else list(foreign_losses(response.extensions, words.name, ""))
    back = asked is not None and bool(asked.documents_back)
    results = [
        _encode_result(item, asked if back and not own else None, words, losses) for item in response.results
    ]
    body: _Json = {spelling(response.extensions, words.name, "list") or words.results: results}
    if words.results == "results" and (response.id or not own):
        body["id"] = response.id or new_id()
    if response.model or (words.results == "data" and asked is not None):
        body["model"] = response.model or (asked.model if asked is not None else "")
    counted = spelling(response.extensions, words.name, "counted")
    if own:
        kind = spelling(response.extensions, words.name, "object")
        body.update(counted or {})
        body.update({} if kind is None else {"object": kind})
    else:
        body.update(_counted(response.usage, words))
    return Encoded(encode({**body, **fields_of(response.extensions, words.name)}), tuple(losses))


def _encode_result(item: Ranked, asked: RerankRequest | None, words: Words, losses: list[Loss]) -> _Json:
    losses.extend(foreign_losses(item.extensions, words.name, f"results[{item.index}]"))
    body: _Json = {"index": item.index, "relevance_score": item.score}
    document = item.document
    if document is None and asked is not None and 0 <= item.index < len(asked.documents):
        document = asked.documents[item.index]
        if words.results == "results" and isinstance(document, str):
            document = {"text": document}
    if document is not None:
        body["document"] = document
    return {**body, **fields_of(item.extensions, words.name)}


def _counted(usage: Usage, words: Words) -> _Json:
    """What it took, where this API tells it."""
    if words.results == "data":
        return {"object": "list", "usage": {"total_tokens": usage.input_total}}
    meta: _Json = {"api_version": {"version": "2"}}
    if usage.search_units:
        meta["billed_units"] = {"search_units": usage.search_units}
    elif usage.reported:
        meta["billed_units"] = {"input_tokens": usage.input_total}
    return {"meta": meta}
