"""Requests of both calls: this API's JSON to canonical and back."""

from typing import Any

from counterpoint.canonical import ChatRequest, Image, Message, Part, Text
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import extras, fields_of
from counterpoint.dialects.jsonio import Fields, decode_object, encode, malformed, refusal
from counterpoint.dialects.ollama.adapting import adapted, adapted_prompt
from counterpoint.dialects.ollama.calls import Calls
from counterpoint.dialects.ollama.messages import decode_images, decode_message, encode_message
from counterpoint.dialects.ollama.names import FAMILY, GENERATE
from counterpoint.dialects.ollama.objects import blanks, put_back, rest, spelled
from counterpoint.dialects.ollama.settings import decode_settings, encode_settings
from counterpoint.dialects.ollama.tools import decode_tools, encode_tools

LOAD = "load"
"""A request with nothing to answer loads its model, or unloads it (https://docs.ollama.com/api/chat, "Load a model"):
a spelling, as it is a request to the machine alone."""
_OF_GENERATE = ("suffix", "template", "context", "raw")


def decode_chat(body: bytes) -> ChatRequest:
    """A request of `/api/chat`. Raises `Refused` with the JSON path at fault."""
    try:
        fields = Fields(decode_object(body))
        model = _model(fields)
        blank = blanks(fields, format="", tools=[])
        calls = Calls()
        messages = tuple(decode_message(item, calls) for item in fields.each("messages"))
        tools = decode_tools(fields)
        settings, spellings = decode_settings(fields)
    except RecursionError as error:
        raise malformed(error) from error
    if not messages:
        spellings[LOAD] = "absent" if "messages" not in fields.whole else True
    return ChatRequest(model, messages, tools, **settings, extensions=rest(fields, blank=blank, **spellings))


def _model(fields: Fields) -> str:
    model = fields.needed("model", fields.text)
    if not model:
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    return model


def decode_generate(body: bytes) -> ChatRequest:
    """A request of `/api/generate`: one prompt, perhaps a system prompt before it."""
    try:
        fields = Fields(decode_object(body))
        model = _model(fields)
        blank = blanks(
            fields, prompt="", system="", suffix="", template="", context=[], raw=False, images=[], format=""
        )
        system, prompt = fields.text("system"), fields.text("prompt")
        images = tuple(decode_images(fields))
        settings, spellings = decode_settings(fields)
    except RecursionError as error:
        raise malformed(error) from error
    messages: list[Message] = [Message("system", (Text(system),))] if system else []
    said: tuple[Part, ...] = (*([Text(prompt)] if prompt else ()), *images)
    if said:
        messages.append(Message("user", said))
    else:
        spellings[LOAD] = True
    own = {name: fields.any(name) for name in _OF_GENERATE if name in fields}
    kept = rest(fields, blank=blank, **spellings)
    return ChatRequest(model, tuple(messages), **settings, extensions={**kept, **extras(GENERATE, own)})


def encode_chat(request: ChatRequest, target: Target, source: str) -> Encoded:
    """`request` for `/api/chat` of `target`, with the losses that only the way through the hub brings about."""
    try:
        request, losses = adapted(request, target, source)
        body: dict[str, Any] = {"model": target.model or request.model}
        left = put_back(request.extensions)
        calls = Calls()
        if spelled(request.extensions, LOAD) != "absent" and "messages" not in left:
            body["messages"] = [
                said for message in request.messages for said in encode_message(message, calls)
            ]
        if request.tools:
            body["tools"] = encode_tools(request.tools)
        body.update(encode_settings(request, left))
        return Encoded(encode({**body, **_blank(request, source), **left}), losses)
    except RecursionError as error:
        raise malformed(error) from error


def encode_generate(request: ChatRequest, target: Target, source: str) -> Encoded:
    """`request` for `/api/generate` of `target`."""
    try:
        request, losses = adapted_prompt(request, target, source)
        body: dict[str, Any] = {"model": target.model or request.model}
        left = {**put_back(request.extensions), **fields_of(request.extensions, GENERATE)}
        for message in request.messages:
            words = "".join([part.text for part in message.parts if isinstance(part, Text)])
            images = [part.source.value for part in message.parts if isinstance(part, Image)]
            if message.role == "system":
                body["system"] = words
            elif words or not images:
                body["prompt"] = words
            if images:
                body["images"] = images
        body.update(encode_settings(request, left))
        return Encoded(encode({**body, **_blank(request, source), **left}), losses)
    except RecursionError as error:
        raise malformed(error) from error


def _blank(request: ChatRequest, source: str) -> dict[str, Any]:
    return dict(spelled(request.extensions, "blank") or {}) if source in FAMILY else {}
