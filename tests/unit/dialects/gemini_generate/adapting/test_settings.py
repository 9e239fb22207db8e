"""Everything of other dialects' requests but their messages."""

from typing import Any

import pytest

from counterpoint.canonical import ChatRequest, OpaqueTool, OutputFormat, ReasoningSettings, Tool, ToolChoice
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.adapting.settings import adapt_settings
from counterpoint.dialects.losing import Losing

NAME = "gemini-generate"
FLASH, PRO, OLD, NEW = "gemini-2.5-flash", "gemini-2.5-pro", "gemini-2.0-flash", "gemini-3-pro-preview"


def adapt(model: str = FLASH, **fields: Any) -> tuple[ChatRequest, list[str]]:
    request = ChatRequest("m", **fields)
    losing = Losing(request, "other", NAME)
    return adapt_settings(request, Target(model), losing), [loss.code for loss in losing.losses]


def test_what_it_has_no_place_for() -> None:
    request, losses = adapt(
        user="u",
        metadata={"a": "b"},
        service_tier="flex",
        n=1,
        logprobs=False,
        extensions={"other": {"x": 1}},
    )
    assert losses == ["field.x", "user", "metadata", "service_tier"]
    assert request == ChatRequest("m", extensions={"other": {"x": 1}})


def test_stop_sequences() -> None:
    request, losses = adapt(stop=("", "a", "b", "c", "d", "e", "f"))
    assert request.stop == ("a", "b", "c", "d", "e")
    assert losses == ["stop.many"]


def test_a_schema() -> None:
    output = OutputFormat("json_schema", {"type": "object"}, "n", "d", strict=False)
    request, losses = adapt(output=output)
    assert request.output == OutputFormat("json_schema", {"type": "object"})
    assert losses == ["output.name", "output.description", "output.strict"]
    assert adapt(output=OutputFormat("text"))[0].output is None


def test_tools() -> None:
    own = OpaqueTool(NAME, "googleSearch", {"googleSearch": {}})
    tools = (Tool("f", strict=True), Tool("c", kind="custom"), own, OpaqueTool("other", "search", {}))
    request, losses = adapt(tools=tools, parallel_tool_calls=False)
    assert request.tools == (Tool("f"), own)
    assert losses == ["tool.strict", "tool.custom", "tool.search", "parallel_tool_calls"]


@pytest.mark.parametrize(
    ("choice", "kept", "codes"),
    [
        (ToolChoice("tool", "f"), True, []),
        (ToolChoice("tool", "g"), False, ["tool_choice"]),
        (ToolChoice("none"), True, []),
    ],
)
def test_a_choice(choice: ToolChoice, kept: bool, codes: list[str]) -> None:
    request, losses = adapt(tools=(Tool("f"),), tool_choice=choice)
    assert request.tool_choice == (choice if kept else None)
    assert losses == codes


@pytest.mark.parametrize(
    ("model", "asked", "becomes", "codes"),
    [
        (FLASH, ReasoningSettings(effort="low"), ("on", None, 1024), ["reasoning.effort"]),
        (FLASH, ReasoningSettings("on", budget=99), ("on", None, 99), []),
        (FLASH, ReasoningSettings("adaptive"), ("adaptive", None, None), []),
        (FLASH, ReasoningSettings("off"), ("off", None, None), []),
        (PRO, ReasoningSettings("off"), None, ["reasoning.off"]),
        (OLD, ReasoningSettings(effort="high"), None, ["reasoning"]),
        (OLD, ReasoningSettings("off"), None, []),
        (NEW, ReasoningSettings(effort="max"), (None, "high", None), []),
        (NEW, ReasoningSettings("on", budget=99), (None, None, 99), []),
        (NEW, ReasoningSettings(effort="none"), (None, "minimal", None), ["reasoning.off"]),
    ],
)
def test_how_much_to_think(model: str, asked: ReasoningSettings, becomes: Any, codes: list[str]) -> None:
    request, losses = adapt(model, reasoning=asked)
    found = request.reasoning
    assert (None if found is None else (found.mode, found.effort, found.budget)) == becomes
    assert losses == codes
