"""One item as events tell it."""

from typing import Any

import pytest

from counterpoint.canonical import Citation, Opaque, Part, Reasoning, Refusal, Text, ToolCall
from counterpoint.dialects.openai_responses.content import with_fields
from counterpoint.dialects.openai_responses.responses import Labels
from counterpoint.dialects.openai_responses.speaking import SpokenItem, SpokenPart

THOUGHT = with_fields(Reasoning(), {"~kind": "content"})


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (Text(""), ["content_part.added", "output_text.delta", "output_text.done", "content_part.done"]),
        (Refusal(""), ["content_part.added", "refusal.delta", "refusal.done", "content_part.done"]),
        (THOUGHT, ["content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done"]),
        (ToolCall("c", "f"), ["function_call_arguments.delta", "function_call_arguments.done"]),
        (
            ToolCall("c", "f", kind="custom"),
            ["custom_tool_call_input.delta", "custom_tool_call_input.done"],
        ),
        (with_fields(Reasoning(), {"~kind": "none"}), ["reasoning_summary_text.delta"]),
    ],
)
def test_a_parts_events(value: Part, kinds: list[str]) -> None:
    spoken = SpokenPart(value, 0)
    told = [*spoken.start(), *spoken.say("x"), *spoken.end()]
    assert [kind.removeprefix("response.") for kind, _ in told] == kinds
    assert spoken.ended


def test_an_item_is_whole_at_its_end() -> None:
    item = SpokenItem(Text(""), 0, Labels("resp_a"))
    assert item.start() == {
        "type": "message",
        "id": "msg_a01",
        "status": "in_progress",
        "role": "assistant",
        "content": [],
    }
    words = item.add(Text(""))
    assert not item.ended
    words.say("hi")
    words.cite(Citation(url="https://a"))
    assert words.cite(Citation(title="no address")) == []
    words.end()
    (content,) = item.whole()["content"]
    assert (content["text"], len(content["annotations"]), item.id) == ("hi", 1, "msg_a01")
    assert item.ended


def test_thinking_is_sealed_at_its_end() -> None:
    item = SpokenItem(Reasoning(), 0, Labels("resp_a"))
    first = item.add(Reasoning())
    first.say("a")
    first.end()
    second = item.add(Reasoning())
    second.seal("E")
    second.end()
    whole = item.whole()
    assert ([piece["text"] for piece in whole["summary"]], whole["encrypted_content"]) == (["a", ""], "E")
    assert (first.place, second.place) == ({"summary_index": 0}, {"summary_index": 1})


def test_what_only_its_host_can_read_begins_as_it_is() -> None:
    raw: Any = {"type": "web_search_call", "id": "ws", "status": "completed"}
    item = SpokenItem(Opaque("openai-responses", "web_search_call", raw), 3, Labels("resp_a"))
    assert item.start() == item.whole() == raw
    assert (item.id, item.ended) == ("ws", True)
