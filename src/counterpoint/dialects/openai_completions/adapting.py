"""Settings of another dialect's request as this one wants them."""

from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, OpaqueTool, OutputFormat, ReasoningSettings
from counterpoint.dialects.base import Target
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_chat.quirks import TOP_K

_MOST_STOPS = 4


def adapt_settings(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with the settings that this dialect has; what it cannot say is declared."""
    losing.fields(request.extensions, "")
    for name in ("metadata", "service_tier"):
        if getattr(request, name) is not None:
            losing.lose(name, name, "cosmetic", "the target has none")
    _leave_tools(request, losing)
    _leave_form(request.output, request.reasoning, losing)
    changes: dict[str, Any] = {
        "extensions": {},
        "stop": request.stop[:_MOST_STOPS],
        "n": None if request.n == 1 else request.n,
    }
    if len(request.stop) > _MOST_STOPS:
        losing.lose("stop.count", "stop", "degraded", f"the target takes {_MOST_STOPS} stop sequences")
    if request.max_output is None:
        detail = f"without a limit the target says 16 tokens: {target.max_output_default}"
        losing.lose("max_output.default", "max_output", "cosmetic", detail)
        changes["max_output"] = target.max_output_default
    if request.top_k is not None and TOP_K not in target.quirks:
        losing.lose("top_k", "top_k", "degraded", "the target has no top_k")
        changes["top_k"] = None
    return msgspec.structs.replace(request, **changes)


def _leave_tools(request: ChatRequest, losing: Losing) -> None:
    for index, tool in enumerate(request.tools):
        if not isinstance(tool, OpaqueTool):
            losing.fields(tool.extensions, f"tools[{index}]")
        losing.lose("tools", f"tools[{index}]", "meaning", "a completion calls no tools")
    if request.tool_choice is not None:
        losing.fields(request.tool_choice.extensions, "tool_choice")
        losing.lose("tool_choice", "tool_choice", "cosmetic", "there is no tool to choose")
    if request.parallel_tool_calls is not None:
        losing.lose("parallel_tool_calls", "parallel_tool_calls", "cosmetic", "no call can be made")


def _leave_form(output: OutputFormat | None, reasoning: ReasoningSettings | None, losing: Losing) -> None:
    if output is not None:
        losing.fields(output.extensions, "output")
        if output.kind != "text":
            losing.lose("output", "output", "meaning", "a completion has no form")
    if reasoning is not None:
        losing.fields(reasoning.extensions, "reasoning")
        losing.lose("reasoning.unavailable", "reasoning", "degraded", "a completion does not think first")
