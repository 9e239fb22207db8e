"""Turns to items: as they came, and as another dialect's must go."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Message, Refusal, Text, ToolCall, ToolResult
from counterpoint.dialects.openai_responses.item_encoding import (
    encode_messages,
    encode_turn,
    goes_on,
    refused,
)
from counterpoint.dialects.openai_responses.items import decode_input, decode_output
from counterpoint.dialects.openai_responses.responses import Labels

ITEMS: list[Any] = [
    {"role": "user", "content": "hi"},
    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
    {"type": "message", "role": "system", "content": "be brief", "id": "msg_0", "status": "completed"},
    {"role": "assistant", "content": "yes", "phase": "commentary"},
    {
        "role": "assistant",
        "content": [{"type": "output_text", "text": "a"}, {"type": "refusal", "refusal": "b"}],
    },
    {"type": "message", "role": "assistant", "content": [], "id": "m", "status": "completed"},
    {"type": "message", "role": "assistant", "content": [{"type": "output_new", "x": 1}], "id": "m"},
    {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{", "id": "fc", "namespace": "n"},
    {"type": "custom_tool_call", "call_id": "c", "name": "f", "input": "SELECT 1"},
    {"type": "function_call_output", "call_id": "c", "output": ""},
    {"type": "function_call_output", "call_id": "c", "output": [], "status": "completed"},
    {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "a"}]},
    {"type": "custom_tool_call_output", "call_id": "c", "output": "1"},
    {"type": "reasoning", "id": "rs", "summary": []},
    {"type": "reasoning", "summary": [], "content": None, "encrypted_content": None},
    {"type": "reasoning", "id": "rs", "encrypted_content": "E", "content": []},
    {
        "type": "reasoning",
        "id": "rs",
        "summary": [{"type": "summary_text", "text": "a", "new": 1}, {"type": "summary_text", "text": "b"}],
        "content": [{"type": "reasoning_text", "text": "c"}],
        "encrypted_content": "E",
        "status": "completed",
    },
    {"type": "web_search_call", "id": "ws", "status": "completed", "action": {"type": "search"}},
    {"type": "item_reference", "id": "msg_1"},
    {"type": "computer_call_output", "call_id": "c", "output": {"type": "computer_screenshot"}},
]


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_comes_back(item: Any) -> None:
    assert encode_messages(decode_input([item])) == [item]


@given(st.lists(st.sampled_from(ITEMS), max_size=8))
def test_any_conversation_comes_back(items: list[Any]) -> None:
    assert encode_messages(decode_input(items)) == items


def test_another_dialects_turn_becomes_items() -> None:
    turn = Message(
        "assistant", (Text("a"), Text("b"), ToolCall("c", "f", "{}"), ToolCall("d", "g", "x", "custom"))
    )
    results = Message("user", (ToolResult("d", (Text("1"),)), ToolResult("c", ()), Text("go on")))
    assert encode_messages([turn, results]) == [
        {"type": "message", "role": "assistant", "content": "a"},
        {"type": "message", "role": "assistant", "content": "b"},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "custom_tool_call", "call_id": "d", "name": "g", "input": "x"},
        {"type": "custom_tool_call_output", "call_id": "d", "output": "1"},
        {"type": "function_call_output", "call_id": "c", "output": ""},
        {"type": "message", "role": "user", "content": "go on"},
    ]


def test_an_answers_items_have_ids_and_a_status() -> None:
    items = encode_turn((Text("a"), Text("b"), ToolCall("c", "f")), Labels("resp_abc"))
    assert [(item["type"], item["id"], item["status"]) for item in items] == [
        ("message", "msg_abc01", "completed"),
        ("function_call", "fc_abc02", "completed"),
    ]
    assert [part["text"] for part in items[0]["content"]] == ["a", "b"]
    assert encode_turn(decode_output([{**ITEMS[7]}]), Labels("x"))[0]["id"] == "fc"


def test_what_goes_on_an_item() -> None:
    assert goes_on(Text("a"), Refusal("b"), answer=True)
    assert not goes_on(Text("a"), Refusal("b"), answer=False)
    assert not goes_on(ToolCall("c", "f"), Text("b"), answer=True)
    assert refused((Text("a"), Refusal("b")))
