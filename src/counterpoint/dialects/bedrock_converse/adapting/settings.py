"""Everything of another dialect's request but its messages, as this one wants it."""

from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    OpaqueTool,
    OutputFormat,
    ReasoningSettings,
    Tool,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.base import Target
from counterpoint.dialects.bedrock_converse.adapting.messages import with_mark
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.bedrock_converse.thinking import Maker, in_words_of, maker_of, shown_by
from counterpoint.dialects.bedrock_converse.tools import NO_SCHEMA
from counterpoint.dialects.losing import Losing

_NONE_OF = (
    ("n", "meaning", "the target gives one answer"),
    ("seed", "degraded", "the target samples without a seed"),
    ("top_logprobs", "meaning", "the target reports no probabilities"),
    ("user", "cosmetic", "the target is not told who asks"),
)
"""Settings that this dialect has no word for."""
_SHARES = {"minimal": 0.1, "low": 0.2, "medium": 0.5, "high": 0.8, "xhigh": 0.9, "max": 0.95}
"""Effort to the share of the output limit that thinking may take, where it has a budget."""
_LEAST_BUDGET = 1024
_TIERS = {
    "priority": "priority",
    "default": "default",
    "flex": "flex",
    "reserved": "reserved",
    "standard_only": "default",
}
_LABEL = 256
_MOST_LABELS = 16


def adapt_settings(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with settings that this dialect has for `target`."""
    maker = maker_of(target.model)
    losing.fields(request.extensions, "")
    _leave_out(request, losing)
    tools = _tools(request, losing)
    changes: dict[str, Any] = {
        "n": None,
        "seed": None,
        "logprobs": None,
        "top_logprobs": None,
        "frequency_penalty": None,
        "presence_penalty": None,
        "user": None,
        "stop": _stop(request, losing),
        "service_tier": _tier(request, losing),
        "metadata": _labels(request, losing),
        "output": _output(request.output, losing),
        "tools": tools,
        "top_k": _top_k(request, maker, losing),
        "reasoning": _reasoning(request, target.model, losing),
        "extensions": _placed(request, maker),
    }
    return _choice(msgspec.structs.replace(request, **changes), losing)


def _leave_out(request: ChatRequest, losing: Losing) -> None:
    for name, severity, detail in _NONE_OF:
        value = getattr(request, name)
        if value is not None and not (name == "n" and value == 1):
            losing.lose(name, name, severity, detail)  # type: ignore[arg-type]  # one of the severities
    if request.logprobs:
        losing.lose("logprobs", "logprobs", "meaning", "the target reports no probabilities")
    for name in ("frequency_penalty", "presence_penalty"):
        if getattr(request, name):
            losing.lose(name, name, "degraded", "the target has no penalties")


def _stop(request: ChatRequest, losing: Losing) -> tuple[str, ...]:
    for index, sequence in enumerate(request.stop):
        if not sequence:
            losing.lose("stop.blank", f"stop[{index}]", "degraded", "a stop sequence must not be empty")
    return tuple(sequence for sequence in request.stop if sequence)


def _tier(request: ChatRequest, losing: Losing) -> str | None:
    tier = None if request.service_tier is None else _TIERS.get(request.service_tier)
    if tier != request.service_tier:
        losing.lose("service_tier", "service_tier", "degraded", "the target has other service tiers")
    return tier


def _labels(request: ChatRequest, losing: Losing) -> dict[str, str] | None:
    """Labels are short strings here."""
    kept = {
        name: value
        for name, value in list((request.metadata or {}).items())
        if isinstance(value, str) and 0 < len(name) <= _LABEL and len(value) <= _LABEL
    }
    kept = dict(list(kept.items())[:_MOST_LABELS])
    if request.metadata and len(kept) < len(request.metadata):
        losing.lose("metadata", "metadata", "cosmetic", "the target keeps few labels, and only short strings")
    return kept or None


def _output(output: OutputFormat | None, losing: Losing) -> OutputFormat | None:
    if output is None:
        return None
    losing.fields(output.extensions, "output")
    if output.kind == "json":
        losing.lose("output.json", "output", "degraded", "the target has no JSON mode without a schema")
    if output.kind != "json_schema" or output.schema is None:
        return None
    if output.strict is False:
        losing.lose("output.strict", "output.strict", "cosmetic", "the target always obeys a schema")
    return OutputFormat("json_schema", output.schema, output.name, output.description)


def _tools(request: ChatRequest, losing: Losing) -> tuple[Tool | OpaqueTool, ...]:
    kept: list[Tool | OpaqueTool] = []
    for index, tool in enumerate(request.tools):
        path = f"tools[{index}]"
        if isinstance(tool, OpaqueTool):
            if tool.dialect == NAME:
                kept.append(tool)
            else:
                losing.lose(f"tool.{tool.kind}", path, "meaning", "a tool that only its own host runs")
        elif tool.kind == "custom":
            losing.lose("tool.custom", path, "meaning", "the target has no tools with free-text input")
        else:
            kept.append(_tool(tool, path, losing))
    return tuple(kept)


def _tool(tool: Tool, path: str, losing: Losing) -> Tool:
    extensions = with_mark(tool.extensions)
    losing.fields(extensions, path)
    schema: dict[str, Any] = dict(tool.parameters or {})
    if schema and schema.get("type") != "object":
        losing.lose("tool.schema", path, "cosmetic", "a tool's input is always an object")
    schema = {**schema, "type": "object"} if schema else NO_SCHEMA
    if tool.description == "":
        losing.lose("tool.description", path, "cosmetic", "the target refuses an empty description")
    return Tool(tool.name, tool.description or None, schema, tool.strict or None, extensions=extensions)


def _choice(request: ChatRequest, losing: Losing) -> ChatRequest:
    """The choice among the tools that are left. `none` has no word here: then no tool is offered, unless the
    conversation has calls, which the API refuses without."""
    choice, tools = request.tool_choice, request.tools
    names = {tool.name for tool in tools if isinstance(tool, Tool)}
    if choice is not None:
        losing.fields(choice.extensions, "tool_choice")
    if choice is not None and choice.mode == "none":
        called = any(
            isinstance(part, ToolCall | ToolResult) for message in request.messages for part in message.parts
        )
        for index in range(0 if called else len(tools)):
            losing.lose("tool.withheld", f"tools[{index}]", "cosmetic", "the model may not call it")
        detail = "the target has no word for it"
        losing.lose("tool_choice", "tool_choice", "meaning" if called and tools else "cosmetic", detail)
        choice, tools = None, tools if called else ()
    elif choice is not None and (not tools or (choice.mode == "tool" and choice.name not in names)):
        meant: Any = "meaning" if choice.mode in {"required", "tool"} else "cosmetic"
        losing.lose("tool_choice", "tool_choice", meant, "there is no such tool to choose")
        choice = None
    if request.parallel_tool_calls is False:
        severity: Any = "degraded" if tools else "cosmetic"
        losing.lose(
            "parallel_tool_calls", "parallel_tool_calls", severity, "the target may call several at once"
        )
    return msgspec.structs.replace(request, tool_choice=choice, tools=tools, parallel_tool_calls=None)


def _top_k(request: ChatRequest, maker: Maker, losing: Losing) -> int | None:
    if request.top_k is None or maker in {"claude", "nova", "nova2"}:
        return request.top_k
    losing.lose("top_k", "top_k", "degraded", "the model is not known to take it")
    return None


def _placed(request: ChatRequest, maker: Maker) -> Any:
    """Where `top_k` is to stand."""
    if maker not in {"nova", "nova2"} or request.top_k is None:
        return request.extensions
    return {**request.extensions, NAME: {**request.extensions.get(NAME, {}), "~top_k": "topK"}}


def _reasoning(request: ChatRequest, model: str, losing: Losing) -> ReasoningSettings | None:
    asked, maker = request.reasoning, maker_of(model)
    if asked is None:
        return None
    losing.fields(asked.extensions, "reasoning")
    if maker in {"nova", "other"}:
        if asked.mode != "off" and asked.effort != "none":
            losing.lose("reasoning", "reasoning", "degraded", "the model is not known to take it")
        return None
    return in_words_of(maker, shown_by(model, _fitted(request, asked, maker, losing)))


def _fitted(
    request: ChatRequest, asked: ReasoningSettings, maker: Maker, losing: Losing
) -> ReasoningSettings:
    """`asked` with a budget where the model counts tokens, with an effort where it knows words."""
    off = asked.mode == "off" or asked.effort == "none"
    if maker == "claude":
        if off:
            return ReasoningSettings("off")
        if asked.mode is not None and (asked.mode != "on" or asked.budget is not None):
            return asked
        limit = request.max_output or 4096
        budget = max(_LEAST_BUDGET, int(_SHARES.get(asked.effort or "medium", 0.5) * limit))
        losing.lose("reasoning.effort", "reasoning", "degraded", f"becomes a budget of {budget} tokens")
        return ReasoningSettings("on", budget=budget)
    effort = asked.effort if asked.effort in {"low", "medium", "high"} else "medium"
    if asked.effort != effort or asked.budget is not None or asked.display is not None:
        losing.lose("reasoning.effort", "reasoning", "degraded", "the model knows low, medium and high")
    if maker == "nova2":
        return ReasoningSettings("off") if off else ReasoningSettings("on", effort)
    return ReasoningSettings(effort="low" if off else effort)
