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
from counterpoint.dialects.extensions import adopted, extras
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_responses import quirks as quirk
from counterpoint.dialects.openai_responses.names import INCLUDE, LOGPROBS_WANTED, NAME

LEAST_OUTPUT = 16
"""The smallest `max_output_tokens` that the API takes."""
NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}}

_SHARED = {
    "moderation": "moderation",
    "prompt_cache_key": "prompt_cache_key",
    "prompt_cache_options": "prompt_cache_options",
    "prompt_cache_retention": "prompt_cache_retention",
    "safety_identifier": "safety_identifier",
    "store": "store",
    "stream_options": "stream_options",
    "verbosity": "text.verbosity",
}
"""Fields of the chat API of the same maker, by what they are called here."""

_THINKS = re.compile(r"(?:.*/)?(?:o\d|gpt-5(?!.*chat)|gpt-oss|grok-3-mini)")
"""Models known to take an effort; others refuse the request for it."""
_FIXED_SAMPLING = re.compile(r"(?:.*/)?(?:o\d|gpt-5(?!.*chat))")
"""Models that refuse any `temperature` and `top_p` but 1 (OpenAI, "Reasoning models")."""
_EFFORTS = {"xhigh": "high", "max": "high"}
_BUDGETS = ((2048, "low"), (8192, "medium"))
_TIERS = {"standard_only": "default"}
_KNOWN_TIERS = {"auto", "default", "flex", "priority", "scale"}

_UNKNOWN: tuple[tuple[str, Severity], ...] = (
    ("seed", "degraded"),
    ("top_k", "degraded"),
    ("frequency_penalty", "degraded"),
    ("presence_penalty", "degraded"),
    ("stop", "meaning"),
)
"""What this dialect has no setting for."""


def adapt_settings(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with settings and tools that this dialect has words for.

    Other dialects keep nothing unless told to; this one keeps every answer unless told not to, so it is told.
    """
    extensions = request.extensions
    if quirk.SHARED_FIELDS in target.quirks:
        extensions = adopted(extensions, NAME, _SHARED)
    losing.fields(extensions, "")
    own: dict[str, Any] = {"store": False, **extensions.get(NAME, {})}
    if request.logprobs:
        own["~" + INCLUDE] = [LOGPROBS_WANTED]
    changes: dict[str, Any] = {
        **_left_out(request, losing),
        **_tools(request, losing),
        "output": _output(request.output, losing),
        "reasoning": _reasoning(request.reasoning, target, losing),
        "service_tier": _tier(request.service_tier, losing),
        "max_output": _limit(request.max_output, losing),
        "extensions": extras(NAME, own),
    }
    if _FIXED_SAMPLING.match(target.model):
        for name in ("temperature", "top_p"):
            if getattr(request, name) not in {None, 1}:
                losing.lose(name, name, "degraded", "the model refuses it")
                changes[name] = None
    return msgspec.structs.replace(request, **changes)


def _left_out(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    if request.n not in {None, 1}:
        losing.lose("n", "n", "meaning", "the target gives one answer")
    for name, severity in _UNKNOWN:
        if getattr(request, name):
            losing.lose(name, name, severity, f"the target has no {name}")
    return {"n": None, "stop": (), **{name: None for name, _ in _UNKNOWN if name != "stop"}}


def _limit(limit: int | None, losing: Losing) -> int | None:
    if limit is not None and limit < LEAST_OUTPUT:
        losing.lose("max_output.range", "max_output", "degraded", f"the target's least is {LEAST_OUTPUT}")
        return LEAST_OUTPUT
    return limit


def _tools(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    tools: list[Tool] = []
    for index, tool in enumerate(request.tools):
        path = f"tools[{index}]"
        if isinstance(tool, OpaqueTool):
            losing.lose(f"tool.{tool.kind}", path, "meaning", "a tool that only its own host can run")
            continue
        losing.fields(tool.extensions, path)
        changes: dict[str, Any] = {"extensions": {}}
        if tool.kind == "function":
            # Here a tool is strict unless it says otherwise; elsewhere it is not.
            changes |= {"strict": bool(tool.strict), "parameters": tool.parameters or NO_PARAMETERS}
        tools.append(msgspec.structs.replace(tool, **changes))
    choice = request.tool_choice
    if choice is not None:
        losing.fields(choice.extensions, "tool_choice")
        choice = _choice(choice, tools)
    if tools:
        return {"tools": tuple(tools), "tool_choice": choice}
    if choice is not None:
        severity: Severity = "cosmetic" if choice.mode in {"auto", "none"} else "meaning"
        losing.lose("tool_choice", "tool_choice", severity, "there is no tool to choose")
    if request.parallel_tool_calls is False:
        losing.lose("parallel_tool_calls", "parallel_tool_calls", "cosmetic", "no call can be made")
    return {"tools": (), "tool_choice": None, "parallel_tool_calls": None}


def _choice(choice: ToolChoice, tools: list[Tool]) -> ToolChoice:
    """The choice, saying of which kind the tool is."""
    custom = any(tool.name == choice.name and tool.kind == "custom" for tool in tools)
    return ToolChoice(choice.mode, choice.name, extras(NAME, {"~type": "custom"} if custom else {}))


def _output(output: OutputFormat | None, losing: Losing) -> OutputFormat | None:
    if output is None:
        return None
    losing.fields(output.extensions, "output")
    if output.kind != "json_schema":
        return OutputFormat(output.kind)
    if output.strict is None:
        detail = "the target follows a schema strictly only where it is told to and can"
        losing.lose("output.strict", "output", "degraded", detail)
    return msgspec.structs.replace(
        output, name=output.name or "answer", schema=output.schema or {}, extensions={}
    )


def _reasoning(
    settings: ReasoningSettings | None, target: Target, losing: Losing
) -> ReasoningSettings | None:
    """How much to think, as an effort; every amount means something else at another maker, so it is a loss."""
    if settings is None:
        return None
    losing.fields(settings.extensions, "reasoning")
    if not _thinks(target):
        if settings.mode != "off":
            losing.lose("reasoning.unavailable", "reasoning", "degraded", "the model cannot be told to think")
        return None
    if settings.mode == "off":
        detail = "the target decides itself whether to think"
        losing.lose("reasoning.off", "reasoning", "degraded", detail)
        return None
    detail = "an amount of thinking differs from maker to maker"
    losing.lose("reasoning.effort", "reasoning", "degraded", detail)
    effort = settings.effort or _effort_for(settings.budget)
    if effort is None and settings.display is None:
        return None
    return ReasoningSettings(
        effort=None if effort is None else _EFFORTS.get(effort, effort), display=settings.display
    )


def _thinks(target: Target) -> bool:
    if quirk.NO_REASONING_EFFORT in target.quirks:
        return False
    return quirk.REASONING_EFFORT in target.quirks or _THINKS.match(target.model) is not None


def _effort_for(budget: int | None) -> str | None:
    if budget is None:
        return None
    return next((effort for most, effort in _BUDGETS if budget <= most), "high")


def _tier(tier: str | None, losing: Losing) -> str | None:
    if tier is None or tier in _KNOWN_TIERS:
        return tier
    if tier not in _TIERS:
        losing.lose("service_tier", "service_tier", "degraded", "the target has no such tier")
    return _TIERS.get(tier)
