"""How much to think, in another dialect's words, as this one's `thinking` and effort.

Where thinking is adaptive, an effort becomes `output_config.effort` beside adaptive thinking. Where it has a
budget, an effort becomes a share of the output limit (`SHARES`, at least 1024 tokens, the API's minimum).
Either way it is declared (`reasoning.effort`): the same word means another amount at another maker.
Thinking is left out where the API would refuse it: with a forced tool, with a limit that leaves no room, and
(with a budget) in the midst of tool calls whose own thinking was not handed back.
"""

from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, Reasoning, ReasoningSettings, ToolCall, ToolResult
from counterpoint.dialects.anthropic_messages.generations import Generation
from counterpoint.dialects.losing import Losing

LEAST_BUDGET = 1024
SHARES = {"minimal": 0.1, "low": 0.2, "medium": 0.5, "high": 0.8, "xhigh": 0.9, "max": 0.95}
"""Effort to the share of the output limit that thinking may take."""
_NEAREST = {"minimal": "low", "xhigh": "max"}
"""Effort to the one that a model has in its place."""


def adapt_thinking(request: ChatRequest, generation: Generation, losing: Losing) -> ChatRequest:
    """`request` with thinking as the model takes it, and without what cannot stand beside thinking."""
    asked = request.reasoning
    if asked is None:
        return request
    losing.fields(asked.extensions, "reasoning")
    losing.lose(
        "reasoning.effort", "reasoning", "degraded", "an amount of thinking differs from maker to maker"
    )
    if asked.mode == "off" or asked.effort == "none":
        settings = ReasoningSettings("off") if generation.thinks_unasked else None
        return msgspec.structs.replace(request, reasoning=settings)
    settings = _settings(request, asked, generation)
    obstacle = None if settings is None else _obstacle(request, generation)
    if settings is None:
        obstacle = "the model cannot think as asked"
    if obstacle is not None:
        losing.lose("reasoning.unavailable", "reasoning", "degraded", obstacle)
        return msgspec.structs.replace(request, reasoning=None)
    return msgspec.structs.replace(request, reasoning=settings, **_beside_thinking(request, losing))


def _settings(
    request: ChatRequest, asked: ReasoningSettings, generation: Generation
) -> ReasoningSettings | None:
    if generation.thinking == "none":
        return None
    if generation.thinking == "adaptive":
        return ReasoningSettings("adaptive", _effort(asked.effort, generation))
    limit = request.max_output or 0
    wanted = (
        asked.budget if asked.budget is not None else int(SHARES.get(asked.effort or "medium", 0.5) * limit)
    )
    budget = min(max(wanted, LEAST_BUDGET), limit - 1)
    return ReasoningSettings("on", budget=budget) if budget >= LEAST_BUDGET else None


def _effort(effort: str | None, generation: Generation) -> str | None:
    if effort is None or effort in generation.efforts:
        return effort
    nearest = _NEAREST.get(effort)
    return nearest if nearest in generation.efforts else None


def _obstacle(request: ChatRequest, generation: Generation) -> str | None:
    choice = request.tool_choice
    if choice is not None and choice.mode in {"required", "tool"}:
        return "a forced tool and thinking exclude each other"
    if generation.thinking == "budget" and _amid_calls(request):
        return "the thinking that led to the tool calls was not handed back"
    return None


def _amid_calls(request: ChatRequest) -> bool:
    """Whether the model is to go on after its own calls, without the thinking that came before them."""
    if not request.messages or not any(isinstance(part, ToolResult) for part in request.messages[-1].parts):
        return False
    for message in reversed(request.messages):
        if message.role == "assistant":
            calls = any(isinstance(part, ToolCall) for part in message.parts)
            return calls and not isinstance(message.parts[0], Reasoning)
    return False


def _beside_thinking(request: ChatRequest, losing: Losing) -> dict[str, Any]:
    """Sampling that the API refuses beside thinking, taken out."""
    changes: dict[str, Any] = {}
    if request.temperature is not None and request.temperature != 1:
        changes["temperature"] = None
    if request.top_k is not None:
        changes["top_k"] = None
    if request.top_p is not None and request.top_p < 0.95:
        changes["top_p"] = None
    for name in changes:
        losing.lose(f"{name}.with_reasoning", name, "degraded", "the target refuses it beside thinking")
    return changes
