"""Settings and tools of another dialect as this one wants them."""

import re
from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    OpaqueTool,
    OutputFormat,
    ReasoningSettings,
    Severity,
    Tool,
    ToolChoice,
)
from counterpoint.dialects.base import Target
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_chat import quirks as quirk

MOST_STOPS = 4
"""platform.openai.com/docs/api-reference/chat: "up to 4 sequences"."""

_THINKS = re.compile(r"(?:.*/)?(?:o\d|gpt-5(?!.*chat)|gpt-oss|grok-3-mini)")
"""Models known to take `reasoning_effort`; others refuse the request for it."""
FIXED_SAMPLING = re.compile(r"(?:.*/)?(?:o\d|gpt-5(?!.*chat))")
"""Models that refuse any `temperature` and `top_p` but 1 (OpenAI, "Reasoning models")."""

EFFORTS = {"xhigh": "high", "max": "high"}
"""Efforts of other makers to the nearest that is known here."""
_BUDGETS = ((2048, "low"), (8192, "medium"))
_TIERS = {"standard_only": "default"}
_KNOWN_TIERS = {"auto", "default", "flex", "priority", "scale"}


def adapt_settings(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with settings and tools that this dialect has words for."""
    changes: dict[str, Any] = {**_tools(request, losing)}
    changes["output"] = adapt_output(request.output, losing)
    changes["reasoning"] = _reasoning(request.reasoning, target, losing)
    changes["service_tier"] = adapt_tier(request.service_tier, losing)
    if len(request.stop) > MOST_STOPS:
        losing.lose("stop.count", "stop", "degraded", f"the target takes {MOST_STOPS} stop sequences")
        changes["stop"] = request.stop[:MOST_STOPS]
    if request.metadata is not None:
        losing.lose("metadata", "metadata", "cosmetic", "the target keeps metadata with stored answers only")
        changes["metadata"] = None
    if request.top_k is not None and quirk.TOP_K not in target.quirks:
        losing.lose("top_k", "top_k", "degraded", "the target has no top_k")
        changes["top_k"] = None
    if FIXED_SAMPLING.match(target.model):
        for name in ("temperature", "top_p"):
            if getattr(request, name) not in {None, 1}:
                losing.lose(name, name, "degraded", "the model refuses it")
                changes[name] = None
    return msgspec.structs.replace(request, **changes)


def _tools(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    tools: list[Tool] = []
    for index, tool in enumerate(request.tools):
        path = f"tools[{index}]"
        if isinstance(tool, OpaqueTool):
            detail = "a tool that only its own host can run"
            losing.lose(f"tool.{tool.kind}", path, "meaning", detail)
        else:
            losing.fields(tool.extensions, path)
            tools.append(msgspec.structs.replace(tool, extensions={}))
    choice = request.tool_choice
    if choice is not None:
        losing.fields(choice.extensions, "tool_choice")
        choice = ToolChoice(choice.mode, choice.name)
    if tools:
        return {"tools": tuple(tools), "tool_choice": choice}
    return no_tools(request, losing)


def no_tools(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    """What changes where no tool is left."""
    choice = request.tool_choice
    if choice is not None:
        severity: Severity = "cosmetic" if choice.mode in {"auto", "none"} else "meaning"
        losing.lose("tool_choice", "tool_choice", severity, "there is no tool to choose")
    if request.parallel_tool_calls is False:
        losing.lose("parallel_tool_calls", "parallel_tool_calls", "cosmetic", "no call can be made")
    return {"tools": (), "tool_choice": None, "parallel_tool_calls": None}


def adapt_output(output: OutputFormat | None, losing: Losing) -> OutputFormat | None:
    """The answer's form, with the name that a schema must have."""
    if output is None:
        return None
    losing.fields(output.extensions, "output")
    if output.kind != "json_schema":
        return OutputFormat(output.kind)
    if output.strict is None:
        detail = "the target follows a schema strictly only where it is told to and can"
        losing.lose("output.strict", "output", "degraded", detail)
    return msgspec.structs.replace(output, name=output.name or "answer", extensions={})


def _reasoning(
    settings: ReasoningSettings | None, target: Target, losing: Losing
) -> ReasoningSettings | None:
    """How much to think, as an effort; every amount means something else at another maker, so it is a loss."""
    if settings is None or not may_think(settings, target, losing):
        return None
    if quirk.REASONING_OBJECT in target.quirks and settings.budget is not None:
        return ReasoningSettings(budget=settings.budget)
    effort = settings.effort or effort_for(settings.budget)
    return None if effort is None else ReasoningSettings(effort=EFFORTS.get(effort, effort))


def may_think(settings: ReasoningSettings, target: Target, losing: Losing) -> bool:
    """Whether `target` is to be told how much to think. What it cannot be told is declared."""
    losing.fields(settings.extensions, "reasoning")
    if not _thinks(target):
        if settings.mode != "off":
            losing.lose("reasoning.unavailable", "reasoning", "degraded", "the model cannot be told to think")
        else:
            losing.lose("reasoning.off", "reasoning", "cosmetic", "the model is not told to think")
        return False
    if settings.mode == "off":
        detail = "the target decides itself whether to think"
        losing.lose("reasoning.off", "reasoning", "degraded", detail)
        return False
    detail = "an amount of thinking differs from maker to maker"
    losing.lose("reasoning.effort", "reasoning", "degraded", detail)
    return True


def _thinks(target: Target) -> bool:
    if quirk.NO_REASONING_EFFORT in target.quirks:
        return False
    told = {quirk.REASONING_EFFORT, quirk.REASONING_OBJECT} & target.quirks
    return bool(told) or _THINKS.match(target.model) is not None


def effort_for(budget: int | None) -> str | None:
    """The effort that comes nearest to a budget."""
    if budget is None:
        return None
    return next((effort for most, effort in _BUDGETS if budget <= most), "high")


def adapt_tier(tier: str | None, losing: Losing) -> str | None:
    """The tier by the name that the maker gives it."""
    if tier is None or tier in _KNOWN_TIERS:
        return tier
    if tier not in _TIERS:
        losing.lose("service_tier", "service_tier", "degraded", "the target has no such tier")
    return _TIERS.get(tier)
