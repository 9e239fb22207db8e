"""A client's request to canonical."""

from typing import Any, Literal

from counterpoint.canonical import (
    ChatRequest,
    OpaqueTool,
    OutputFormat,
    ReasoningSettings,
    Tool,
    ToolChoice,
)
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import Fields, decode_object, refusal, wrong_type
from counterpoint.dialects.openai_chat.messages import decode_messages
from counterpoint.dialects.openai_chat.names import (
    LEGACY,
    MAX_OUTPUT,
    MODE,
    MODEL,
    NAME,
    STOP,
    STREAM,
    STREAM_OPTIONS,
    TOOLS,
    TYPE,
)
from counterpoint.dialects.openai_chat.parts import nested

Spellings = dict[str, Any]


def decode_request(body: bytes) -> ChatRequest:
    """Raises `Refused` with the JSON path at fault. A field without a word in the hub stays an extension."""
    return decode_fields(Fields(decode_object(body)))


def decode_fields(fields: Fields) -> ChatRequest:
    """The request in an object that has been read already."""
    marks: Spellings = {}
    model = fields.text("model")
    if model == "":
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    if model is None:
        marks[MODEL] = "absent"  # some hosts have the model in their URL
    messages = decode_messages(fields.needed("messages", fields.array))
    tools = _decode_tools(fields, marks)
    stream = fields.boolean("stream")
    if stream is False:
        marks[STREAM] = False
    return ChatRequest(
        model=model or "",
        messages=messages,
        tools=tools,
        tool_choice=_decode_tool_choice(fields),
        parallel_tool_calls=fields.boolean("parallel_tool_calls"),
        output=_decode_output(fields),
        reasoning=_decode_reasoning(fields),
        max_output=_decode_max_output(fields, marks),
        temperature=fields.number("temperature"),
        top_p=fields.number("top_p"),
        top_k=fields.integer("top_k"),
        frequency_penalty=fields.number("frequency_penalty"),
        presence_penalty=fields.number("presence_penalty"),
        stop=_decode_stop(fields, marks),
        seed=fields.integer("seed"),
        n=fields.integer("n"),
        logprobs=_decode_logprobs(fields),
        top_logprobs=fields.integer("top_logprobs"),
        stream=bool(stream),
        include_usage=_decode_include_usage(fields, marks),
        user=fields.text("user"),
        service_tier=fields.text("service_tier"),
        metadata=fields.object("metadata"),
        extensions=extras(NAME, fields.left | {"~" + name: value for name, value in marks.items()}),
    )


def _decode_max_output(fields: Fields, marks: Spellings) -> int | None:
    limit = fields.integer("max_completion_tokens")
    if limit is None:
        limit = fields.integer("max_tokens")
        if limit is not None:
            marks[MAX_OUTPUT] = "max_tokens"
    return limit


def _decode_stop(fields: Fields, marks: Spellings) -> tuple[str, ...]:
    value = fields.left.get("stop")
    if isinstance(value, str):
        marks[STOP] = "string"
        return (fields.any("stop"),)
    if value is not None and not isinstance(value, list):
        raise wrong_type("stop", "string_or_array", value)
    if value == []:
        marks[STOP] = "empty"
    return fields.texts("stop") or ()


def _decode_include_usage(fields: Fields, marks: Spellings) -> bool:
    options = fields.object("stream_options")
    if options is None:
        return False
    if options != {"include_usage": True}:
        marks[STREAM_OPTIONS] = options
    others = {name: value for name, value in options.items() if name != "include_usage"}
    if others:
        fields.left[STREAM_OPTIONS] = others  # so that another dialect declares them lost
    return bool(Fields(options, "stream_options").boolean("include_usage"))


def _decode_logprobs(fields: Fields) -> bool | None:
    """A boolean; an integer (as Together takes it) stays an extension."""
    return None if type(fields.left.get("logprobs")) is int else fields.boolean("logprobs")


def _decode_tools(fields: Fields, marks: Spellings) -> tuple[Tool | OpaqueTool, ...]:
    listed = fields.array("tools")
    if listed == []:
        marks[TOOLS] = "empty"
    tools = [_decode_tool(fields.item(item, "tools", index)) for index, item in enumerate(listed or ())]
    if fields.left.get("functions") != []:
        tools += [_tool(function, {"~" + LEGACY: True}) for function in fields.each("functions")]
    return tuple(tools)


def _decode_tool(fields: Fields) -> Tool | OpaqueTool:
    spelled: Spellings = {}
    if "type" not in fields and "function" in fields:
        spelled["~" + TYPE] = "absent"
        kind = "function"
    else:
        kind = fields.needed("type", fields.text)
    if kind == "function":
        inner = fields.needed("function", fields.inner)
        return _tool(inner, spelled, outer=fields)
    if kind == "custom":
        inner = fields.needed("custom", fields.inner)
        return Tool(
            inner.needed("name", inner.text),
            inner.text("description"),
            kind="custom",
            extensions=extras(NAME, nested(fields, "custom", inner)),
        )
    return OpaqueTool(NAME, kind, fields.whole)


def _tool(inner: Fields, spelled: Spellings, outer: Fields | None = None) -> Tool:
    name, description = inner.needed("name", inner.text), inner.text("description")
    parameters, strict = inner.object("parameters"), inner.boolean("strict")
    left = inner.left if outer is None else nested(outer, "function", inner)
    return Tool(name, description, parameters, strict, extensions=extras(NAME, {**left, **spelled}))


_MODES = {"auto": "auto", "none": "none", "required": "required", "any": "required"}


def _decode_tool_choice(fields: Fields) -> ToolChoice | None:
    """`tool_choice`, or the legacy `function_call`. What the hub has no word for stays an extension."""
    value = fields.left.get("tool_choice")
    if isinstance(value, str):
        return _decode_mode(fields, "tool_choice", {MODE: value} if value == "any" else {})
    if isinstance(value, dict):
        return _decode_named_choice(fields, value)
    if value is not None:
        raise wrong_type("tool_choice", "string_or_object", value)
    legacy = fields.left.get("function_call")
    if isinstance(legacy, str):
        return _decode_mode(fields, "function_call", {LEGACY: True})
    inner = fields.inner("function_call")
    if inner is None:
        return None
    name = inner.needed("name", inner.text)
    return ToolChoice("tool", name, extras(NAME, {**inner.left, "~" + LEGACY: True}))


def _decode_mode(fields: Fields, field: str, marks: Spellings) -> ToolChoice | None:
    mode = _MODES.get(fields.left[field])
    if mode is None:
        return None
    del fields.left[field]
    spelled = {"~" + name: value for name, value in marks.items()}
    return ToolChoice(mode, extensions=extras(NAME, spelled))  # type: ignore[arg-type] # one of _MODES


def _decode_named_choice(fields: Fields, value: dict[str, Any]) -> ToolChoice | None:
    choice = Fields(value, "tool_choice")
    kind = choice.text("type")
    if kind == "allowed_tools" and isinstance(value.get(kind), dict):
        mode = "required" if value[kind].get("mode") == "required" else "auto"
        del fields.left["tool_choice"]
        return ToolChoice(mode, extensions=extras(NAME, {kind: value[kind]}))  # type: ignore[arg-type]
    if kind not in {"function", "custom"}:
        return None
    inner = choice.needed(kind, choice.inner)
    name = inner.needed("name", inner.text)
    del fields.left["tool_choice"]
    spelled = {"~" + TYPE: kind} if kind == "custom" else {}
    return ToolChoice("tool", name, extras(NAME, {**nested(choice, kind, inner), **spelled}))


def _decode_output(fields: Fields) -> OutputFormat | None:
    value = fields.object("response_format")
    if value is None:
        return None
    form = Fields(value, "response_format")
    kind = form.text("type")
    match kind:
        case "text":
            return OutputFormat("text", extensions=extras(NAME, form.left))
        case "json_object":
            return OutputFormat("json", extensions=extras(NAME, form.left))
        case "json_schema":
            inner = form.needed("json_schema", form.inner)
            return OutputFormat(
                "json_schema",
                inner.object("schema"),
                inner.text("name"),
                inner.text("description"),
                inner.boolean("strict"),
                extras(NAME, nested(form, "json_schema", inner)),
            )
        case _:
            fields.left["response_format"] = value  # a host's own form (a grammar, a pattern)
            return None


_THINKING: dict[str, Literal["off", "on", "adaptive"]] = {
    "enabled": "on",
    "disabled": "off",
    "adaptive": "adaptive",
}


def _decode_reasoning(fields: Fields) -> ReasoningSettings | None:
    """`reasoning_effort`, or the words of hosts: `reasoning` (OpenRouter), `thinking` (Z.AI, DeepSeek),
    `enable_thinking` (Qwen). If there are several, the first counts and the others stay extensions."""
    effort = fields.text("reasoning_effort")
    if effort is not None:
        return ReasoningSettings(mode="off" if effort == "none" else None, effort=effort)
    if isinstance(fields.left.get("reasoning"), dict):
        return _decode_reasoning_object(fields, fields.any("reasoning"))
    thinking = fields.left.get("thinking")
    thinking = thinking if isinstance(thinking, dict) else {}
    mode = _THINKING.get(str(thinking.get("type")))
    if mode is not None:
        budget = thinking.get("budget_tokens")
        return ReasoningSettings(
            mode=mode,
            budget=budget if type(budget) is int else None,
            extensions=extras(NAME, {"~thinking": fields.any("thinking")}),
        )
    if type(fields.left.get("enable_thinking")) is bool:
        enabled = fields.any("enable_thinking")
        spelled = extras(NAME, {"~enable_thinking": enabled})
        return ReasoningSettings(mode="on" if enabled else "off", extensions=spelled)
    return None


def _decode_reasoning_object(fields: Fields, value: dict[str, Any]) -> ReasoningSettings:
    said = Fields(value, "reasoning", strict=False)
    effort, enabled = said.text("effort"), said.boolean("enabled")
    off = enabled is False or effort == "none"
    return ReasoningSettings(
        mode="off" if off else ("on" if enabled else None),
        effort=effort,
        budget=said.integer("max_tokens"),
        display="omitted" if said.boolean("exclude") else None,
        extensions=extras(NAME, {"~reasoning": value}),
    )
