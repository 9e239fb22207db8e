"""Items to turns: what belongs together, what stays whole, what is refused."""

from typing import Any

import pytest

from counterpoint.canonical import Opaque, Reasoning, Text, ToolCall, ToolResult
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_responses.items import decode_input, decode_output
from tests.unit.dialects.openai_responses.bodies import call, said

USER = {"role": "user", "content": "hi"}
THOUGHT = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "a"}, {"type": "summary_text", "text": "b"}],
    "encrypted_content": "E",
}
RESULT = {"type": "function_call_output", "call_id": "c1", "output": "21"}


def test_what_the_assistant_thinks_says_and_calls_is_one_turn() -> None:
    messages = decode_input([USER, THOUGHT, said("ok"), call(), call(call_id="c2"), RESULT])
    assert [message.role for message in messages] == ["user", "assistant", "tool"]
    kinds = [type(part) for part in messages[1].parts]
    assert kinds == [Reasoning, Reasoning, Text, ToolCall, ToolCall]
    first, second = messages[1].parts[:2]
    assert isinstance(first, Reasoning)
    assert isinstance(second, Reasoning)
    assert (first.text, first.encrypted, second.text, second.encrypted) == ("a", None, "b", "E")
    assert isinstance(messages[2].parts[0], ToolResult)


def test_words_after_words_are_another_turn_unless_a_call_is_open() -> None:
    assert len(decode_input([said("a"), said("b")])) == 2
    assert len(decode_input([said("a"), THOUGHT, said("b")])) == 2
    assert len(decode_input([said("a"), call(), said("b"), call(call_id="c2")])) == 1


@pytest.mark.parametrize(
    ("item", "role"),
    [
        ({"type": "web_search_call", "id": "ws", "action": {}}, "assistant"),
        ({"type": "item_reference", "id": "x"}, "assistant"),
        ({"type": "computer_call_output", "call_id": "c", "output": {}}, "tool"),
        ({"type": "mcp_approval_response", "approve": True}, "tool"),
        ({"type": "additional_tools", "role": "developer", "tools": []}, "developer"),
        ({"type": "of_tomorrow"}, "assistant"),
    ],
)
def test_what_only_its_host_can_read_stays_whole(item: Any, role: str) -> None:
    (message,) = decode_input([item])
    assert message.role == role
    (part,) = message.parts
    assert isinstance(part, Opaque)
    assert (part.kind, part.value) == (item["type"], item)


@pytest.mark.parametrize(
    ("item", "param"),
    [
        (5, "input[0]"),
        ({"role": "critic", "content": "x"}, "input[0].role"),
        ({"role": "user"}, "input[0].content"),
        ({"type": "function_call", "call_id": "c", "arguments": "{}"}, "input[0].name"),
        ({"type": "function_call_output", "call_id": "c", "output": 5}, "input[0].output"),
        ({"type": "reasoning", "summary": [{"type": "x", "text": "a"}]}, "input[0].summary[0].type"),
        ({"role": "user", "content": [{"type": "input_image"}]}, "input[0].content[0].image_url"),
    ],
)
def test_mistakes_are_refused_with_their_path(item: Any, param: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_input([item])
    assert refused.value.failure.param == param


def test_nothing_of_an_answer_is_refused() -> None:
    broken = {"type": "function_call", "name": 5}
    foreign = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "a"}]}
    parts = decode_output([broken, foreign, "no item", said("a")])
    assert [type(part) for part in parts] == [Opaque, Opaque, Text]
