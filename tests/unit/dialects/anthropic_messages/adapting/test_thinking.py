"""An effort becomes a budget or adaptive thinking, within what the API takes."""

from typing import Any

import pytest

from counterpoint.canonical import ReasoningSettings, Text, Tool, ToolCall, ToolChoice, ToolResult
from counterpoint.dialects.base import Target
from tests.unit.dialects.anthropic_messages.adapting.asking import ADAPTIVE, BUDGET, asked, become, said

LOW = ReasoningSettings(effort="low")
F = Tool("f", parameters={"type": "object"})


@pytest.mark.parametrize(
    ("asked_for", "limit", "budget"),
    [
        (ReasoningSettings(effort="minimal"), 4096, 1024),
        (ReasoningSettings(effort="low"), 10_000, 2000),
        (ReasoningSettings(effort="medium"), 10_000, 5000),
        (ReasoningSettings(effort="high"), 10_000, 8000),
        (ReasoningSettings(effort="of the future"), 10_000, 5000),
        (ReasoningSettings("on", budget=3000), 10_000, 3000),
        (ReasoningSettings("on", budget=30_000), 10_000, 9999),
        (ReasoningSettings("on"), 10_000, 5000),
    ],
)
def test_an_effort_is_a_share_of_the_limit(asked_for: ReasoningSettings, limit: int, budget: int) -> None:
    after, losses = become(asked(reasoning=asked_for, max_output=limit), BUDGET)
    assert after.reasoning == ReasoningSettings("on", budget=budget)
    assert losses == {"reasoning_effort": "reasoning.effort"}


@pytest.mark.parametrize(
    ("model", "effort", "wanted"),
    [
        ("claude-opus-4-7", "high", "high"),
        ("claude-opus-4-7", "xhigh", "xhigh"),
        ("claude-sonnet-4-6", "xhigh", "max"),
        ("claude-sonnet-4-6", "minimal", "low"),
        ("claude-sonnet-4-6", "of the future", None),
    ],
)
def test_an_effort_is_one_that_the_model_knows(model: str, effort: str, wanted: str | None) -> None:
    after, _ = become(asked(reasoning=ReasoningSettings(effort=effort)), Target(model))
    assert after.reasoning == ReasoningSettings("adaptive", wanted)


def test_not_to_think_needs_saying_only_where_the_model_would() -> None:
    for off in (ReasoningSettings("off"), ReasoningSettings(effort="none")):
        assert become(asked(reasoning=off), ADAPTIVE)[0].reasoning is None
        assert become(asked(reasoning=off), Target("claude-opus-5"))[0].reasoning == ReasoningSettings("off")


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"max_output": 1024}, BUDGET),
        ({"tools": (F,), "tool_choice": ToolChoice("required")}, BUDGET),
        ({"tools": (F,), "tool_choice": ToolChoice("tool", "f")}, ADAPTIVE),
        ({}, Target("claude-3-5-haiku-latest")),
        ({}, Target("m", quirks=frozenset({"no_thinking"}))),
    ],
)
def test_thinking_is_left_out_where_the_api_would_refuse_it(fields: Any, target: Target) -> None:
    after, losses = become(asked(reasoning=LOW, **fields), target)
    assert after.reasoning is None
    assert losses["reasoning_effort"] == "reasoning.unavailable"


def test_amid_calls_whose_thinking_was_not_handed_back() -> None:
    conversation = (
        said("user", "q"),
        said("assistant", ToolCall("a", "f", "{}")),
        said("tool", ToolResult("a", (Text("1"),))),
    )
    assert become(asked(*conversation, reasoning=LOW), BUDGET)[0].reasoning is None
    assert become(asked(*conversation, reasoning=LOW), ADAPTIVE)[0].reasoning is not None
    over = (*conversation, said("assistant", "1"), said("user", "thanks"))
    assert become(asked(*over, reasoning=LOW), BUDGET)[0].reasoning is not None


def test_sampling_does_not_stand_beside_thinking() -> None:
    after, losses = become(asked(reasoning=LOW, top_p=0.5, top_k=4), BUDGET)
    assert (after.top_p, after.top_k) == (None, None)
    assert losses["top_k"] == "top_k.with_reasoning"
    after, losses = become(asked(reasoning=LOW, temperature=0.5), BUDGET)
    assert after.temperature is None
    assert losses["temperature"] == "temperature.with_reasoning"
    after, losses = become(asked(reasoning=LOW, temperature=1), BUDGET)
    assert after.temperature == 1
