"""Conversations of another dialect as turns of user and assistant."""

from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    Citation,
    Document,
    Image,
    Media,
    Message,
    Opaque,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.anthropic_messages.adapting.messages import is_unsigned
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.base import Target
from tests.unit.dialects.anthropic_messages.adapting.asking import asked, become, said

CALL_A, CALL_B = ToolCall("a", "f", "{}"), ToolCall("b", "g", '{"x":1}')
RESULT_A, RESULT_B = ToolResult("a", (Text("1"),)), ToolResult("b", (Text("2"),))
PICTURE = Image(Media("url", "https://a/b.png"))


ANY = Target("claude")


def turns(*messages: Message, target: Target = ANY) -> tuple[list[Message], dict[str, str]]:
    after, losses = become(asked(*messages), target)
    return list(after.messages), losses


def test_system_and_developer_messages_at_the_start_are_one_prompt() -> None:
    after, losses = turns(said("system", "a"), said("developer", "b"), said("user", "c"))
    assert after == [said("system", "a", "b"), said("user", "c")]
    assert losses == {"messages[1].role": "message.role"}


def test_later_ones_go_to_the_start() -> None:
    messages = (said("user", "a"), said("system", "b"), said("user", "c"))
    after, losses = turns(*messages)
    assert after == [said("system", "b"), said("user", "a", "c")]
    assert losses == {"messages[1]": "system.position"}
    in_place, losses = turns(*messages, target=Target("m", quirks=frozenset({"system_messages"})))
    assert [message.role for message in in_place] == ["user", "system", "user"]
    assert losses == {}


def test_with_system_messages_only_the_last_asks() -> None:
    after, losses = turns(said("system", "a"), said("system", "b"))
    assert after == [said("system", "a"), said("user", "b")]
    assert losses == {"messages[1]": "message.role"}


def test_results_come_first_in_the_turn_after_their_calls() -> None:
    after, losses = turns(
        said("user", "q"),
        said("assistant", CALL_A),
        said("assistant", CALL_B),
        said("tool", RESULT_A),
        said("user", "well?"),
        said("tool", RESULT_B),
    )
    assert after == [
        said("user", "q"),
        said("assistant", CALL_A, CALL_B),
        said("user", RESULT_A, RESULT_B, "well?"),
    ]
    assert losses == {"messages[5]": "tool_result.order"}


def test_blank_texts_and_empty_messages_are_left_out() -> None:
    after, losses = turns(
        said("user", "a", " "),
        said("assistant", ""),
        said("assistant"),
        said("user", "b"),
        said("assistant", "\n", CALL_A),
    )
    assert after == [said("user", "a", "b"), said("assistant", CALL_A)]
    assert losses == {
        "messages[0].content[1]": "text.blank",
        "messages[1]": "message.empty",
        "messages[2]": "message.empty",
        "messages[4].content": "text.blank",
    }


def test_a_result_may_be_blank() -> None:
    after, losses = turns(
        said("user", "q"), said("assistant", CALL_A), said("tool", ToolResult("a", (Text(""),)))
    )
    assert after[2] == said("user", ToolResult("a", (Text(""),)))
    assert losses == {}


def test_a_prefilled_answer_does_not_end_in_white_space() -> None:
    after, losses = turns(said("user", "q"), said("assistant", "Well, \n"))
    assert after[1] == said("assistant", "Well,")
    assert losses == {"messages[1]": "text.trailing_space"}


@pytest.mark.parametrize(
    ("message", "wanted", "code"),
    [
        (said("assistant", Reasoning("hm"), "x"), (Text("x"),), "reasoning.unsigned"),
        (said("assistant", Refusal("No")), (Text("No"),), "refusal"),
        (said("assistant", Audio(transcript="Hi", id="a")), (Text("Hi"),), "audio"),
        (said("assistant", PICTURE, "x"), (Text("x"),), "part.image"),
        (said("user", Audio(Media("data", "AA==")), "x"), (Text("x"),), "part.audio"),
        (said("user", Opaque("other", "video_url", {}), "x"), (Text("x"),), "part.video_url"),
        (said("user", CALL_A, "x"), (Text("x"),), "part.toolcall"),
        (said("assistant", Text("x", (Citation(url="https://a"),))), (Text("x"),), "text.citations"),
        (said("assistant", ToolCall("a", "f", "do", "custom")), (ToolCall("a", "f", '{"input":"do"}'),),
         "tool_call.custom"),
        (said("assistant", ToolCall("a", "f", '{"x')), (ToolCall("a", "f", '{"x'),), "tool_call.arguments"),
        (said("user", "x", name="Ann"), (Text("x"),), "message.name"),
        (said("user", "x", extensions={"openai-chat": {"new": 1}}), (Text("x"),), "field.new"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_said_is_declared(message: Message, wanted: Any, code: str) -> None:
    after, losses = turns(
        said("user", "q"), said("assistant", "r"), said("user", "s"), message, said("user", "t")
    )
    parts = [part for one in after for part in one.parts]
    assert [part for part in parts if part not in said("user", "q", "r", "s", "t").parts] == list(wanted)
    assert list(losses.values()) == [code]
    assert next(iter(losses)).startswith("messages[3]")


def test_pictures_and_documents_go_with_a_result() -> None:
    result = ToolResult("a", (Text("see"), PICTURE, Text(""), Audio(Media("data", "AA=="))))
    after, losses = turns(said("user", "q"), said("assistant", CALL_A), said("tool", result))
    assert after[2] == said("user", ToolResult("a", (Text("see"), PICTURE)))
    assert losses == {"messages[2].content[2]": "text.blank", "messages[2].content[3]": "part.audio"}


def test_parts_of_this_dialect_stay() -> None:
    opaque = Opaque(NAME, "search_result", {"type": "search_result"})
    document = Document(Media("text", "x", "text/plain"))
    after, losses = turns(said("user", opaque, document))
    assert after == [said("user", opaque, document)]
    assert losses == {}


@pytest.mark.parametrize(
    "target", [Target("minimax-m2"), Target("claude", quirks=frozenset({"unsigned_thinking"}))]
)
def test_other_makers_models_take_thinking_without_a_signature(target: Target) -> None:
    after, losses = turns(said("user", "q"), said("assistant", Reasoning("hm"), CALL_A), target=target)
    assert after[1] == said("assistant", Reasoning("hm", ""), CALL_A)
    assert losses == {}


def test_what_is_unsigned() -> None:
    assert is_unsigned(Reasoning("x"))
    assert is_unsigned(Reasoning("x", ""))
    assert not is_unsigned(Reasoning("x", "S"))
    assert not is_unsigned(Reasoning(encrypted="E"))
    assert not is_unsigned(Text("x"))
