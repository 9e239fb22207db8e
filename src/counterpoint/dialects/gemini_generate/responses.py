"""Whole answers: this dialect's JSON to canonical and back."""

from typing import Any

import msgspec

from counterpoint.canonical import ChatResponse, Choice, Finish, Part, Text, ToolCall
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.ids import new_id
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.gemini_generate.answers import adapted_answer
from counterpoint.dialects.gemini_generate.calls import Calls
from counterpoint.dialects.gemini_generate.camel import camel
from counterpoint.dialects.gemini_generate.errors import failure_of
from counterpoint.dialects.gemini_generate.finishing import BLOCKED, decode_finish, encode_finish, reason_in
from counterpoint.dialects.gemini_generate.grounding import citations_of
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.objects import put_back, rest, spelled
from counterpoint.dialects.gemini_generate.parts import decode_part, encode_parts
from counterpoint.dialects.gemini_generate.usage import decode_usage, encode_usage
from counterpoint.dialects.jsonio import Fields, encode, not_an_answer, parse

_TIERS = {"standard": "default"}


def read_answer(body: bytes) -> dict[str, Any]:
    """The JSON of an answer. Raises `Refused`, with the failure it reports if it is an error after all."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    answer: dict[str, Any] = camel(value) if type(value) is dict else {}
    if "error" in answer:
        raise Refused(failure_of(value, None))
    if "candidates" not in answer and "promptFeedback" not in answer and "usageMetadata" not in answer:
        raise not_an_answer("dialects.upstream.not_answer", reason="no candidates")
    return answer


def decode_response(body: bytes) -> ChatResponse:
    """An answer of `generateContent`. Raises `Refused` if it is none."""
    try:
        return _decode_response(Fields(read_answer(body), strict=False))
    except RecursionError as error:
        raise not_an_answer("dialects.upstream.not_answer", reason="nested too deeply") from error


def _decode_response(fields: Fields) -> ChatResponse:
    written = fields.left.get("candidates")
    usage = fields.object("usageMetadata")
    choices = tuple(_decode_candidate(item, place) for place, item in enumerate(fields.each("candidates")))
    blocked = not choices and "promptFeedback" in fields
    if blocked:
        choices = (Choice(0, (), Finish("content_filter", BLOCKED)),)
    return ChatResponse(
        fields.text("responseId") or "",
        fields.text("modelVersion") or "",
        choices,
        decode_usage(usage),
        service_tier=tier_of(usage),
        extensions=rest(fields, usage=usage, candidates="absent" if written is None else None),
    )


def tier_of(usage: Any) -> str | None:
    """The tier that served the answer; the usual one is called `default` in the hub."""
    tier = usage.get("serviceTier") if type(usage) is dict else None
    return _TIERS.get(tier.lower(), tier.lower()) if type(tier) is str else None


def _decode_candidate(fields: Fields, place: int) -> Choice:
    content = fields.inner("content")
    parts: tuple[Part, ...] = ()
    role = None
    if content is not None:
        calls = Calls()
        role = content.text("role")
        listed = content.left.get("parts")
        parts = tuple(decode_part(item, calls) for item in content.each("parts"))
        if listed is None or content.left:
            fields.left["content"] = content.left
    index = fields.integer("index")
    reason = fields.any("finishReason")
    finish = decode_finish(reason_in(reason), called=any(isinstance(part, ToolCall) for part in parts))
    parts = cited(parts, fields.left.get("groundingMetadata"))
    return Choice(
        place if index is None else index,
        parts,
        finish,
        extensions=rest(
            fields,
            index="absent" if index is None else None,
            reason=None if type(reason) is str else reason,
            role="absent" if role is None and content is not None else None,
            content="absent" if content is None else "empty" if not parts else None,
        ),
    )


def cited(parts: tuple[Part, ...], metadata: Any) -> tuple[Part, ...]:
    """`parts`, the texts with their citations."""
    if metadata is None:
        return parts
    places = [place for place, part in enumerate(parts) if isinstance(part, Text)]
    texts = [part.text for part in parts if isinstance(part, Text)]
    found: dict[int, list[Any]] = {}
    for index, citation in citations_of(metadata, texts):
        found.setdefault(places[index], []).append(citation)
    return tuple(
        msgspec.structs.replace(part, citations=tuple(found[place]))
        if isinstance(part, Text) and place in found
        else part
        for place, part in enumerate(parts)
    )


def encode_response(response: ChatResponse, source: str) -> Encoded:
    """`response` for a client of this dialect."""
    own = source == NAME
    adapted, losses = (response, ()) if own else adapted_answer(response)
    return Encoded(encode(_body(adapted, own=own)), losses)


def _body(response: ChatResponse, *, own: bool) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if spelled(response.extensions, "candidates") is None:
        body["candidates"] = [_encode_candidate(choice, own=own) for choice in response.choices]
    usage = spelled(response.extensions, "usage")
    if usage is None and response.usage.reported:
        usage = encode_usage(response.usage)
    if usage is not None:
        body["usageMetadata"] = usage
    if response.model:
        body["modelVersion"] = response.model
    if response.id or not own:
        body["responseId"] = response.id or new_id()
    return {**body, **put_back(response.extensions)}


def _encode_candidate(choice: Choice, *, own: bool) -> dict[str, Any]:
    fields = put_back(choice.extensions)
    candidate: dict[str, Any] = {}
    how = spelled(choice.extensions, "content")
    if how != "absent":
        left = fields.pop("content", None)
        content: dict[str, Any] = (
            {} if left is not None and how == "empty" else {"parts": encode_parts(choice.parts, Calls())}
        )
        if spelled(choice.extensions, "role") is None:
            content["role"] = "model"
        candidate["content"] = {**content, **(left or {})}
    reason = spelled(choice.extensions, "reason") or encode_finish(choice.finish, own=own)
    if reason is not None:
        candidate["finishReason"] = reason
    if spelled(choice.extensions, "index") is None:
        candidate["index"] = choice.index
    return {**candidate, **fields}
