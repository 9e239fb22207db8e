"""Whole answers: this dialect's JSON to canonical and back."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from counterpoint.canonical import ChatResponse, Choice, Loss, Opaque, Part, Reasoning, Text, ToolCall
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.cohere_chat.adapting import adapted_answer
from counterpoint.dialects.cohere_chat.citations import decode_citation, encode_citation, is_of_text
from counterpoint.dialects.cohere_chat.names import NAME, PLAN, UNPLACED, put_back, rest, spelled
from counterpoint.dialects.cohere_chat.parts import (
    decode_call,
    decode_content,
    encode_call,
    encode_content,
    encode_part,
)
from counterpoint.dialects.cohere_chat.usage import decode_finish, decode_usage, encode_finish, encode_usage
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, encode, not_an_answer, parse

_Json = dict[str, Any]
MESSAGE = "message."
"""Before the name of a message's field where only its choice has extensions."""


def read_answer(body: bytes) -> _Json:
    """The object of a whole answer. Raises `Refused` if the body is none."""
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    if type(value) is not dict:
        raise not_an_answer("dialects.upstream.not_json")
    if type(value.get("message")) is not dict:
        raise not_an_answer("dialects.upstream.missing", path="message")
    return value


def decode_response(body: bytes) -> ChatResponse:
    """Raises `Refused` if the body is not an answer."""
    fields = Fields(read_answer(body), strict=False)
    answer_id = fields.text("id") or ""
    message = fields.needed("message", fields.inner)
    parts, unplaced, how = decode_answer(message, answer_id)
    usage = fields.object("usage")
    finish = decode_finish(fields.text("finish_reason"))
    kept: _Json = {f"{MESSAGE}{name}": value for name, value in message.left.items()}
    kept.update({f"~{MESSAGE}{name}": value for name, value in how.items()})
    if unplaced:
        kept[UNPLACED] = unplaced
    if "logprobs" in fields:
        kept["logprobs"] = fields.any("logprobs")
    choice = Choice(0, parts, finish, extensions=extras(NAME, kept))
    return ChatResponse(
        answer_id,
        choices=(choice,),
        usage=decode_usage(usage),
        extensions=rest(fields, usage=usage),
    )


def decode_answer(message: Fields, stem: str) -> tuple[tuple[Part, ...], list[Any], _Json]:
    """The parts of what the assistant says, the citations that belong to none of its texts, and by the names of its
    fields how they were written where that was not the usual way."""
    if message.left.get("role") == "assistant":
        message.any("role")
    parts: list[Part] = []
    plan = message.text("tool_plan")
    if plan:
        parts.append(plan_of(plan))
    content, written = decode_content(message)
    how = _empty(message) | ({"tool_plan": ""} if plan == "" else {})
    if written is not None and written != "absent":
        how["content"] = written
    first = len(parts)
    parts.extend(content)
    for number, call in enumerate(message.array("tool_calls") or ()):
        parts.append(_call(message.item(call, "tool_calls", number), f"call_{stem}_{number}"))
    unplaced: list[Any] = []
    for value in message.array("citations") or ():
        place = first + _index(value, content)
        if type(value) is dict and is_of_text(value) and place < len(parts):
            text = parts[place]
            if isinstance(text, Text):
                cited = (*text.citations, decode_citation(value))
                parts[place] = msgspec.structs.replace(text, citations=cited)
                continue
        unplaced.append(value)
    return tuple(parts), unplaced, how


def _empty(message: Fields) -> _Json:
    """Lists that were written although nothing is in them."""
    names = ("content", "tool_calls", "citations")
    return {name: [] for name in names if message.whole.get(name) == []}


def _call(fields: Fields, made_id: str) -> Part:
    try:
        return decode_call(fields, made_id)
    except Refused:
        return Opaque(NAME, "tool_call", fields.whole)


def plan_of(text: str) -> Reasoning:
    """What the model wrote into `tool_plan`: a thought, shown before its calls."""
    return Reasoning(text, extensions=extras(NAME, {"~" + PLAN: True}))


def _index(value: Any, content: tuple[Part, ...]) -> int:
    """Which content a citation is of; older models do not say, and write one text."""
    index = value.get("content_index") if type(value) is dict else None
    if type(index) is int and index >= 0:
        return index
    return next((place for place, part in enumerate(content) if isinstance(part, Text)), 0)


def encode_response(response: ChatResponse, source: str) -> Encoded:
    """The body for a client. `source`: the dialect that the answer came in."""
    own = source == NAME
    losses: tuple[Loss, ...] = ()
    if not own:
        response, losses = adapted_answer(response)
    choice = response.choices[0] if response.choices else Choice()
    usage = spelled(response.extensions, "usage")
    if usage is None and response.usage.reported:
        usage = encode_usage(response.usage)
    kept = put_back(choice.extensions)
    body: _Json = {
        "id": response.id,
        "finish_reason": encode_finish(choice.finish, own=own),
        "message": {"role": "assistant", **_message(choice, kept)},
    }
    if usage is not None:
        body["usage"] = usage
    if "logprobs" in kept:
        body["logprobs"] = kept["logprobs"]
    return Encoded(encode({**body, **put_back(response.extensions)}), losses)


def _message(choice: Choice, kept: _Json) -> _Json:
    how = {
        name: value
        for name in ("content", "tool_plan", "tool_calls", "citations")
        if (value := spelled(choice.extensions, MESSAGE + name)) is not None
    }
    more = {name[len(MESSAGE) :]: value for name, value in kept.items() if name.startswith(MESSAGE)}
    return {**encode_answer(choice.parts, kept.get(UNPLACED, []), how), **more}


def encode_answer(parts: Sequence[Part], unplaced: Sequence[Any], how: Mapping[str, Any]) -> _Json:
    """What the assistant says. `how`: as `decode_answer` has it."""
    message: _Json = {}
    content: list[Any] = []
    calls: list[Any] = []
    citations: list[Any] = []
    for part in parts:
        match part:
            case Reasoning() if spelled(part.extensions, PLAN):
                message["tool_plan"] = message.get("tool_plan", "") + part.text
            case ToolCall():
                calls.append(encode_call(part))
            case Opaque(kind="tool_call"):
                calls.append(dict(part.value))
            case _:
                if isinstance(part, Text):
                    found = (encode_citation(item, part.text, len(content)) for item in part.citations)
                    citations += [citation for citation in found if citation is not None]
                encoded = encode_part(part)
                if encoded is not None:
                    content.append(encoded)
    citations += unplaced
    for name, values in (("content", content), ("tool_calls", calls), ("citations", citations)):
        if values or how.get(name) == []:
            message[name] = values
    if how.get("content") in ("string", "null"):
        message["content"] = encode_content(parts, how["content"])
    if "tool_plan" in how:
        message.setdefault("tool_plan", "")
    return message
