"""Everything of another dialect's request but its messages, as this one wants it."""

from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, OpaqueTool, OutputFormat, ReasoningSettings, Tool
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.generations import Generation, generation_of
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.losing import Losing

_BUDGETS = {"minimal": 1024, "low": 1024, "medium": 8192, "high": 24576, "xhigh": 24576, "max": 24576}
"""Tokens for words, as the maker's own OpenAI-compatible API reads them
(https://ai.google.dev/gemini-api/docs/openai#thinking)."""
_LEVELS = {"none": "minimal", "minimal": "minimal", "low": "low", "medium": "medium"}
"""Any other word is the highest level."""
_MOST_STOPS = 5


def adapt_settings(request: ChatRequest, target: Target, losing: Losing) -> ChatRequest:
    """`request` with settings that this dialect has for `target`."""
    losing.fields(request.extensions, "")
    for name, severity, detail in (
        ("user", "cosmetic", "the target is not told who asks"),
        ("metadata", "cosmetic", "the target keeps no tags"),
        ("service_tier", "degraded", "the target has other service tiers"),
    ):
        if getattr(request, name) is not None:
            losing.lose(name, name, severity, detail)  # type: ignore[arg-type]  # one of two severities
    changes: dict[str, Any] = {
        "user": None,
        "metadata": None,
        "service_tier": None,
        "stop": _stop(request, losing),
        "output": _output(request.output, losing),
        "tools": _tools(request, losing),
        "reasoning": _reasoning(request.reasoning, generation_of(target.model), losing),
        "n": None if request.n == 1 else request.n,
        "logprobs": request.logprobs or None,
        "top_logprobs": request.top_logprobs if request.logprobs else None,
    }
    return _choice(msgspec.structs.replace(request, **changes), losing)


def _stop(request: ChatRequest, losing: Losing) -> tuple[str, ...]:
    kept = tuple(sequence for sequence in request.stop if sequence)
    if len(kept) > _MOST_STOPS:
        losing.lose("stop.many", "stop", "degraded", f"the target takes {_MOST_STOPS} stop sequences")
    return kept[:_MOST_STOPS]


def _output(output: OutputFormat | None, losing: Losing) -> OutputFormat | None:
    if output is None:
        return None
    losing.labels(output)
    return None if output.kind == "text" else OutputFormat(output.kind, output.schema)


def _tools(request: ChatRequest, losing: Losing) -> tuple[Tool | OpaqueTool, ...]:
    adapted = (_tool(tool, f"tools[{index}]", losing) for index, tool in enumerate(request.tools))
    return tuple(tool for tool in adapted if tool is not None)


def _tool(tool: Tool | OpaqueTool, path: str, losing: Losing) -> Tool | OpaqueTool | None:
    if isinstance(tool, Tool):
        return _function(tool, path, losing)
    if tool.dialect == NAME:
        return tool
    losing.lose(f"tool.{tool.kind}", path, "meaning", "a tool that only its own host runs")
    return None


def _function(tool: Tool, path: str, losing: Losing) -> Tool | None:
    losing.fields(tool.extensions, path)
    if tool.kind == "custom":
        losing.lose("tool.custom", path, "meaning", "the target has no tools with free-text input")
        return None
    if tool.strict:
        detail = "the target does not promise to obey a tool's schema"
        losing.lose("tool.strict", path, "degraded", detail)
    return Tool(tool.name, tool.description, tool.parameters, extensions=tool.extensions)


def _choice(request: ChatRequest, losing: Losing) -> ChatRequest:
    """The choice among the tools that are left; none where no tool is."""
    choice, names = request.tool_choice, {tool.name for tool in request.tools if isinstance(tool, Tool)}
    if choice is not None:
        losing.fields(choice.extensions, "tool_choice")
    if choice is not None and (not names or (choice.mode == "tool" and choice.name not in names)):
        meant = choice.mode in {"required", "tool"}
        losing.lose(
            "tool_choice",
            "tool_choice",
            "meaning" if meant else "cosmetic",
            "there is no such tool to choose",
        )
        choice = None
    if request.parallel_tool_calls is False:
        silent = not names or (choice is not None and choice.mode == "none")
        losing.lose(
            "parallel_tool_calls",
            "parallel_tool_calls",
            "cosmetic" if silent else "degraded",
            "the target may call several tools at once",
        )
    return msgspec.structs.replace(request, tool_choice=choice, parallel_tool_calls=None)


def _reasoning(
    settings: ReasoningSettings | None, generation: Generation, losing: Losing
) -> ReasoningSettings | None:
    if settings is None:
        return None
    losing.fields(settings.extensions, "reasoning")
    wanted = settings.mode != "off" and settings.effort != "none"
    if generation.thinks == "no":
        if wanted:
            losing.lose("reasoning", "reasoning", "degraded", "the model does not think before it answers")
        return None
    if not wanted and generation.always:
        losing.lose("reasoning.off", "reasoning", "degraded", "the model always thinks")
    thinking = settings.mode in {"on", "adaptive"} or settings.display == "summarized"
    display = settings.display or ("summarized" if thinking else None)
    if generation.thinks == "levels":
        return _by_level(settings, display, wanted=wanted)
    return _by_budget(settings, display, generation, losing, wanted=wanted)


def _by_level(settings: ReasoningSettings, display: str | None, *, wanted: bool) -> ReasoningSettings:
    if not wanted:
        return ReasoningSettings(effort="minimal", display=display)
    effort = None if settings.effort is None else _LEVELS.get(settings.effort, "high")
    return ReasoningSettings(
        effort=effort, budget=settings.budget if effort is None else None, display=display
    )


def _by_budget(
    settings: ReasoningSettings, display: str | None, generation: Generation, losing: Losing, *, wanted: bool
) -> ReasoningSettings | None:
    if not wanted:
        return None if generation.always else ReasoningSettings("off", extensions={NAME: {"~budget": 0}})
    budget = settings.budget
    if budget is None and settings.effort is not None:
        budget = _BUDGETS.get(settings.effort, _BUDGETS["high"])
        losing.lose(
            "reasoning.effort", "reasoning.effort", "degraded", f"becomes a budget of {budget} tokens"
        )
    if budget is None:
        return ReasoningSettings("adaptive", display=display, extensions={NAME: {"~budget": -1}})
    return ReasoningSettings("on", budget=budget, display=display)
