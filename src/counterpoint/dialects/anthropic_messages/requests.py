"""Requests: this dialect's JSON to canonical and back.

The system prompt is the first canonical message. Encoding here assumes that the request can be said in this
dialect; `adapting` makes it so, and says at what price, for requests that came in another.
"""

from typing import Any

from counterpoint.canonical import ChatRequest, Message, OutputFormat, ReasoningSettings
from counterpoint.dialects.anthropic_messages.adapting import adapted
from counterpoint.dialects.anthropic_messages.content import decode_content, encode_content
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.objects import Taken, put_back, spelled
from counterpoint.dialects.anthropic_messages.settings import (
    at_top_level,
    decode_output,
    decode_reasoning,
    encode_format,
    encode_thinking,
)
from counterpoint.dialects.anthropic_messages.tools import (
    decode_tool_choice,
    decode_tools,
    encode_tool_choice,
    encode_tools,
)
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.jsonio import decode_object, encode, malformed, refusal

_ROLES = ("user", "assistant", "system")


def decode_request(body: bytes) -> ChatRequest:
    """A request to the Messages API, or to count its tokens (which has no `max_tokens`)."""
    try:
        return _decode_request(Taken(decode_object(body)))
    except RecursionError as error:  # JSON that could be read, but blocks in blocks in blocks
        raise malformed(error) from error


def _decode_request(taken: Taken) -> ChatRequest:
    model = taken.needed("model", taken.text)
    messages = _decode_system(taken.any("system")) + _decode_messages(taken)
    tools = taken.array("tools")
    stop = taken.texts("stop_sequences")
    stream = taken.boolean("stream")
    choice, parallel = decode_tool_choice(taken.inner("tool_choice"))
    empty_config = taken.left.get("output_config") == {}
    config = taken.inner("output_config")
    thinking = taken.inner("thinking")
    output = decode_output(taken, config)
    reasoning = decode_reasoning(thinking, config.text("effort") if config else None)
    if config is not None:
        taken.rest_of("output_config", config)
    return ChatRequest(
        model,
        messages,
        decode_tools(tools or (), "tools"),
        choice,
        parallel,
        output,
        reasoning,
        max_output=taken.integer("max_tokens"),
        temperature=taken.number("temperature"),
        top_p=taken.number("top_p"),
        top_k=taken.integer("top_k"),
        stop=stop or (),
        stream=stream is True,
        include_usage=stream is True,
        user=_decode_user(taken),
        service_tier=taken.text("service_tier"),
        extensions=taken.rest(
            stream=False if stream is False else None,
            tools=[] if tools == [] else None,
            stop_sequences=[] if stop == () else None,
            output_config={} if empty_config else None,
        ),
    )


def _decode_system(value: Any) -> tuple[Message, ...]:
    if value is None:
        return ()
    parts, how = decode_content(value, "system")
    return (Message("system", parts, extensions=_spelled_content(how)),)


def _spelled_content(how: str | None, **more: str) -> dict[str, dict[str, Any]]:
    spellings = {"~content": how, **{f"~{name}": value for name, value in more.items()}}
    kept = {name: value for name, value in spellings.items() if value is not None}
    return {NAME: kept} if kept else {}


def _decode_messages(taken: Taken) -> tuple[Message, ...]:
    values = taken.needed("messages", taken.array)
    return tuple(_decode_message(value, f"messages[{index}]") for index, value in enumerate(values))


def _decode_message(value: Any, path: str) -> Message:
    taken = Taken(value, path)
    role: Any = taken.needed("role", taken.text)
    if role not in _ROLES:
        at = taken.at("role")
        raise refusal("dialects.field.value", at, path=at, wanted=", ".join(_ROLES), found=role)
    content = taken.needed("content", taken.any)
    parts, how = decode_content(content, taken.at("content"))
    place = "messages" if role == "system" else None
    return Message(role, parts, extensions=taken.rest(content=how, place=place))


def _decode_user(taken: Taken) -> str | None:
    metadata = taken.inner("metadata")
    if metadata is None:
        return None
    user = metadata.text("user_id")
    if metadata.rest():
        taken.rest_of("metadata", metadata)
    elif user is None:
        taken.left["metadata"] = {}
    return user


def encode_request(request: ChatRequest, target: Target, source: str) -> Encoded:
    """`request` for `target`, with the losses that only the way through the hub brings about."""
    try:
        request, losses = adapted(request, target, source)
        return Encoded(encode(_body(request, target.model)), losses)
    except RecursionError as error:
        raise malformed(error) from error


def _body(request: ChatRequest, model: str) -> dict[str, Any]:
    body = put_back(request.extensions)
    messages = list(request.messages)
    body["model"] = model
    if messages and messages[0].role == "system" and not spelled(messages[0].extensions, "place"):
        system = messages.pop(0)
        body["system"] = encode_content(system.parts, spelled(system.extensions, "content"))
    body["messages"] = [_encode_message(message) for message in messages]
    body.update(_sampling(request))
    if request.stream or spelled(request.extensions, "stream") is False:
        body["stream"] = request.stream
    if request.tools or spelled(request.extensions, "tools") is not None:
        body["tools"] = encode_tools(request.tools)
    choice = encode_tool_choice(request.tool_choice, request.parallel_tool_calls)
    if choice is not None:
        body["tool_choice"] = choice
    if request.user is not None:
        body["metadata"] = {**(body.get("metadata") or {}), "user_id": request.user}
    _encode_settings(body, request)
    return body


def _encode_message(message: Message) -> dict[str, Any]:
    content = encode_content(message.parts, spelled(message.extensions, "content"))
    return {**put_back(message.extensions), "role": message.role, "content": content}


def _sampling(request: ChatRequest) -> dict[str, Any]:
    known = {
        "max_tokens": request.max_output,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "top_k": request.top_k,
        "service_tier": request.service_tier,
        "stop_sequences": list(request.stop) or spelled(request.extensions, "stop_sequences"),
    }
    return {name: value for name, value in known.items() if value is not None}


def _encode_settings(body: dict[str, Any], request: ChatRequest) -> None:
    """`thinking`, `output_config` and `output_format`."""
    config = dict(body.get("output_config") or {})
    reasoning = request.reasoning or ReasoningSettings()
    thinking = encode_thinking(reasoning)
    if thinking is not None:
        body["thinking"] = thinking
    if reasoning.effort is not None:
        config["effort"] = reasoning.effort
    output = request.output
    if isinstance(output, OutputFormat) and output.kind == "json_schema":
        if at_top_level(output):
            body["output_format"] = encode_format(output)
        else:
            config["format"] = encode_format(output)
    if config or spelled(request.extensions, "output_config") is not None:
        body["output_config"] = config
