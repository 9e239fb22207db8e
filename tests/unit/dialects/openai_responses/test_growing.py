"""One item of a stream: whatever its host leaves out, its end tells."""

from itertools import count
from typing import Any

import pytest

from counterpoint.canonical import Opaque, PartDelta, PartEnd, PartStart, Reasoning, Text, ToolCall
from counterpoint.dialects.openai_responses.growing import Events, GrowingItem
from tests.unit.dialects.openai_responses.bodies import call, said


def grown(raw: Any) -> tuple[GrowingItem, Events]:
    numbers = count()
    item = GrowingItem(raw, lambda: next(numbers))
    events: Events = []
    item.begin(raw, events)
    return item, events


def test_an_end_alone_tells_all() -> None:
    cited = {"type": "url_citation", "url": "https://a", "title": "A", "start_index": 0, "end_index": 1}
    item, events = grown({"type": "message", "id": "msg_1"})
    item.end(said("hi", annotations=[cited]), events)
    start, words, citation, end = events
    assert isinstance(start, PartStart)
    assert isinstance(start.value, Text)
    assert words == PartDelta(0, 0, "hi")
    assert isinstance(citation, PartDelta)
    assert citation.citation is not None
    assert end == PartEnd(0, 0)


def test_what_was_said_is_not_said_again() -> None:
    item, events = grown({"type": "message", "id": "msg_1"})
    item.grow(("content", 0), "h", events)
    item.end(said("hi"), events)
    assert [event.text for event in events if isinstance(event, PartDelta)] == ["h", "i"]
    before = len(events)
    item.end(said("hi"), events)
    assert len(events) == before


def test_a_call_begins_with_its_name() -> None:
    item, events = grown({**call(), "arguments": ""})
    item.grow(("call", 0), '{"a"', events, "arguments")
    item.end(call('{"a":1}'), events)
    assert isinstance(events[0], PartStart)
    assert isinstance(events[0].value, ToolCall)
    assert [event.text for event in events if isinstance(event, PartDelta)] == ['{"a"', ":1}"]
    assert item.called
    nameless, events = grown({"type": "function_call"})
    nameless.grow(("call", 0), "{}", events, "arguments")
    assert events == []


def test_thoughts_follow_each_other_and_the_last_is_sealed() -> None:
    item, events = grown({"type": "reasoning", "id": "rs_1"})
    item.piece(("summary", 0), events)
    item.grow(("summary", 0), "a", events)
    item.piece(("summary", 1), events)
    texts = [{"type": "summary_text", "text": "a"}, {"type": "summary_text", "text": "b"}]
    item.end({"type": "reasoning", "id": "rs_1", "summary": texts, "encrypted_content": "E"}, events)
    kinds = [type(event) for event in events]
    assert kinds == [PartStart, PartDelta, PartEnd, PartStart, PartDelta, PartDelta, PartEnd]
    assert events[-2] == PartDelta(0, 1, "E", "encrypted")


def test_silent_thinking_is_sealed_too() -> None:
    item, events = grown({"type": "reasoning", "id": "rs_1", "summary": []})
    item.end({"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "E"}, events)
    assert isinstance(events[0], PartStart)
    assert isinstance(events[0].value, Reasoning)
    assert events[1] == PartDelta(0, 0, "E", "encrypted")


def test_what_only_its_host_can_read_is_whole_or_nothing() -> None:
    raw = {"type": "web_search_call", "id": "ws"}
    item, events = grown(raw)
    assert events == []
    item.end(raw, events)
    assert events == [PartStart(0, 0, Opaque("openai-responses", "web_search_call", raw)), PartEnd(0, 0)]
    lost, events = grown(raw)
    lost.abandon(events)
    assert events == []


@pytest.mark.parametrize("text", [5, None, ""])
def test_a_delta_of_nothing_says_nothing(text: Any) -> None:
    item, events = grown({"type": "message"})
    item.grow(("content", 0), text, events)
    assert [type(event) for event in events] == [PartStart]
