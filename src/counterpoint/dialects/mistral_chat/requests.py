"""Requests, by the shared grammar: Mistral's words are changed into its on the way in and back on the way out."""

from collections.abc import Mapping
from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, Message, ToolResult
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.jsonio import Fields, decode_object, encode, refusal
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.mistral_chat.adapting import adapted_request
from counterpoint.dialects.mistral_chat.names import FILLING, NAME, ours, shared
from counterpoint.dialects.mistral_chat.pieces import adopted, aside, written
from counterpoint.dialects.openai_chat.quirks import MAX_TOKENS, NO_DEVELOPER_ROLE, NO_STREAM_OPTIONS
from counterpoint.dialects.openai_chat.request_encoding import request_body
from counterpoint.dialects.openai_chat.requests import decode_fields

_Json = dict[str, Any]
_QUIRKS = frozenset({MAX_TOKENS, NO_DEVELOPER_ROLE, NO_STREAM_OPTIONS})
_UNPREFIXED = "~unprefixed"
"""On a message: `prefix` was there, and false, which means nothing."""


def decode_request(body: bytes) -> ChatRequest:
    """Raises `Refused` with the JSON path at fault."""
    value = decode_object(body)
    value, filling = _chat_form(value)
    if "random_seed" in value and "seed" not in value:
        value = {**value, "seed": value["random_seed"]}
        Fields(value).integer("random_seed")
        del value["random_seed"]
    messages = value.get("messages")
    if type(messages) is list:
        value = {**value, "messages": [_set_aside(message) for message in messages]}
    request = ours(decode_fields(Fields(value)))
    adapted = tuple(_adopted(message) for message in request.messages)
    extensions = {**request.extensions, FILLING: filling} if filling else request.extensions
    return msgspec.structs.replace(
        request, messages=adapted, include_usage=request.stream, extensions=extensions
    )


def _chat_form(value: _Json) -> tuple[_Json, _Json]:
    """Fill-in-the-middle as a conversation: the prompt is what the user says, what follows the gap an extension."""
    if "messages" in value or "prompt" not in value:
        return value, {}
    fields = Fields(value)
    prompt, suffix = fields.needed("prompt", fields.text), fields.text("suffix")
    kept: _Json = {"~filling": True, "prompt": True}  # a chat answers a prompt, it does not go on with it
    kept |= {} if suffix is None else {"suffix": suffix}
    return {**fields.left, "messages": [{"role": "user", "content": prompt}]}, kept


def _set_aside(message: Any) -> Any:
    if type(message) is not dict:
        return message
    content = message.get("content")
    if type(content) is list:
        message = {**message, "content": [aside(piece) for piece in content]}
    if message.get("prefix") is False:
        message = {name: value for name, value in message.items() if name != "prefix"} | {_UNPREFIXED: True}
    return message


def _adopted(message: Message) -> Message:
    parts = tuple(
        ToolResult(part.call_id, tuple(map(adopted, part.parts)), part.is_error, part.extensions)
        if isinstance(part, ToolResult)
        else adopted(part)
        for part in message.parts
    )
    extensions = message.extensions
    held = extensions.get(NAME, {})
    if "~" + _UNPREFIXED in held:  # `Fields` doubles a caller's own tilde
        kept = {name: value for name, value in held.items() if name != "~" + _UNPREFIXED}
        extensions = {**extensions, NAME: {**kept, _UNPREFIXED: True}}
    return msgspec.structs.replace(message, parts=parts, extensions=extensions)


def encode_request(request: ChatRequest, target: Target, source: str, name: str = NAME) -> Encoded:
    """The body for `target`, and what it could not express of what came in `source`. `name`: which of the two."""
    losing = Losing(request, source, NAME)
    filling = request.extensions.get(FILLING, {})
    if name == FILLING and not filling:
        raise refusal("dialects.gaps_only", "messages", code="unsupported_value")
    if source != name:
        request = adapted_request(request, target, losing)
    request = msgspec.structs.replace(
        request, messages=tuple(_written(message) for message in request.messages)
    )
    body = request_body(shared(request), Target(target.model, quirks=target.quirks | _QUIRKS))
    if "seed" in body:
        body["random_seed"] = body.pop("seed")
    for message, said in zip(request.messages, body["messages"], strict=False):
        if _UNPREFIXED in message.extensions.get(NAME, {}):
            said["prefix"] = False
    if body.get("tool_choice") == "required" and source != name:
        body["tool_choice"] = "any"
    if name == FILLING:
        _fill(body, filling)
    return Encoded(encode(body), tuple(losing.losses))


def _fill(body: _Json, filling: Mapping[str, Any]) -> None:
    """The conversation as the prompt that it was."""
    messages = body.pop("messages")
    body["prompt"] = messages[0]["content"]
    if "suffix" in filling:
        body["suffix"] = filling["suffix"]


def _written(message: Message) -> Message:
    parts = tuple(written(part) for part in message.parts)
    return msgspec.structs.replace(message, parts=parts)
