"""Two ways to write the same request are one."""

from typing import Any

import pytest

from counterpoint.testing.alignment import differences
from counterpoint.testing.same import normal_form

CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
BASE: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


def told(first: dict[str, Any], second: dict[str, Any]) -> list[tuple[str, str]]:
    before, after = normal_form("cohere-chat", first), normal_form("cohere-chat", second)
    return [(item.kind, item.path) for item in differences(before, after)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"stream": False, "tools": [], "documents": [], "strict_tools": False, "p": None}),
        ({}, {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}),
        (
            {"response_format": {"type": "json_object", "schema": {}}},
            {"response_format": {"type": "json_object", "json_schema": {}}},
        ),
        (
            {"messages": [{"role": "assistant", "tool_calls": [CALL], "tool_plan": ""}]},
            {"messages": [{"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f"}}]}]},
        ),
        (
            {"messages": [{"role": "assistant", "tool_plan": "Hm"}]},
            {"messages": [{"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm"}]}]},
        ),
    ],
)
def test_the_same_is_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert told({**BASE, **one}, {**BASE, **other}) == []


def test_a_document_that_became_text_is_found_where_it_stood() -> None:
    text = {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "words"}, {"type": "text", "text": "Hi"}]}
        ]
    }
    assert told({**BASE, "documents": [{"data": {"text": "words"}}]}, {**BASE, **text}) == [
        ("missing", "documents[0]")
    ]


def test_what_differs_has_its_path() -> None:
    result = {"role": "tool", "tool_call_id": "c", "content": "x"}
    other = {**result, "content": "y"}
    found = told({**BASE, "messages": [result]}, {**BASE, "messages": [other]})
    assert found
    assert all(path.startswith("messages[0]") for _, path in found)
