"""Requests: this dialect's JSON to canonical and back.

The model and whether to stream stand in the address, not in the body
(https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html), so a decoded request has neither;
whoever read the address puts them in. A request to count tokens holds the request that is meant.
"""

from typing import Any

from counterpoint.canonical import ChatRequest, Message, Opaque
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.bedrock_converse.adapting import adapted
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.bedrock_converse.objects import put_back, rest, spelled
from counterpoint.dialects.bedrock_converse.parts import decode_blocks, encode_blocks
from counterpoint.dialects.bedrock_converse.settings import decode_settings, encode_settings
from counterpoint.dialects.bedrock_converse.tools import decode_tools, encode_tools
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, decode_object, encode, malformed, refusal

_ROLES: tuple[Any, ...] = ("user", "assistant")


def decode_request(body: bytes) -> ChatRequest:
    """A request to converse, or to count the tokens of one. Raises `Refused` with the JSON path at fault."""
    try:
        fields = Fields(decode_object(body))
        return _decode_counted(fields) if "input" in fields else decode_fields(fields)
    except RecursionError as error:
        raise malformed(error) from error


def _decode_counted(fields: Fields) -> ChatRequest:
    """https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html"""
    holder = fields.needed("input", fields.inner)
    if "invokeModel" in holder:
        held = Opaque(NAME, "invokeModel", fields.whole)
        return ChatRequest(
            "", (Message("user", (held,)),), extensions=extras(NAME, {"~counted": "invokeModel"})
        )
    return decode_fields(holder.needed("converse", holder.inner), counted="converse")


def decode_fields(fields: Fields, **spellings: Any) -> ChatRequest:
    """A request, its fields not yet taken."""
    messages = _decode_system(fields) + _decode_messages(fields)
    empty: Any = [] if fields.whole.get("system") == [] else None
    tools, choice, bare = decode_tools(fields)
    settings, written = decode_settings(fields)
    return ChatRequest(
        "",
        messages,
        tools,
        choice,
        **settings,
        extensions=rest(fields, system=empty, tools=bare, **written, **spellings),
    )


def _decode_system(fields: Fields) -> tuple[Message, ...]:
    parts = decode_blocks(fields.each("system"))
    return (Message("system", parts),) if parts else ()


def _decode_messages(fields: Fields) -> tuple[Message, ...]:
    written = fields.left.get("messages")
    if written is None:
        return ()  # a stored prompt may hold them
    return tuple(_decode_message(item) for item in fields.each("messages"))


def _decode_message(fields: Fields) -> Message:
    role: Any = fields.needed("role", fields.text)
    if role not in _ROLES:
        at = fields.at("role")
        raise refusal("dialects.field.value", at, path=at, wanted=", ".join(_ROLES), found=role)
    values = fields.needed("content", fields.array)
    parts = decode_blocks(fields.item(value, "content", index) for index, value in enumerate(values))
    return Message(role, parts, extensions=rest(fields))


def encode_request(request: ChatRequest, target: Target, source: str) -> Encoded:
    """`request` for `target`, with the losses that only the way through the hub brings about."""
    try:
        request, losses = adapted(request, target, source)
        return Encoded(encode(_counted(request)), losses)
    except RecursionError as error:
        raise malformed(error) from error


def _counted(request: ChatRequest) -> dict[str, Any]:
    how = spelled(request.extensions, "counted")
    if how == "invokeModel":
        part = request.messages[0].parts[0]
        return part.value if isinstance(part, Opaque) else {}
    return {"input": {"converse": body_of(request)}} if how == "converse" else body_of(request)


def body_of(request: ChatRequest) -> dict[str, Any]:
    """The JSON of a request that this dialect can say."""
    left = put_back(request.extensions)
    messages = list(request.messages)
    body: dict[str, Any] = {}
    if messages and messages[0].role == "system":
        body["system"] = encode_blocks(messages.pop(0).parts)
    elif spelled(request.extensions, "system") is not None:
        body["system"] = []
    if messages or "promptVariables" not in left:
        body["messages"] = [_encode_message(message) for message in messages]
    how = spelled(request.extensions, "tools")
    config = encode_tools(request.tools, request.tool_choice, how)
    kept = left.pop("toolConfig", None) or {}
    if config or kept or how is not None:
        body["toolConfig"] = {**config, **kept}
    return {**body, **encode_settings(request, left), **left}


def _encode_message(message: Message) -> dict[str, Any]:
    role = "assistant" if message.role == "assistant" else "user"
    return {"role": role, "content": encode_blocks(message.parts), **put_back(message.extensions)}
