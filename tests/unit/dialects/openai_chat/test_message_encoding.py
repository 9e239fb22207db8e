"""Messages written as this dialect wants them."""

from typing import Any

import pytest

from counterpoint.canonical import Citation, Message, Reasoning, Refusal, Text, ToolCall, ToolResult
from counterpoint.dialects.openai_chat.message_encoding import (
    annotation_of,
    encode_assistant,
    encode_messages,
)
from tests.unit.dialects.openai_chat.bodies import asked, back

NONE: frozenset[str] = frozenset()

AS_WRITTEN: list[Any] = [
    {"role": "user", "content": "x"},
    {"role": "user", "content": ""},
    {"role": "user", "content": None},
    {"role": "user"},
    {"role": "user", "content": []},
    {"role": "user", "content": [{"type": "text", "text": "x"}]},
    {"role": "user", "content": [{"type": "text", "text": ""}]},
    {"role": "user", "content": "x", "name": None, "cache_control": {"type": "ephemeral"}},
    {"role": "user", "content": "x", "~odd": 1, "content.x": 2},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": ""}}],
    },
    {
        "role": "assistant",
        "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "not json"}}],
    },
    {"role": "assistant", "content": "", "tool_calls": []},
    {
        "role": "assistant",
        "content": "x",
        "tool_calls": [{"function": {"name": "f", "arguments": {"a": [1]}}}],
    },
    {"role": "assistant", "content": "x", "tool_calls": [{"id": "", "type": "", "function": {"name": "f"}}]},
    {
        "role": "assistant",
        "content": "x",
        "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "f", "input": "i"}}],
    },
    {
        "role": "assistant",
        "content": "x",
        "tool_calls": [
            {
                "id": "1",
                "index": 0,
                "extra_content": {"google": {}},
                "type": "function",
                "function": {"name": "f", "arguments": "{}", "~x": 1},
            }
        ],
    },
    {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
    {"role": "function", "name": "f", "content": "42"},
    {"role": "tool", "tool_call_id": "1", "content": "42", "name": "f"},
    {"role": "tool", "content": [{"type": "text", "text": "42"}]},
    {"role": "assistant", "content": "x", "reasoning": "hm"},
    {"role": "assistant", "content": "x", "reasoning_content": ""},
    {"role": "assistant", "content": "x", "reasoning": "hm", "reasoning_content": "hm"},
    {
        "role": "assistant",
        "content": "x",
        "reasoning": "hm",
        "reasoning_details": [{"type": "reasoning.text", "text": "hm", "signature": None}],
    },
    {"role": "assistant", "content": "x", "reasoning_details": []},
    {"role": "assistant", "content": "x", "annotations": []},
    {"role": "assistant", "content": "x", "annotations": [{"type": "file_citation"}], "refusal": ""},
    {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]},
    {
        "role": "assistant",
        "content": "x",
        "audio": {"id": "a"},
        "function_call": {"name": "", "arguments": ""},
    },
    {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
            {"type": "text", "text": "x"},
        ],
    },
]


@pytest.mark.parametrize("message", AS_WRITTEN)
def test_every_message_goes_out_as_it_came_in(message: Any) -> None:
    assert back(asked(message))["messages"] == [message]


def test_several_results_become_several_messages_before_what_the_user_says() -> None:
    results = (ToolResult("1", (Text("a"),)), Text("and now?"), ToolResult("2", (Text("b"), Text("c"))))
    assert encode_messages([Message("user", results)], NONE) == [
        {"role": "tool", "content": "a", "tool_call_id": "1"},
        {
            "role": "tool",
            "content": [{"type": "text", "text": "b"}, {"type": "text", "text": "c"}],
            "tool_call_id": "2",
        },
        {"role": "user", "content": "and now?"},
    ]


def test_a_developer_is_a_system_where_hosts_know_only_that() -> None:
    message = Message("developer", (Text("x"),))
    assert encode_messages([message], frozenset({"no_developer_role"})) == [
        {"role": "system", "content": "x"}
    ]
    assert encode_messages([message], NONE) == [{"role": "developer", "content": "x"}]


def test_texts_are_joined_where_hosts_take_strings_only() -> None:
    message = Message("user", (Text("a"), Text("b")))
    assert encode_messages([message], frozenset({"string_content"})) == [{"role": "user", "content": "a\nb"}]


def test_an_assistants_fields() -> None:
    calls = (ToolCall("1", "f", "{}"), ToolCall("2", "g", "x", "custom"))
    message = Message("assistant", (Reasoning("a"), Reasoning("b"), Refusal("no"), *calls))
    assert encode_assistant(message) == {
        "content": None,
        "refusal": "no",
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
            {"id": "2", "type": "custom", "custom": {"name": "g", "input": "x"}},
        ],
        "reasoning_content": "ab",
    }


def test_an_empty_answer_has_empty_content() -> None:
    assert encode_assistant(Message("assistant")) == {"content": ""}


@pytest.mark.parametrize(
    ("citation", "inner"),
    [
        (
            Citation(url="https://x", title="X", start=1, end=2),
            {"url": "https://x", "title": "X", "start_index": 1, "end_index": 2},
        ),
        (
            Citation(url="https://x", quote="q", document=0, start=1, end=2),
            {"url": "https://x", "title": "https://x", "start_index": 0, "end_index": 0, "content": "q"},
        ),
        (Citation(quote="q", document=0), None),
    ],
)
def test_citations_of_urls_are_annotations(citation: Citation, inner: Any) -> None:
    annotation = annotation_of(citation)
    assert annotation == (None if inner is None else {"type": "url_citation", "url_citation": inner})
