"""A canonical request to this dialect's JSON, for one target."""

from typing import Any

from counterpoint.canonical import ChatRequest, OpaqueTool, OutputFormat, Tool, ToolChoice
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import fields_of, spelling, spoken_in
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_chat import quirks as quirk
from counterpoint.dialects.openai_chat.adapting import adapt_request
from counterpoint.dialects.openai_chat.message_encoding import encode_messages, with_rest
from counterpoint.dialects.openai_chat.names import (
    LEGACY,
    MAX_OUTPUT,
    MODE,
    NAME,
    STOP,
    STREAM,
    STREAM_OPTIONS,
    TOOLS,
    TYPE,
)
from counterpoint.dialects.openai_chat.parts import unnested
from counterpoint.dialects.openai_chat.watsonx import enveloped

Json = dict[str, Any]

_PLAIN = (
    "temperature",
    "top_p",
    "top_k",
    "frequency_penalty",
    "presence_penalty",
    "seed",
    "n",
    "logprobs",
    "top_logprobs",
    "parallel_tool_calls",
    "user",
    "service_tier",
    "metadata",
)
"""Fields that have the same name and meaning in the hub."""


def encode_request(request: ChatRequest, target: Target, source: str) -> Encoded:
    """The body for `target`, and what it could not express of what came in `source`."""
    source = spoken_in(request.extensions, source)
    losing = Losing(request, source, NAME)
    if source != NAME:
        request = adapt_request(request, target, losing)
    if request.output is not None and request.output.schema and quirk.NO_JSON_SCHEMA in target.quirks:
        losing.lose("output.schema", "output", "meaning", "the host knows no schemas for its output")
    body = request_body(request, target)
    _leave_out(body, target, losing)
    encoded = encode(body)
    return Encoded(enveloped(encoded) if quirk.MODEL_ID in target.quirks else encoded, tuple(losing.losses))


def request_body(request: ChatRequest, target: Target) -> Json:
    """The JSON of a request that holds nothing strange to this dialect."""
    body: Json = {}
    if target.model:  # a host whose URL names the model has none here
        body["model"] = target.model
    body["messages"] = encode_messages(request.messages, target.quirks)
    body.update(_encode_tools(request))
    if request.tool_choice is not None:
        body.update(_encode_tool_choice(request.tool_choice))
    for name in _PLAIN:
        value = getattr(request, name)
        if value is not None:
            body[name] = value
    if request.max_output is not None:
        body[_limit_field(request, target)] = request.max_output
    body.update(_encode_stop(request))
    if request.output is not None:
        body["response_format"] = _encode_output(request.output, target)
    if request.reasoning is not None:
        body.update(_encode_reasoning(request, target))
    body.update(_encode_stream(request, target))
    rest = fields_of(request.extensions, NAME)
    if quirk.NO_STREAM_OPTIONS in target.quirks:
        rest.pop(STREAM_OPTIONS, None)
    return with_rest(body, rest)


def _limit_field(request: ChatRequest, target: Target) -> str:
    if quirk.MAX_TOKENS in target.quirks:
        return "max_tokens"
    if quirk.MAX_COMPLETION_TOKENS in target.quirks:
        return "max_completion_tokens"
    return spelling(request.extensions, NAME, MAX_OUTPUT) or "max_completion_tokens"


def _encode_stop(request: ChatRequest) -> Json:
    how = spelling(request.extensions, NAME, STOP)
    if not request.stop:
        return {"stop": []} if how == "empty" else {}
    if how == "string" and len(request.stop) == 1:
        return {"stop": request.stop[0]}
    return {"stop": list(request.stop)}


def _encode_stream(request: ChatRequest, target: Target) -> Json:
    if not request.stream:
        body: Json = {"stream": False} if spelling(request.extensions, NAME, STREAM) is False else {}
    else:
        body = {"stream": True}
    options = spelling(request.extensions, NAME, STREAM_OPTIONS)
    if options is not None:
        body[STREAM_OPTIONS] = options
    if request.include_usage:
        body[STREAM_OPTIONS] = {**(options or {}), "include_usage": True}
    if quirk.NO_STREAM_OPTIONS in target.quirks:
        body.pop(STREAM_OPTIONS, None)
    return body


def _encode_tools(request: ChatRequest) -> Json:
    tools: list[Json] = []
    functions: list[Json] = []
    for tool in request.tools:
        if isinstance(tool, OpaqueTool):
            tools.append(dict(tool.value))
        elif spelling(tool.extensions, NAME, LEGACY):
            functions.append(with_rest(_function(tool), fields_of(tool.extensions, NAME)))
        else:
            tools.append(_encode_tool(tool))
    body: Json = {}
    if tools or spelling(request.extensions, NAME, TOOLS):
        body["tools"] = tools
    if functions:
        body["functions"] = functions
    return body


def _encode_tool(tool: Tool) -> Json:
    outer, inner = unnested(fields_of(tool.extensions, NAME), tool.kind)
    body: Json = {} if spelling(tool.extensions, NAME, TYPE) else {"type": tool.kind}
    body[tool.kind] = with_rest(_function(tool), inner)
    return with_rest(body, outer)


def _function(tool: Tool) -> Json:
    body: Json = {"name": tool.name}
    if tool.description is not None:
        body["description"] = tool.description
    if tool.parameters is not None:
        body["parameters"] = tool.parameters
    if tool.strict is not None:
        body["strict"] = tool.strict
    return body


def _encode_tool_choice(choice: ToolChoice) -> Json:
    rest = fields_of(choice.extensions, NAME)
    if spelling(choice.extensions, NAME, LEGACY):
        if choice.mode == "tool":
            return {"function_call": with_rest({"name": choice.name}, rest)}
        return {"function_call": choice.mode}
    if "allowed_tools" in rest:
        return {"tool_choice": {"type": "allowed_tools", **rest}}
    if choice.mode != "tool":
        return {"tool_choice": spelling(choice.extensions, NAME, MODE) or choice.mode}
    kind = spelling(choice.extensions, NAME, TYPE) or "function"
    outer, inner = unnested(rest, kind)
    return {"tool_choice": with_rest({"type": kind, kind: with_rest({"name": choice.name}, inner)}, outer)}


def _encode_output(output: OutputFormat, target: Target) -> Json:
    rest = fields_of(output.extensions, NAME)
    if output.kind != "json_schema" or quirk.NO_JSON_SCHEMA in target.quirks:
        return with_rest({"type": "text" if output.kind == "text" else "json_object"}, rest)
    outer, inner = unnested(rest, "json_schema")
    body: Json = {}
    if output.name is not None:
        body["name"] = output.name
    if output.description is not None:
        body["description"] = output.description
    if output.schema is not None:
        body["schema"] = output.schema
    if output.strict is not None:
        body["strict"] = output.strict
    return with_rest({"type": "json_schema", "json_schema": with_rest(body, inner)}, outer)


_HOST_WORDS = ("reasoning", "thinking", "enable_thinking")


def _encode_reasoning(request: ChatRequest, target: Target) -> Json:
    settings = request.reasoning
    if settings is None:
        return {}
    for word in _HOST_WORDS:
        said = spelling(settings.extensions, NAME, word)
        if said is not None:
            return {word: said}
    if quirk.REASONING_OBJECT in target.quirks and settings.budget is not None:
        return {"reasoning": {"max_tokens": settings.budget}}
    if settings.effort is None:
        return {}
    if quirk.REASONING_OBJECT in target.quirks:
        return {"reasoning": {"effort": settings.effort}}
    return {"reasoning_effort": settings.effort}


def _leave_out(body: Json, target: Target, losing: Losing) -> None:
    """Take out what the host refuses (`no_<field>`)."""
    for name in sorted(target.quirks):
        field = name.removeprefix("no_")
        if field != name and body.pop(field, None) is not None:
            losing.lose(f"field.{field}", field, "degraded", "the host refuses this field")
