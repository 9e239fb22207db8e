"""A client's request to canonical.

Documents that the request lists for all turns stand in the hub with the last thing the user said: there every other
dialect has them, and from there this one takes them back.
"""

from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    Message,
    OpaqueTool,
    OutputFormat,
    ReasoningSettings,
    Tool,
    ToolChoice,
    ToolResult,
)
from counterpoint.dialects.cohere_chat.names import NAME, PLACE, UNPLACED, rest
from counterpoint.dialects.cohere_chat.parts import decode_content, document_of
from counterpoint.dialects.cohere_chat.responses import decode_answer
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, decode_object, refusal

_Json = dict[str, Any]
NUMBERS = {
    "temperature": "temperature",
    "top_p": "p",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
}
COUNTS = {"max_output": "max_tokens", "top_k": "k", "seed": "seed"}
"""The hub's names to this dialect's."""


def decode_request(body: bytes) -> ChatRequest:
    """Raises `Refused` with the JSON path at fault. A field without a word in the hub stays an extension."""
    fields = Fields(decode_object(body))
    marks: _Json = {}
    model = fields.needed("model", fields.text)
    if not model:
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    fields.needed("messages", fields.left.get)
    messages = tuple(_decode_message(item) for item in fields.each("messages"))
    stream = fields.boolean("stream")
    marks["stream"] = False if stream is False else None
    stop = fields.texts("stop_sequences")
    marks["stop"] = "empty" if stop == () else None
    tools = _decode_tools(fields, marks)
    settings: _Json = {name: fields.number(field) for name, field in NUMBERS.items()}
    settings |= {name: fields.integer(field) for name, field in COUNTS.items()}
    return ChatRequest(
        model=model,
        messages=_with_documents(fields, messages),
        tools=tools,
        tool_choice=_decode_choice(fields),
        output=_decode_output(fields),
        reasoning=_decode_thinking(fields),
        stop=stop or (),
        logprobs=fields.boolean("logprobs"),
        stream=bool(stream),
        include_usage=bool(stream),
        extensions=rest(fields, **marks),
        **settings,
    )


_ROLES = "system, user, assistant, tool"


def _decode_message(fields: Fields) -> Message:
    role = fields.needed("role", fields.text)
    match role:
        case "assistant":
            parts, unplaced, how = decode_answer(fields, "")
            if unplaced:
                fields.left[UNPLACED] = unplaced
            return Message("assistant", parts, extensions=rest(fields, **how))
        case "tool":
            call_id = fields.needed("tool_call_id", fields.text)
            parts, written = decode_content(fields)
            return Message("tool", (ToolResult(call_id, parts),), extensions=rest(fields, content=written))
        case "system" | "user":
            parts, written = decode_content(fields)
            return Message(role, parts, extensions=rest(fields, content=written))
        case _:
            where = fields.at("role")
            raise refusal(
                "dialects.field.value", where, code="invalid_value", path=where, wanted=_ROLES, found=role
            )


def _with_documents(fields: Fields, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    last = next((at for at in range(len(messages) - 1, -1, -1) if messages[at].role == "user"), None)
    listed = fields.left.get("documents")
    if last is None or not listed or type(listed) is not list:
        return messages
    values = fields.any("documents")
    for index, value in enumerate(values):
        if type(value) is not str:
            fields.item(value, "documents", index)
    place = extras(NAME, {"~" + PLACE: True})
    documents = tuple(document_of(value, place, cite=True) for value in values)
    said = msgspec.structs.replace(messages[last], parts=documents + messages[last].parts)
    return (*messages[:last], said, *messages[last + 1 :])


def _decode_tools(fields: Fields, marks: _Json) -> tuple[Tool | OpaqueTool, ...]:
    strict = fields.boolean("strict_tools")
    marks["strict_tools"] = strict
    marks["tools"] = "empty" if fields.left.get("tools") == [] else None
    return tuple(_decode_tool(item, strict) for item in fields.each("tools"))


def _decode_tool(fields: Fields, strict: bool | None) -> Tool | OpaqueTool:
    kind = fields.text("type")
    if kind not in {None, "function"}:
        return OpaqueTool(NAME, kind or "", fields.whole)
    inner = fields.needed("function", fields.inner)
    return Tool(
        inner.needed("name", inner.text),
        inner.text("description"),
        inner.object("parameters"),
        strict,
        extensions=rest(fields, type=None if kind else "absent", function=inner.left or None),
    )


def _decode_choice(fields: Fields) -> ToolChoice | None:
    word = fields.text("tool_choice")
    match word:
        case "REQUIRED":
            return ToolChoice("required")
        case "NONE":
            return ToolChoice("none")
        case None:
            return None
    fields.left["tool_choice"] = word
    return None


def _decode_output(fields: Fields) -> OutputFormat | None:
    value = fields.object("response_format")
    if value is None:
        return None
    form = Fields(value, "response_format")
    kind = form.text("type")
    if kind == "text":
        return OutputFormat("text", extensions=rest(form))
    if kind != "json_object":
        fields.left["response_format"] = value
        return None
    name = next((name for name in ("json_schema", "schema") if type(form.left.get(name)) is dict), None)
    if name is None:
        return OutputFormat("json", extensions=rest(form))
    schema = form.object(name)
    return OutputFormat(
        "json_schema",
        schema,
        strict=True,
        extensions=rest(form, name=None if name == "json_schema" else name),
    )


def _decode_thinking(fields: Fields) -> ReasoningSettings | None:
    thinking = fields.inner("thinking")
    if thinking is None:
        return None
    kind = thinking.text("type")
    if kind not in {"enabled", "disabled"}:
        fields.left["thinking"] = thinking.whole
        return None
    return ReasoningSettings(
        "on" if kind == "enabled" else "off",
        budget=thinking.integer("token_budget"),
        extensions=rest(thinking),
    )
