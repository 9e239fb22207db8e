"""Settings and tools of another dialect as this one wants them."""

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
from counterpoint.dialects.openai_chat.adapting.settings import (
    EFFORTS,
    FIXED_SAMPLING,
    adapt_output,
    adapt_tier,
    effort_for,
    may_think,
    no_tools,
)
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
    told = quirk.NO_LOGPROBS not in target.quirks
    if request.logprobs and told:
        own["~" + INCLUDE] = [LOGPROBS_WANTED]
    changes: dict[str, Any] = {
        **_left_out(request, losing),
        **_tools(request, losing),
        "output": _output(request.output, losing),
        "reasoning": _reasoning(request.reasoning, target, losing),
        "service_tier": adapt_tier(request.service_tier, losing),
        "max_output": _limit(request.max_output, losing),
        **({} if told else _without_logprobs(request, losing)),
        "extensions": extras(NAME, own),
    }
    if FIXED_SAMPLING.match(target.model):
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


def _without_logprobs(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    if request.logprobs or request.top_logprobs:
        losing.lose("logprobs", "logprobs", "degraded", "the host gives no probabilities")
    return {"logprobs": None, "top_logprobs": None}


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
    return no_tools(request, losing)


def _choice(choice: ToolChoice, tools: list[Tool]) -> ToolChoice:
    """The choice, saying of which kind the tool is."""
    custom = any(tool.name == choice.name and tool.kind == "custom" for tool in tools)
    return ToolChoice(choice.mode, choice.name, extras(NAME, {"~type": "custom"} if custom else {}))


def _output(output: OutputFormat | None, losing: Losing) -> OutputFormat | None:
    adapted = adapt_output(output, losing)
    if adapted is None or adapted.kind != "json_schema" or adapted.schema is not None:
        return adapted
    return msgspec.structs.replace(adapted, schema={})


def _reasoning(
    settings: ReasoningSettings | None, target: Target, losing: Losing
) -> ReasoningSettings | None:
    """How much to think, as an effort; every amount means something else at another maker, so it is a loss."""
    if settings is None or not may_think(settings, target, losing):
        return None
    effort = settings.effort or effort_for(settings.budget)
    if effort is None and settings.display is None:
        return None
    return ReasoningSettings(
        effort=None if effort is None else EFFORTS.get(effort, effort), display=settings.display
    )
