"""One choice of a stream: parts begin, grow and end in order, however a host cuts them."""

from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    Media,
    Opaque,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    fold,
)
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.openai_chat.growing import GrowingChoice


def grown(*choices: Any) -> tuple[list[Any], tuple[Part, ...]]:
    """Kinds of the events, and the parts they fold to."""
    choice = GrowingChoice(0, "call_c_0")
    events = [event for item in choices for event in choice.add(item)] + choice.end({})
    return [type(event) for event in events], fold(events).choices[0].parts


def delta(**fields: Any) -> dict[str, Any]:
    return {"index": 0, "delta": fields}


def call(index: Any = None, call_id: Any = None, name: Any = None, arguments: Any = None) -> dict[str, Any]:
    body = {"index": index, "id": call_id, "function": {"name": name, "arguments": arguments}}
    return delta(tool_calls=[{key: value for key, value in body.items() if value is not None}])


def test_thinking_text_and_calls_follow_each_other() -> None:
    kinds, parts = grown(
        delta(reasoning_content="h"),
        delta(reasoning_content="m"),
        delta(content="x"),
        call(0, "1", "f", ""),
        call(0, arguments="{}"),
    )
    assert parts == (Reasoning("hm"), Text("x"), ToolCall("1", "f", "{}"))
    assert kinds[:7] == [PartStart, PartDelta, PartDelta, PartEnd, PartStart, PartDelta, PartEnd]


def test_thinking_between_texts_keeps_its_place() -> None:
    _, parts = grown(delta(content="a"), delta(reasoning="h"), delta(content="b"))
    assert [type(part) for part in parts] == [Text, Reasoning, Text]
    assert spelling(parts[1].extensions, "openai-chat", "field") == "reasoning"  # type: ignore[union-attr]


def test_parallel_calls_grow_by_index_even_if_mixed() -> None:
    _, parts = grown(
        call(0, "1", "f", "{"), call(1, "2", "g", "["), call(0, arguments="}"), call(1, arguments="]")
    )
    assert parts == (ToolCall("1", "f", "{}"), ToolCall("2", "g", "[]"))


@pytest.mark.parametrize(
    "choices",
    [
        [call(None, "1", "f", "{}"), call(None, "2", "g", "{}")],
        [call(0, "1", "f", "{}"), call(0, "2", "g", "{}")],
        [
            call(None, "1", "f", "{"),
            call(None, "1", None, "}"),
            call(None, "2", "g", "{"),
            call(arguments="}"),
        ],
        [call(0, "1", None, "{"), call(0, None, "f", "}"), call(1, "2", "g", {})],
        [call(0, "1", "f", "{"), call(0, "1", "f", "}"), call(1, "2", "g", "{}")],
    ],
)
def test_calls_are_told_apart_without_proper_indexes(choices: Any) -> None:
    _, parts = grown(*choices)
    assert parts == (ToolCall("1", "f", "{}"), ToolCall("2", "g", "{}"))


def test_a_call_whose_name_never_comes_is_still_seen() -> None:
    _, parts = grown(call(0, "1", None, "{}"))
    assert parts == (ToolCall("1", "", "{}"),)


def test_custom_and_legacy_calls() -> None:
    custom = {"index": 0, "id": "1", "type": "custom", "custom": {"name": "g", "input": "fr"}}
    _, parts = grown(delta(tool_calls=[custom]), delta(tool_calls=[{"index": 0, "custom": {"input": "ee"}}]))
    assert parts == (ToolCall("1", "g", "free", "custom"),)
    _, parts = grown(
        delta(function_call={"name": "f", "arguments": ""}), delta(function_call={"arguments": "{}"})
    )
    [part] = parts
    assert isinstance(part, ToolCall)
    assert (part.name, part.arguments) == ("f", "{}")
    assert spelling(part.extensions, "openai-chat", "legacy")


def test_reasoning_details_are_gathered_by_type_and_index() -> None:
    def detail(**fields: Any) -> dict[str, Any]:
        return delta(
            reasoning=fields.get("text", ""), reasoning_details=[{"index": 0, "format": "x", **fields}]
        )

    _, parts = grown(
        detail(type="reasoning.text", text="h"),
        detail(type="reasoning.text", text="m"),
        detail(type="reasoning.text", text="", signature="s"),
        detail(type="reasoning.encrypted", data="e"),
        delta(content="x"),
    )
    first, second, text = parts
    assert isinstance(first, Reasoning)
    assert (first.text, first.signature) == ("hm", "s")
    assert isinstance(second, Reasoning)
    assert second.encrypted == "e"
    assert text == Text("x")


def test_content_lists_and_refusals() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "h"}]}
    _, parts = grown(
        delta(content=[thinking]), delta(content=[{"type": "text", "text": "x"}, {"type": "odd"}, 3])
    )
    assert [type(part) for part in parts] == [Reasoning, Text, Opaque]
    assert grown(delta(refusal="n"), delta(refusal="o"))[1] == (Refusal("no"),)


def test_sound_grows_with_its_words() -> None:
    _, parts = grown(
        delta(audio={"id": "a"}),
        delta(audio={"data": "AA", "transcript": "h"}),
        delta(audio={"transcript": "i"}),
    )
    assert parts == (Audio(Media("data", "AA"), "hi", "a"),)


def test_citations_go_to_the_text_whether_they_come_before_or_after() -> None:
    annotation = {"type": "url_citation", "url_citation": {"url": "https://x", "title": "X"}}
    for choices in (
        [delta(annotations=[annotation]), delta(content="x")],
        [delta(content="x", annotations=[annotation])],
    ):
        [text] = grown(*choices)[1]
        assert isinstance(text, Text)
        assert [citation.url for citation in text.citations] == ["https://x"]


def test_logprobs_are_gathered() -> None:
    choice = GrowingChoice(0, "s")
    events = choice.add({"delta": {"content": "x"}, "logprobs": {"content": [{"token": "x"}]}})
    events += choice.add({"delta": {"content": "y"}, "logprobs": {"content": [{"token": "y"}]}}) + choice.end(
        {}
    )
    assert fold(events).choices[0].logprobs == {"content": [{"token": "x"}, {"token": "y"}]}


def test_the_last_word_on_an_unknown_field_that_says_something_counts() -> None:
    choice = GrowingChoice(0, "s")
    events = [
        *choice.add({"delta": {"content": "x", "channel": "a"}, "content_filter_results": {"hate": 1}}),
        *choice.add(
            {
                "delta": {"channel": "b"},
                "content_filter_results": {},
                "finish_reason": "stop",
                "stop_reason": "END",
            }
        ),
    ]
    assert choice.finished
    folded = fold(events + choice.end({"chunk.x": 1})).choices[0]
    assert folded.finish is not None
    assert folded.finish.stop_sequence == "END"
    assert folded.extensions["openai-chat"] == {
        "content_filter_results": {"hate": 1},
        "message.channel": "b",
        "~stop_reason": "END",
        "chunk.x": 1,
    }


@pytest.mark.parametrize(
    "choice", [{}, {"delta": None}, {"delta": 3}, {"delta": {"content": 3, "tool_calls": 4}}]
)
def test_nonsense_is_nothing(choice: Any) -> None:
    assert grown(choice)[1] == ()
