"""Requests: this dialect's JSON to canonical and back.

The model and whether to stream stand in the address, not in the body (https://ai.google.dev/api/generate-content), so
a decoded request has neither; whoever read the address puts them in.
"""

import re
from typing import Any

from counterpoint.canonical import ChatRequest, Message, Part
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.gemini_generate.adapting import adapted
from counterpoint.dialects.gemini_generate.calls import Calls
from counterpoint.dialects.gemini_generate.camel import camel
from counterpoint.dialects.gemini_generate.objects import put_back, rest, spelled
from counterpoint.dialects.gemini_generate.parts import decode_part, encode_parts
from counterpoint.dialects.gemini_generate.settings import CONFIG, decode_settings, encode_settings
from counterpoint.dialects.gemini_generate.tools import (
    decode_choice,
    decode_tools,
    encode_choice,
    encode_tools,
)
from counterpoint.dialects.jsonio import Fields, decode_object, encode, malformed, refusal

_ROLES: dict[str, Any] = {"user": "user", "model": "assistant", "function": "tool"}
COUNTED = "generateContentRequest"
"""In a request to count tokens, the request that is meant."""
_BEFORE = "models/"
_SNAKE_COUNTED = "generate_content_request"


def decode_request(body: bytes) -> ChatRequest:
    """A request to generate, or to count its tokens. Raises `Refused` with the JSON path at fault."""
    try:
        value = camel(decode_object(body))
        inner = value.get(COUNTED)
        if type(inner) is dict:
            around = {name: item for name, item in value.items() if name != COUNTED}
            return _decode_request(Fields(inner, COUNTED), around)
        return _decode_request(Fields(value))
    except RecursionError as error:
        raise malformed(error) from error


def _decode_request(fields: Fields, around: dict[str, Any] | None = None) -> ChatRequest:
    calls = Calls()
    named = fields.text("model")
    messages = _decode_system(fields, calls) + _decode_contents(fields, calls)
    tools, written = decode_tools(fields)
    choice = decode_choice(fields)
    empty: Any = {} if fields.left.get(CONFIG) == {} else None
    settings, spoken = decode_settings(fields)
    return ChatRequest(
        (named or "").rpartition(_BEFORE)[2],
        messages,
        tools,
        choice,
        **settings,
        extensions=rest(fields, tools=written, config=empty, modalities=spoken, model=named, around=around),
    )


def _decode_system(fields: Fields, calls: Calls) -> tuple[Message, ...]:
    if type(fields.left.get("systemInstruction")) is str:
        fields.left["systemInstruction"] = {"parts": [{"text": fields.left["systemInstruction"]}]}
    system = fields.inner("systemInstruction")
    if system is None:
        return ()
    role = system.text("role")
    return (Message("system", _decode_parts(system, calls), extensions=rest(system, role=role)),)


def _decode_contents(fields: Fields, calls: Calls) -> tuple[Message, ...]:
    if type(fields.left.get("contents")) is dict:  # protocol buffers' JSON takes one for a list of one
        fields.left["contents"] = [fields.left["contents"]]
    values = fields.needed("contents", fields.array)
    return tuple(
        _decode_content(fields.item(value, "contents", index), calls) for index, value in enumerate(values)
    )


def _decode_content(fields: Fields, calls: Calls) -> Message:
    role = fields.text("role")
    if role is not None and role not in _ROLES:
        at = fields.at("role")
        raise refusal("dialects.field.value", at, path=at, wanted="user, model", found=role)
    parts = _decode_parts(fields, calls)
    return Message(
        _ROLES[role or "user"],
        parts,
        extensions=rest(fields, role="absent" if role is None else None),
    )


def _decode_parts(fields: Fields, calls: Calls) -> tuple[Part, ...]:
    return tuple(decode_part(item, calls) for item in fields.each("parts"))


def encode_request(request: ChatRequest, target: Target, source: str) -> Encoded:
    """`request` for `target`, with the losses that only the way through the hub brings about."""
    try:
        request, losses = adapted(request, target, source)
        body, named = body_of(request), spelled(request.extensions, "model")
        if named is not None:
            body["model"] = renamed(named, target.model)
        around = spelled(request.extensions, "around")
        return Encoded(encode(body if around is None else {**around, COUNTED: body}), losses)
    except RecursionError as error:
        raise malformed(error) from error


def body_of(request: ChatRequest) -> dict[str, Any]:
    """The JSON of a request that this dialect can say."""
    left = put_back(request.extensions)
    calls = Calls()
    messages = list(request.messages)
    body: dict[str, Any] = {}
    if messages and messages[0].role == "system":
        system = messages.pop(0)
        body["systemInstruction"] = {
            "parts": encode_parts(system.parts, calls),
            **_role_of(system),
            **put_back(system.extensions),
        }
    body["contents"] = [_encode_content(message, calls) for message in messages]
    if request.tools or spelled(request.extensions, "tools") is not None:
        body["tools"] = spelled(request.extensions, "tools") or encode_tools(request.tools)
    choice = encode_choice(request.tool_choice, left.pop("toolConfig", None) or {})
    if choice:
        body["toolConfig"] = choice
    settings = encode_settings(request, left)
    if settings or spelled(request.extensions, "config") is not None:
        body[CONFIG] = settings
    return {**body, **left}


def _role_of(system: Message) -> dict[str, Any]:
    """The role that a system instruction was written with; it means nothing."""
    role = spelled(system.extensions, "role")
    return {} if role is None else {"role": role}


_WORDS = {"assistant": "model", "tool": "function"}


def _encode_content(message: Message, calls: Calls) -> dict[str, Any]:
    content: dict[str, Any] = {"parts": encode_parts(message.parts, calls), **put_back(message.extensions)}
    if spelled(message.extensions, "role") is None:
        content["role"] = _WORDS.get(message.role, "user")
    return content


def renamed(name: str, model: str) -> str:
    """The full name of `model` where `name` (`models/…`, `projects/…/models/…`) was written."""
    before, found, _ = name.rpartition(_BEFORE)
    return before + found + model


_NAMED = re.compile(rb'"model"\s*:')


def rewritten(body: bytes, target: Target) -> bytes:
    """`body` for a host of this dialect. The model stands in the address; few clients name it in the body too."""
    if _NAMED.search(body) is None:
        return body
    value = decode_object(body)
    changed = _rewritten(value, target.model)
    for key in (COUNTED, _SNAKE_COUNTED):
        if type(changed.get(key)) is dict:
            changed = {**changed, key: _rewritten(changed[key], target.model)}
    return body if changed == value else encode(changed)


def _rewritten(value: dict[str, Any], model: str) -> dict[str, Any]:
    named = value.get("model")
    return {**value, "model": renamed(named, model)} if type(named) is str else value
