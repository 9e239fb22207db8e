"""Ways to write the same have one normal form; what means something else has not."""

from typing import Any

import pytest

from counterpoint.testing.alignment import differences, plain
from counterpoint.testing.same import EQUIVALENCES, normal_form

CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


def differ(dialect: str, before: Any, after: Any) -> list[str]:
    return [one.path for one in differences(normal_form(dialect, before), normal_form(dialect, after))]


def asked(role: str, content: Any, **fields: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **fields}


SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("openai-chat", {"messages": [asked("user", "x")]}, {"messages": [asked("user", [{"type": "text", "text": "x"}])]}),
    ("openai-chat", {"messages": [asked("user", "x"), asked("user", "y")]},
     {"messages": [asked("user", [{"type": "text", "text": "x"}, {"type": "text", "text": "y"}])]}),
    ("openai-chat", {"n": 1, "stream": False, "frequency_penalty": 0.0, "tool_choice": "auto", "stop": None}, {}),
    ("openai-chat", {"max_tokens": 5, "stop": "x"}, {"max_completion_tokens": 5, "stop": ["x"]}),
    ("openai-chat", {"functions": [{"name": "f"}], "function_call": {"name": "f"}},
     {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}],
      "tool_choice": {"type": "function", "function": {"name": "f"}}}),
    ("openai-chat", {"messages": [asked("assistant", None, tool_calls=[CALL])]},
     {"messages": [asked("assistant", "", tool_calls=[
         {"id": "c", "function": {"name": "f", "arguments": '{"a":1}'}}])]}),
    ("openai-chat", {"messages": [asked("assistant", "", tool_calls=[CALL])]},
     {"messages": [asked("assistant", "", tool_calls=[
         {**CALL, "function": {"name": "f", "arguments": {"a": 1}}}])]}),
    ("openai-chat", {"stream": True, "stream_options": {"include_usage": True}}, {"stream": True}),
    ("openai-chat", {"messages": [asked("user", [{"type": "image_url", "image_url": "u"}])]},
     {"messages": [asked("user", [{"type": "image_url", "image_url": {"url": "u"}}])]}),
    ("anthropic-messages", {"system": "s", "messages": []},
     {"system": [{"type": "text", "text": "s"}], "messages": []}),
    ("anthropic-messages", {"tool_choice": {"type": "auto", "disable_parallel_tool_use": False}}, {}),
    ("anthropic-messages", {"output_format": {"type": "json_schema"}},
     {"output_config": {"format": {"type": "json_schema"}}}),
    ("anthropic-messages", {"tools": [{"type": "custom", "name": "f"}]}, {"tools": [{"name": "f"}]}),
    ("anthropic-messages",
     {"messages": [asked("user", [{"type": "tool_result", "tool_use_id": "c", "content": "x", "is_error": False}])]},
     {"messages": [asked("user", [{"type": "tool_result", "tool_use_id": "c",
                                   "content": [{"type": "text", "text": "x"}]}])]}),
]  # fmt: skip

OTHER: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("openai-chat", {"n": 2}, {}, "n"),
    ("openai-chat", {"messages": [asked("user", "x", name="Ann")]},
     {"messages": [asked("user", "x")]}, "messages[0].name"),
    ("openai-chat", {"messages": [asked("user", "a"), asked("system", "s")]},
     {"messages": [asked("system", "s"), asked("user", "a")]}, "messages[1]"),
    ("openai-chat", {"messages": [asked("developer", "s")]}, {"messages": [asked("system", "s")]}, "messages[0].role"),
    ("openai-chat", {"messages": [asked("assistant", "x", reasoning="a", reasoning_content="b")]},
     {"messages": [asked("assistant", "x", reasoning_content="b")]}, "messages[0].reasoning"),
    ("openai-chat", {"tools": [{"function": {"name": "f", "parameters": {"default": None}}}]},
     {"tools": [{"function": {"name": "f", "parameters": {"x": 1}}}]}, "tools[0].function.parameters.default"),
    ("anthropic-messages", {"messages": [asked("assistant", [{"type": "tool_use", "input": {"a": None}}])]},
     {"messages": [asked("assistant", [{"type": "tool_use", "input": {}}])]}, "messages[0].content[0].input"),
    ("anthropic-messages", {"tool_choice": {"type": "any"}}, {}, "tool_choice"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "one", "other"), SAME, ids=str)
def test_the_same_in_other_words(dialect: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert differ(dialect, one, other) == []
    assert differ(dialect, other, one) == []


@pytest.mark.parametrize(("dialect", "one", "other", "path"), OTHER, ids=str)
def test_what_means_something_else_differs(dialect: str, one: Any, other: Any, path: str) -> None:
    assert path in differ(dialect, one, other)


def test_paths_are_those_of_the_request() -> None:
    form = normal_form("openai-chat", {"messages": [asked("user", "a"), asked("user", "b")]})
    (turn,) = form.value["~turns"].value
    assert [item.path for item in turn.value["says"].value] == ["messages[0].content", "messages[1].content"]
    assert plain(turn.value["role"]) == "user"


def test_every_rule_has_its_reason() -> None:
    assert all(reason.endswith(".") or "so" in reason for reason in EQUIVALENCES.values())
