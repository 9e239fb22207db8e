"""Everything of another dialect's request but its messages, as this API wants it."""

from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, OpaqueTool, OutputFormat, ReasoningSettings, Severity, Tool
from counterpoint.dialects.base import Target
from counterpoint.dialects.extensions import adopted
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.ollama.names import NAME
from counterpoint.dialects.ollama.settings import OPTIONS

_SHARED = {
    "keep_alive": "keep_alive",
    "min_p": f"{OPTIONS}.min_p",
    "repetition_penalty": f"{OPTIONS}.repeat_penalty",
}
"""Fields that hosts of other dialects take too, by what they are called here."""
_EFFORTS = {"minimal": "low", "low": "low", "medium": "medium"}
"""Any other word is the highest level."""
_LEVELLED = "gpt-oss"
"""Models of this family are told how much to think, others whether (https://docs.ollama.com/capabilities/thinking)."""
_LEFT_OUT: tuple[tuple[str, Severity, str], ...] = (
    ("user", "cosmetic", "the target is not told who asks"),
    ("metadata", "cosmetic", "the target keeps no tags"),
    ("service_tier", "cosmetic", "the target has no service tiers"),
)


def adapt_settings(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with settings that this API has."""
    request = msgspec.structs.replace(request, extensions=adopted(request.extensions, NAME, _SHARED))
    losing.fields(request.extensions, "")
    for name, severity, detail in _LEFT_OUT:
        if getattr(request, name) is not None:
            losing.lose(name, name, severity, detail)
    if request.n not in {None, 1}:
        losing.lose("n", "n", "meaning", "the target gives one answer")
    if request.parallel_tool_calls is False:
        detail = "the target cannot be told to make one call at a time"
        losing.lose("parallel_tool_calls", "parallel_tool_calls", "degraded", detail)
    if request.max_output is not None and request.max_output < 1:
        losing.lose("max_output", "max_output", "meaning", "the target takes a limit below one for none")
    changes: dict[str, Any] = {
        "max_output": request.max_output if (request.max_output or 0) > 0 else None,
        "user": None,
        "metadata": None,
        "service_tier": None,
        "n": None,
        "parallel_tool_calls": None,
        "output": _output(request.output, losing),
        "reasoning": _reasoning(request.reasoning, target, losing),
        "tools": _tools(request, losing),
        "tool_choice": None,
        "logprobs": request.logprobs or None,
        "top_logprobs": request.top_logprobs if request.logprobs else None,
    }
    return msgspec.structs.replace(request, **changes)


def _output(output: OutputFormat | None, losing: Losing) -> OutputFormat | None:
    if output is None:
        return None
    losing.fields(output.extensions, "output")
    labels = {"name": output.name, "description": output.description, "strict": output.strict}
    for name in [name for name, value in labels.items() if value is not None]:
        detail = "a schema has no labels here and is always obeyed"
        losing.lose(f"output.{name}", f"output.{name}", "cosmetic", detail)
    return None if output.kind == "text" else OutputFormat(output.kind, output.schema)


def _reasoning(
    settings: ReasoningSettings | None, target: Target, losing: Losing
) -> ReasoningSettings | None:
    if settings is None:
        return None
    losing.fields(settings.extensions, "reasoning")
    if settings.mode == "off" or settings.effort == "none":
        if settings.effort is not None or settings.display is not None:
            losing.lose("reasoning.effort", "reasoning", "cosmetic", "thinking is on or off")
        return ReasoningSettings("off")
    detail = "an amount of thinking differs from maker to maker"
    losing.lose("reasoning.effort", "reasoning", "degraded", detail)
    if settings.mode is None and settings.effort is None and settings.budget is None:
        return None  # only how to show it was said
    if _LEVELLED in target.model and settings.effort is not None:
        return ReasoningSettings(effort=_EFFORTS.get(settings.effort, "high"))
    return ReasoningSettings("on")


def _tools(request: ChatRequest, losing: Losing) -> tuple[Tool | OpaqueTool, ...]:
    choice = request.tool_choice
    if choice is not None:
        losing.fields(choice.extensions, "tool_choice")
    if choice is not None and choice.mode == "none" and request.tools:
        for path in ("tool_choice", "tools"):
            losing.lose("tool_choice.none", path, "cosmetic", "tools that must not be called are not offered")
        return ()
    if choice is not None and choice.mode != "auto":
        detail = "the target decides itself whether to call a tool"
        losing.lose("tool_choice", "tool_choice", "meaning", detail)
    kept = [_tool(tool, f"tools[{index}]", losing) for index, tool in enumerate(request.tools)]
    return tuple(tool for tool in kept if tool is not None)


def _tool(tool: Tool | OpaqueTool, path: str, losing: Losing) -> Tool | None:
    if isinstance(tool, OpaqueTool):
        losing.lose(f"tool.{tool.kind}", path, "meaning", "a tool that only its own host runs")
        return None
    losing.fields(tool.extensions, path)
    if tool.kind == "custom":
        losing.lose("tool.custom", path, "meaning", "the target has no tools with free-text input")
        return None
    if tool.strict:
        detail = "the target does not promise to obey a tool's schema"
        losing.lose("tool.strict", path, "degraded", detail)
    parameters = tool.parameters or {"type": "object", "properties": {}}
    return Tool(tool.name, tool.description, parameters)
