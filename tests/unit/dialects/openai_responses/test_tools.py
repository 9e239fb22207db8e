"""Tools and the choice among them, there and back."""

from typing import Any

import pytest

from counterpoint.canonical import OpaqueTool, Tool
from counterpoint.canonical.errors import Refused
from tests.unit.dialects.openai_responses.bodies import asked, back, decoded

SCHEMA = {"type": "object", "properties": {}}


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "function", "name": "f", "description": "d", "parameters": SCHEMA, "strict": True},
        {"type": "function", "name": "f", "parameters": None, "strict": None},
        {"type": "function", "name": "f"},
        {"type": "function", "name": "f", "parameters": SCHEMA, "strict": False, "defer_loading": True},
        {"type": "custom", "name": "f", "format": {"type": "grammar", "syntax": "lark", "definition": "x"}},
        {"type": "web_search", "filters": {"allowed_domains": ["a"]}},
        {"type": "mcp", "server_label": "s", "server_url": "https://a", "require_approval": "never"},
        {"type": "namespace", "name": "n", "tools": []},
    ],
)
def test_a_tool_comes_back(tool: Any) -> None:
    assert back(asked(tools=[tool]))["tools"] == [tool]


def test_the_clients_own_tools_are_known_and_the_hosts_stay_whole() -> None:
    own, hosted = decoded(tools=[{"type": "custom", "name": "f"}, {"type": "web_search"}]).tools
    assert isinstance(own, Tool)
    assert own.kind == "custom"
    assert isinstance(hosted, OpaqueTool)
    assert hosted.kind == "web_search"


@pytest.mark.parametrize(
    ("choice", "mode", "name"),
    [
        ("auto", "auto", None),
        ("required", "required", None),
        ({"type": "function", "name": "f"}, "tool", "f"),
        ({"type": "custom", "name": "f"}, "tool", "f"),
        ({"type": "allowed_tools", "mode": "required", "tools": [{"type": "function"}]}, "required", None),
    ],
)
def test_a_choice_is_understood_and_comes_back(choice: Any, mode: str, name: str | None) -> None:
    known = decoded(tool_choice=choice).tool_choice
    assert known is not None
    assert (known.mode, known.name) == (mode, name)
    assert back(asked(tool_choice=choice))["tool_choice"] == choice


@pytest.mark.parametrize("choice", [{"type": "web_search"}, "of_tomorrow", None])
def test_a_choice_without_a_word_stays_as_it_was(choice: Any) -> None:
    assert decoded(tool_choice=choice).tool_choice is None
    assert back(asked(tool_choice=choice))["tool_choice"] == choice


def test_mistakes_have_their_path() -> None:
    for fields, param in (
        ({"tools": [{"name": "f"}]}, "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "tools[0].name"),
        ({"tool_choice": 5}, "tool_choice"),
    ):
        with pytest.raises(Refused) as refused:
            decoded(**fields)
        assert refused.value.failure.param == param
