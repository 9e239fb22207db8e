"""A canonical request to this dialect's JSON, for one target."""

from typing import Any

from counterpoint.canonical import ChatRequest, Message, Text
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import fields_of, spelling
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_responses.adapting import adapt_request
from counterpoint.dialects.openai_responses.item_encoding import encode_messages
from counterpoint.dialects.openai_responses.names import (
    INCLUDE,
    INPUT,
    NAME,
    PLACE,
    REASONING,
    STREAM,
    TEXT,
    TOOLS,
)
from counterpoint.dialects.openai_responses.settings import encode_reasoning, encode_text
from counterpoint.dialects.openai_responses.tools import encode_tool_choice, encode_tools

Json = dict[str, Any]

_PLAIN = {
    "max_output": "max_output_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "top_logprobs": "top_logprobs",
    "parallel_tool_calls": "parallel_tool_calls",
    "user": "user",
    "service_tier": "service_tier",
    "metadata": "metadata",
}
"""The hub's fields by their names here."""


def encode_request(request: ChatRequest, target: Target, source: str) -> Encoded:
    """The body for `target`, and what it could not express of what came in `source`."""
    losing = Losing(request, source, NAME)
    if source != NAME:
        request = adapt_request(request, target, losing)
    body = request_body(request, target)
    for name in sorted(target.quirks):
        field = name.removeprefix("no_")
        if field != name and body.pop(field, None) is not None:
            losing.lose(f"field.{field}", field, "degraded", "the host refuses this field")
    return Encoded(encode(body), tuple(losing.losses))


def request_body(request: ChatRequest, target: Target) -> Json:
    """The JSON of a request that holds nothing strange to this dialect."""
    body: Json = {}
    if target.model:
        body["model"] = target.model
    body.update(_encode_input(request))
    if request.tools or spelling(request.extensions, NAME, TOOLS):
        body["tools"] = encode_tools(request.tools)
    if request.tool_choice is not None:
        body["tool_choice"] = encode_tool_choice(request.tool_choice)
    for name, field in _PLAIN.items():
        value = getattr(request, name)
        if value is not None:
            body[field] = value
    include = spelling(request.extensions, NAME, INCLUDE)
    if include is not None:
        body[INCLUDE] = include
    rest = fields_of(request.extensions, NAME)
    text, rest = encode_text(request.output, rest, spelling(request.extensions, NAME, TEXT))
    if text is not None:
        body[TEXT] = text
    reasoning = encode_reasoning(request.reasoning, spelling(request.extensions, NAME, REASONING))
    if reasoning is not None:
        body[REASONING] = reasoning
    if request.stream or spelling(request.extensions, NAME, STREAM) is False:
        body["stream"] = request.stream
    return {**body, **{name: value for name, value in rest.items() if name not in body}}


def _encode_input(request: ChatRequest) -> Json:
    body: Json = {}
    messages = list(request.messages)
    if messages and spelling(messages[0].extensions, NAME, PLACE):
        body["instructions"] = _text_of(messages.pop(0))
    how = spelling(request.extensions, NAME, INPUT)
    if how == "string" and len(messages) == 1:
        body[INPUT] = _text_of(messages[0])
    elif messages or how != "absent":
        body[INPUT] = encode_messages(messages)
    return body


def _text_of(message: Message) -> str:
    return "".join(part.text for part in message.parts if isinstance(part, Text))
