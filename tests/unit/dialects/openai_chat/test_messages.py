"""Messages to canonical, in the words of OpenAI and of the hosts that follow it."""

from typing import Any

import pytest

from counterpoint.canonical import Audio, Message, Opaque, Reasoning, Refusal, Text, ToolCall, ToolResult
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.extensions import fields_of, spelling
from counterpoint.dialects.openai_chat.messages import says_something, url_citation
from tests.unit.dialects.openai_chat.bodies import decoded, only

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}


def test_roles_and_names() -> None:
    roles = ("system", "developer", "user", "assistant")
    messages = decoded(*({"role": role, "content": "x", "name": "n"} for role in roles)).messages
    assert [(message.role, message.name, message.parts) for message in messages] == [
        (role, "n", (Text("x"),)) for role in roles
    ]


def test_an_assistants_parts_have_one_order() -> None:
    message = only(
        {
            "role": "assistant",
            "tool_calls": [CALL],
            "audio": {"id": "a1"},
            "refusal": "no",
            "content": "x",
            "reasoning_content": "hm",
        }
    )
    assert message.parts == (
        Reasoning("hm"),
        Text("x"),
        Refusal("no"),
        Audio(id="a1"),
        ToolCall("c1", "f", '{"a":1}'),
    )


def test_a_tools_result_is_a_part() -> None:
    message = only({"role": "tool", "tool_call_id": "c1", "content": "42"})
    assert message == Message("tool", (ToolResult("c1", (Text("42"),)),))


def test_legacy_function_calls_and_results_are_paired() -> None:
    call = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}}
    result = {"role": "function", "name": "f", "content": "42"}
    _, first, second = decoded({"role": "user", "content": "x"}, call, result).messages
    assert isinstance(first.parts[0], ToolCall)
    assert isinstance(second.parts[0], ToolResult)
    assert first.parts[0].id == second.parts[0].call_id == "call_1"
    assert second.role == "tool"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"reasoning": "hm"}, "hm"),
        ({"reasoning_content": "hm"}, "hm"),
        ({"reasoning_content": "hm", "reasoning": "hm"}, "hm"),
    ],
)
def test_thinking_is_found_in_every_field(fields: Any, text: str) -> None:
    [part] = only({"role": "assistant", "content": None, **fields}).parts
    assert isinstance(part, Reasoning)
    assert part.text == text


def test_reasoning_details_are_parts_with_signatures() -> None:
    details = [
        {
            "type": "reasoning.text",
            "text": "hm",
            "signature": "s",
            "format": "anthropic-claude-v1",
            "index": 0,
        },
        {"type": "reasoning.summary", "summary": "so", "format": "x", "index": 1},
        {"type": "reasoning.encrypted", "data": "e", "id": "r", "format": "x", "index": 2},
    ]
    message = only({"role": "assistant", "content": "x", "reasoning": "hm", "reasoning_details": details})
    thoughts = [part for part in message.parts if isinstance(part, Reasoning)]
    assert [(part.text, part.signature, part.encrypted) for part in thoughts] == [
        ("hm", "s", None),
        ("so", None, None),
        ("", None, "e"),
    ]
    assert fields_of(message.extensions, "openai-chat") == {}


def test_details_of_another_kind_stay_an_extension() -> None:
    message = only({"role": "assistant", "content": "x", "reasoning_details": [{"type": "dream"}]})
    assert fields_of(message.extensions, "openai-chat") == {"reasoning_details": [{"type": "dream"}]}


def test_annotations_are_citations_of_the_text() -> None:
    cited = {"url": "https://x", "title": "X", "start_index": 0, "end_index": 4, "content": "q"}
    message = only(
        {
            "role": "assistant",
            "content": "said",
            "annotations": [{"type": "url_citation", "url_citation": cited}],
        }
    )
    [text] = message.parts
    assert isinstance(text, Text)
    [citation] = text.citations
    assert (citation.url, citation.title, citation.start, citation.end, citation.quote) == (
        "https://x",
        "X",
        0,
        4,
        "q",
    )


@pytest.mark.parametrize(
    "annotation", [None, {}, {"type": "file_citation"}, {"type": "url_citation", "url_citation": 3}]
)
def test_other_annotations_are_no_citations(annotation: Any) -> None:
    assert url_citation(annotation) is None


def test_calls_of_every_kind() -> None:
    calls = [
        CALL,
        {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "free"}},
        {"id": "c3", "type": "hologram", "hologram": {}},
        {"function": {"name": "h", "arguments": {"a": 1}}},
    ]
    parts = only({"role": "assistant", "tool_calls": calls}).parts
    assert parts[:2] == (ToolCall("c1", "f", '{"a":1}'), ToolCall("c2", "g", "free", "custom"))
    assert parts[2] == Opaque("openai-chat", "tool_call", calls[2])
    assert isinstance(parts[3], ToolCall)
    assert (parts[3].id, parts[3].arguments) == ("", '{"a":1}')
    assert spelling(parts[3].extensions, "openai-chat", "arguments") == "object"


def test_fields_that_hosts_fill_with_nothing_say_nothing() -> None:
    """As Snowflake answers: every field it knows, empty."""
    empty = {
        "refusal": "",
        "audio": {"id": "", "data": "", "expires_at": 0, "transcript": ""},
        "function_call": {"name": "", "arguments": ""},
    }
    assert only({"role": "assistant", "content": "x", **empty}).parts == (Text("x"),)
    assert not says_something({"a": "", "b": 0})
    assert says_something({"a": ""} | {"b": "x"})


@pytest.mark.parametrize(
    ("message", "param"),
    [
        (3, "messages[0]"),
        ({}, "messages[0].role"),
        ({"role": "ipython", "content": "x"}, "messages[0].role"),
        ({"role": 3, "content": "x"}, "messages[0].role"),
        ({"role": "user", "content": 3}, "messages[0].content"),
        ({"role": "user", "content": ["x"]}, "messages[0].content[0]"),
        ({"role": "user", "content": {"type": "text"}}, "messages[0].content"),
        ({"role": "assistant", "tool_calls": {}}, "messages[0].tool_calls"),
        ({"role": "assistant", "tool_calls": [3]}, "messages[0].tool_calls[0]"),
        ({"role": "assistant", "tool_calls": [{"type": "function"}]}, "messages[0].tool_calls[0].function"),
        ({"role": "assistant", "tool_calls": [{"function": {}}]}, "messages[0].tool_calls[0].function.name"),
        ({"role": "assistant", "function_call": "f"}, "messages[0].function_call"),
        ({"role": "assistant", "refusal": 3}, "messages[0].refusal"),
        ({"role": "assistant", "audio": "a"}, "messages[0].audio"),
        ({"role": "tool", "tool_call_id": 3, "content": "x"}, "messages[0].tool_call_id"),
    ],
)
def test_what_is_wrong_is_named(message: Any, param: str) -> None:
    with pytest.raises(Refused) as caught:
        only(message)
    assert caught.value.failure.param == param
