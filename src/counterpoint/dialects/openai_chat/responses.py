"""Whole answers, to canonical and back."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatResponse,
    Choice,
    Citation,
    Finish,
    Loss,
    Message,
    Opaque,
    Part,
    Reasoning,
    Text,
    ToolCall,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.answering import IN_ANSWERS
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.extensions import extras, fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import Fields, encode, not_an_answer, parse
from counterpoint.dialects.openai_chat.errors import failure_in
from counterpoint.dialects.openai_chat.finishing import finish_from, finish_reason, inferred_finish
from counterpoint.dialects.openai_chat.message_encoding import annotation_of, encode_assistant, with_rest
from counterpoint.dialects.openai_chat.messages import decode_assistant
from counterpoint.dialects.openai_chat.names import NAME, STOP_REASON, TOP_LEVEL, USAGE
from counterpoint.dialects.openai_chat.usage import usage_body, usage_from

Json = dict[str, Any]

_NOT_IN_IDS = re.compile(r"[^a-zA-Z0-9_-]")

MESSAGE = "message."
"""Before the name of a message's field where only its choice has extensions."""


def decode_response(body: bytes) -> ChatResponse:
    """Raises `Refused` with the failure that the body reports, or if it is not an answer at all."""
    value = answer_object(body)
    fields = Fields(value, strict=False)
    choices = fields.needed("choices", fields.array)
    sources = source_citations(fields.left)
    answer_id = fields.text("id") or ""
    decoded = [
        _decode_choice(fields.item(choice, "choices", place), place, answer_id, sources)
        for place, choice in enumerate(choices)
    ]
    usage = fields.object("usage")
    spelled = {} if usage is None else {"~" + USAGE: usage}
    if fields.left.get("object") == "chat.completion":
        del fields.left["object"]
    return ChatResponse(
        id=answer_id,
        model=fields.text("model") or "",
        choices=tuple(decoded),
        usage=usage_from(usage),
        created=fields.integer("created"),
        service_tier=fields.text("service_tier"),
        extensions=extras(NAME, fields.left | spelled),
    )


def answer_object(body: bytes) -> Json:
    """The object in an upstream's answer. Raises `Refused` for anything else and for a reported failure."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    failure = failure_in(value)
    if failure is not None:
        raise Refused(failure)
    if not isinstance(value, dict):
        raise not_an_answer("dialects.upstream.not_json")
    return value


def id_stem(answer_id: str, index: int) -> str:
    """What ids are made from for calls that a host gives none; every dialect takes these characters."""
    return f"call_{_NOT_IN_IDS.sub('', answer_id)[-24:]}_{index}"


def _decode_choice(fields: Fields, place: int, answer_id: str, sources: tuple[Citation, ...]) -> Choice:
    message = fields.inner("message")
    if message is None:
        message = Fields({"content": fields.any("text")}, fields.at("message"), strict=False)
    if message.left.get("role") == "assistant":
        del message.left["role"]
    parts, left = decode_assistant(message, id_stem(answer_id, place), make_ids=True)
    if place == 0 and sources:
        parts = with_sources(parts, sources)
    raw = fields.any("finish_reason")
    stop = fields.left.get(STOP_REASON)
    logprobs = fields.any("logprobs") if "logprobs" in fields else None
    index = fields.integer("index")
    rest = {**fields.left, **{_prefixed(name): value for name, value in left.items()}}
    if stop is not None:
        rest["~" + STOP_REASON] = rest.pop(STOP_REASON)
    called = any(isinstance(part, ToolCall) for part in parts)
    finish = finish_from(raw, stop) or _early_finish(fields) or inferred_finish(called=called)
    return Choice(place if index is None else index, parts, finish, logprobs, extras(NAME, rest))


def _early_finish(fields: Fields) -> Finish | None:
    """What OpenAI's first models with vision had in place of the finish reason."""
    details = fields.left.get("finish_details")
    finish = finish_from(details.get("type")) if isinstance(details, dict) else None
    return None if finish is None else Finish(finish.reason)


def _prefixed(name: str) -> str:
    """Spellings keep their `~` in front."""
    return f"~{MESSAGE}{name[1:]}" if name[:1] == "~" else MESSAGE + name


def source_citations(left: Mapping[str, Any]) -> tuple[Citation, ...]:
    """The sources that Perplexity lists for the answer as a whole; the lists themselves stay extensions."""
    urls = left.get("citations")
    if not isinstance(urls, list):
        return ()
    found = left.get("search_results")
    results = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    titles = {
        str(item.get("url")): item.get("title") for item in results if isinstance(item.get("title"), str)
    }
    return tuple(
        Citation(url=url, title=titles.get(url), extensions=extras(NAME, {"~" + TOP_LEVEL: True}))
        for url in urls
        if isinstance(url, str)
    )


def with_sources(parts: tuple[Part, ...], sources: tuple[Citation, ...]) -> tuple[Part, ...]:
    """`parts`, the last text with `sources` among its citations."""
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, Text):
            cited = msgspec.structs.replace(part, citations=part.citations + sources)
            return (*parts[:index], cited, *parts[index + 1 :])
    return parts


def encode_response(response: ChatResponse, source: str, created: int) -> Encoded:
    """The body for a client. `created`: the time now, for an answer that has none of its own."""
    own = source == NAME
    losses: list[Loss] = []
    if not own:
        losses.extend(foreign_losses(response.extensions, NAME, "", IN_ANSWERS))
    body: Json = {
        "id": response.id,
        "object": "chat.completion",
        "created": created if response.created is None else response.created,
        "model": response.model,
        "choices": [_encode_choice(choice, own, losses) for choice in response.choices],
    }
    usage = spelling(response.extensions, NAME, USAGE)
    if usage is not None:
        body["usage"] = usage
    elif response.usage.reported:
        body["usage"] = usage_body(response.usage)
    if response.service_tier is not None:
        body["service_tier"] = response.service_tier
    rest = fields_of(response.extensions, NAME)
    if "object" in rest:
        body["object"] = rest["object"]
    return Encoded(encode(with_rest(body, rest)), tuple(losses))


def _encode_choice(choice: Choice, own: bool, losses: list[Loss]) -> Json:
    path = f"choices[{choice.index}]"
    parts = choice.parts
    if not own:
        losses.extend(foreign_losses(choice.extensions, NAME, path, IN_ANSWERS))
        parts = _adapted(parts, path, losses)
    kept = choice.extensions.get(NAME, {})
    of_message = {
        name.replace(MESSAGE, "", 1): value
        for name, value in kept.items()
        if name.lstrip("~").startswith(MESSAGE)
    }
    of_choice = {
        name: value
        for name, value in fields_of(choice.extensions, NAME).items()
        if not name.startswith(MESSAGE)
    }
    message = encode_assistant(Message("assistant", parts, extensions=extras(NAME, of_message)))
    if not own:
        message.setdefault("refusal", None)
    stop = spelling(choice.extensions, NAME, STOP_REASON)
    body: Json = {
        "index": choice.index,
        "message": {"role": "assistant", **message},
        "finish_reason": finish_reason(choice.finish, own=own),
    }
    if choice.logprobs is not None or not own:
        body["logprobs"] = choice.logprobs
    if stop is not None:
        body[STOP_REASON] = stop
    return with_rest(body, of_choice)


def _adapted(parts: tuple[Part, ...], path: str, losses: list[Loss]) -> tuple[Part, ...]:
    """The parts that an answer in this dialect can hold, thinking without what only its maker can use."""
    kept: list[Part] = []
    texts: list[Text] = []
    for place, part in enumerate(parts):
        where = f"{path}.parts[{place}]"
        if not isinstance(part, Opaque):
            losses.extend(foreign_losses(part.extensions, NAME, where, IN_ANSWERS))
        match part:
            case Reasoning():
                if part.signature or part.encrypted:
                    detail = "thinking is shown without what lets its maker verify it"
                    losses.append(Loss("reasoning.signature", where, "degraded", detail))
                if part.text:
                    kept.append(Reasoning(part.text))
            case Text():
                losses.extend(_lost_citations(part, where))
                texts.append(part)
            case Opaque():
                detail = "a part that only its own dialect has a word for"
                losses.append(Loss(f"part.{part.kind}", where, "meaning", detail))
            case _:
                kept.append(part)
    return (*_joined(texts), *kept)


def _lost_citations(part: Text, path: str) -> list[Loss]:
    if all(annotation_of(citation) is not None for citation in part.citations):
        return []
    return [Loss("text.citations", path, "degraded", "the dialect cites URLs only")]


def _joined(texts: list[Text]) -> tuple[Text, ...]:
    """An answer's texts as one: here its content is one string. Citations move along with their text."""
    if not texts:
        return ()
    citations: list[Citation] = []
    length = 0
    for text in texts:
        citations.extend(_shifted(citation, length) for citation in text.citations)
        length += len(text.text)
    return (Text("".join(text.text for text in texts), tuple(citations)),)


def _shifted(citation: Citation, by: int) -> Citation:
    if not by or citation.document is not None or citation.start is None or citation.end is None:
        return citation
    return msgspec.structs.replace(citation, start=citation.start + by, end=citation.end + by)
