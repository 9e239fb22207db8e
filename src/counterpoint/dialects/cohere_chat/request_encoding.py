"""A canonical request to this dialect's JSON, for one target."""

from typing import Any

from counterpoint.canonical import (
    ChatRequest,
    Document,
    Message,
    OpaqueTool,
    OutputFormat,
    ReasoningSettings,
    Tool,
    ToolResult,
)
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.cohere_chat.adapting import adapted_request
from counterpoint.dialects.cohere_chat.names import NAME, PLACE, UNPLACED, put_back, spelled
from counterpoint.dialects.cohere_chat.parts import encode_content, encode_document
from counterpoint.dialects.cohere_chat.requests import COUNTS, NUMBERS
from counterpoint.dialects.cohere_chat.responses import encode_answer
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.losing import Losing

_Json = dict[str, Any]


def encode_request(request: ChatRequest, target: Target, source: str) -> Encoded:
    """The body for `target`, and what it could not express of what came in `source`."""
    losing = Losing(request, source, NAME)
    if source != NAME:
        request = adapted_request(request, target, losing)
    return Encoded(encode(_body(request, target)), tuple(losing.losses))


def _body(request: ChatRequest, target: Target) -> _Json:
    body: _Json = {"model": target.model, "messages": []}
    documents: list[Any] = []
    for message in request.messages:
        body["messages"].extend(_encode_message(message, documents))
    if documents:
        body["documents"] = documents
    if request.tools or spelled(request.extensions, "tools"):
        body["tools"] = [_encode_tool(tool) for tool in request.tools]
    body.update(_settings(request))
    return {**body, **put_back(request.extensions)}


def _settings(request: ChatRequest) -> _Json:
    body: _Json = {}
    strict = spelled(request.extensions, "strict_tools")
    if strict is not None:
        body["strict_tools"] = strict
    if request.tool_choice is not None and request.tool_choice.mode != "auto":
        body["tool_choice"] = "NONE" if request.tool_choice.mode == "none" else "REQUIRED"
    for name, field in {**NUMBERS, **COUNTS, "logprobs": "logprobs"}.items():
        value = getattr(request, name)
        if value is not None:
            body[field] = value
    if request.stop or spelled(request.extensions, "stop"):
        body["stop_sequences"] = list(request.stop)
    if request.output is not None:
        body["response_format"] = _encode_output(request.output)
    if request.reasoning is not None:
        body["thinking"] = _encode_thinking(request.reasoning)
    if request.stream:
        body["stream"] = True
    elif spelled(request.extensions, "stream") is False:
        body["stream"] = False
    return body


def _encode_message(message: Message, documents: list[Any]) -> list[_Json]:
    how = spelled(message.extensions, "content")
    more = put_back(message.extensions)
    if message.role == "assistant":
        unplaced = more.pop(UNPLACED, [])
        names = ("content", "tool_plan", "tool_calls", "citations")
        marks = {name: value for name in names if (value := spelled(message.extensions, name)) is not None}
        return [{"role": "assistant", **encode_answer(message.parts, unplaced, marks), **more}]
    encoded: list[_Json] = []
    said = []
    for part in message.parts:
        if isinstance(part, ToolResult):
            content = {} if how == "absent" else {"content": encode_content(part.parts, how)}
            encoded.append({"role": "tool", "tool_call_id": part.call_id, **content, **more})
        elif isinstance(part, Document) and spelled(part.extensions, PLACE):
            documents.append(encode_document(part))
        else:
            said.append(part)
    if said or not encoded:
        content = {} if how == "absent" else {"content": encode_content(said, how)}
        encoded.append({"role": "user" if message.role == "tool" else message.role, **content, **more})
    return encoded


def _encode_tool(tool: Tool | OpaqueTool) -> _Json:
    if isinstance(tool, OpaqueTool):
        return dict(tool.value)
    function: _Json = {"name": tool.name}
    if tool.description is not None:
        function["description"] = tool.description
    if tool.parameters is not None:
        function["parameters"] = tool.parameters
    function.update(spelled(tool.extensions, "function") or {})
    kind = {} if spelled(tool.extensions, "type") else {"type": "function"}
    return {**kind, "function": function, **put_back(tool.extensions)}


def _encode_output(output: OutputFormat) -> _Json:
    body: _Json = {"type": "text" if output.kind == "text" else "json_object"}
    if output.kind == "json_schema" and output.schema is not None:
        body[spelled(output.extensions, "name") or "json_schema"] = output.schema
    return {**body, **put_back(output.extensions)}


def _encode_thinking(settings: ReasoningSettings) -> _Json:
    body: _Json = {"type": "disabled" if settings.mode == "off" else "enabled"}
    if settings.budget is not None:
        body["token_budget"] = settings.budget
    return {**body, **put_back(settings.extensions)}
