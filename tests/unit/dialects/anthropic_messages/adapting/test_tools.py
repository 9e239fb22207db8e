"""Tools of another dialect, and the choice among those that are left."""

from typing import Any

import pytest

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.base import Target
from tests.unit.dialects.anthropic_messages.adapting.asking import asked, become

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
CLOSED = {**SCHEMA, "additionalProperties": False}
F = Tool("f", "d", SCHEMA)


def test_a_plain_tool_goes_through() -> None:
    after, losses = become(asked(tools=(F,), tool_choice=ToolChoice("tool", "f")))
    assert after.tools == (F,)
    assert after.tool_choice == ToolChoice("tool", "f")
    assert losses == {}


@pytest.mark.parametrize(
    ("tool", "schema", "losses"),
    [
        (Tool("f"), {"type": "object", "properties": {}}, {}),
        (
            Tool("f", parameters={"properties": {}}),
            {"properties": {}, "type": "object"},
            {"tools[0]": "tool.schema"},
        ),
        (Tool("f", parameters=CLOSED, strict=True), CLOSED, {}),
        (Tool("f", parameters=SCHEMA, strict=True), CLOSED, {"tools[0]": "tool.schema"}),
    ],
    ids=str,
)
def test_a_tools_schema_is_an_object(tool: Tool, schema: dict[str, Any], losses: dict[str, str]) -> None:
    after, declared = become(asked(tools=(tool,)))
    (adapted,) = after.tools
    assert isinstance(adapted, Tool)
    assert (adapted.parameters, adapted.strict) == (schema, tool.strict)
    assert declared == losses


def test_strictness_needs_a_model_that_knows_it() -> None:
    after, losses = become(
        asked(tools=(Tool("f", parameters=SCHEMA, strict=True),)), Target("claude-3-5-haiku")
    )
    assert after.tools == (Tool("f", parameters=SCHEMA),)
    assert losses == {"tools[0]": "tool.strict"}


def test_tools_that_only_their_own_host_runs_are_left_out() -> None:
    own, other = OpaqueTool(NAME, "bash_20250124", {}), OpaqueTool("openai-chat", "web_search", {})
    after, losses = become(asked(tools=(other, Tool("c", kind="custom"), own)))
    assert after.tools == (own,)
    assert losses == {"tools[0]": "tool.web_search", "tools[1]": "tool.custom"}


@pytest.mark.parametrize(
    ("fields", "choice", "losses"),
    [
        ({"tool_choice": ToolChoice("auto")}, None, {"tool_choice": "tool_choice"}),
        ({"tools": (Tool("c", kind="custom"),), "tool_choice": ToolChoice("tool", "c")}, None,
         {"tools[0]": "tool.custom", "tool_choice": "tool_choice"}),
        ({"tools": (F, Tool("c", kind="custom")), "tool_choice": ToolChoice("tool", "c")}, None,
         {"tools[1]": "tool.custom", "tool_choice": "tool_choice"}),
        ({"tools": (F,), "tool_choice": ToolChoice("none"), "parallel_tool_calls": False}, ToolChoice("none"),
         {"parallel_tool_calls": "parallel_tool_calls"}),
        ({"parallel_tool_calls": False}, None, {"parallel_tool_calls": "parallel_tool_calls"}),
        ({"tools": (F,), "parallel_tool_calls": True}, None, {}),
    ],
    ids=str,
)  # fmt: skip
def test_a_choice_is_among_what_is_left(
    fields: Any, choice: ToolChoice | None, losses: dict[str, str]
) -> None:
    after, declared = become(asked(**fields))
    assert after.tool_choice == choice
    assert after.parallel_tool_calls is None
    assert declared == losses


def test_forbidding_parallel_calls_goes_through() -> None:
    after, losses = become(asked(tools=(F,), parallel_tool_calls=False))
    assert after.parallel_tool_calls is False
    assert losses == {}
