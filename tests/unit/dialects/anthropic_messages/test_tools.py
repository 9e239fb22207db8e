"""Tools and the choice among them come back as they were."""

from typing import Any

import pytest

from counterpoint.canonical import OpaqueTool, Tool, ToolChoice
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.objects import Taken
from counterpoint.dialects.anthropic_messages.tools import (
    decode_tool_choice,
    decode_tools,
    encode_tool_choice,
    encode_tools,
)

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def test_tools_come_back() -> None:
    tools: list[dict[str, Any]] = [
        {"name": "f", "input_schema": SCHEMA},
        {"name": "f", "description": "", "input_schema": {}, "strict": False, "type": "custom"},
        {"name": "f", "input_schema": SCHEMA, "type": None, "defer_loading": True, "input_examples": [{}]},
        {"name": "f", "input_schema": SCHEMA, "strict": True, "cache_control": {"type": "ephemeral"}},
        {"name": "web_search", "type": "web_search_20250305", "max_uses": 3, "user_location": None},
        {"type": "of_the_future"},
    ]
    assert encode_tools(decode_tools(tools, "tools")) == tools


def test_what_the_hub_understands() -> None:
    ours, theirs = decode_tools(
        [
            {"name": "f", "description": "d", "input_schema": SCHEMA},
            {"type": "bash_20250124", "name": "bash"},
        ],
        "tools",
    )
    assert ours == Tool("f", "d", SCHEMA)
    assert isinstance(theirs, OpaqueTool)
    assert (theirs.dialect, theirs.kind) == (NAME, "bash_20250124")


@pytest.mark.parametrize(
    ("tool", "param"),
    [
        (1, "tools[0]"),
        ({}, "tools[0].name"),
        ({"name": "f", "input_schema": "x"}, "tools[0].input_schema"),
        ({"name": "f", "type": 3}, "tools[0].type"),
    ],
)
def test_what_is_wrong_with_a_tool_is_said(tool: Any, param: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_tools([tool], "tools")
    assert caught.value.failure.param == param


@pytest.mark.parametrize(
    ("value", "mode", "parallel"),
    [
        ({"type": "auto"}, "auto", None),
        ({"type": "auto", "disable_parallel_tool_use": True}, "auto", False),
        ({"type": "any", "disable_parallel_tool_use": False}, "required", True),
        ({"type": "tool", "name": "f", "new": 1}, "tool", None),
        ({"type": "none"}, "none", None),
    ],
)
def test_a_choice_comes_back(value: dict[str, Any], mode: str, parallel: bool | None) -> None:
    choice, told = decode_tool_choice(Taken(value, "tool_choice"))
    assert choice is not None
    assert (choice.mode, told) == (mode, parallel)
    assert encode_tool_choice(choice, told) == value


def test_forbidding_parallel_calls_needs_a_choice() -> None:
    assert encode_tool_choice(None, False) == {"type": "auto", "disable_parallel_tool_use": True}
    assert encode_tool_choice(None, True) is None
    assert encode_tool_choice(ToolChoice("none"), False) == {"type": "none"}


@pytest.mark.parametrize(
    ("value", "param"),
    [
        ({"type": "maybe"}, "tool_choice.type"),
        ({"type": "tool"}, "tool_choice.name"),
        ({}, "tool_choice.type"),
    ],
)
def test_what_is_wrong_with_a_choice_is_said(value: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_tool_choice(Taken(value, "tool_choice"))
    assert caught.value.failure.param == param
