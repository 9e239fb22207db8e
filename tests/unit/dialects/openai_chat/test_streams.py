"""Streams to canonical events, from hosts of every habit."""

from typing import Any

import pytest

from counterpoint.canonical import (
    ErrorEvent,
    FailureKind,
    FinishEvent,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
    fold,
)
from counterpoint.dialects.openai_chat.streams import OpenAIStreamDecoder
from counterpoint.testing.conformance import grammar_fault
from tests.unit.dialects.openai_chat.bodies import chunk, sse

USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


def events_of(body: bytes) -> list[StreamEvent]:
    decoder = OpenAIStreamDecoder()
    events = decoder.feed(body) + decoder.close()
    one = OpenAIStreamDecoder()
    assert [event for byte in body for event in one.feed(bytes([byte]))] + one.close() == events
    assert grammar_fault(events) == ""
    return events


def failure_of(body: bytes) -> Any:
    last = events_of(body)[-1]
    assert isinstance(last, ErrorEvent)
    return last.failure


def test_an_answer_grows() -> None:
    body = sse(
        chunk({"role": "assistant", "content": ""}, system_fingerprint="fp", service_tier="default"),
        chunk({"content": "Hel"}),
        chunk({"content": "lo"}),
        chunk(finish="stop"),
        {"id": "c1", "choices": [], "usage": USAGE},
    )
    response = fold(events_of(body))
    assert (response.id, response.model, response.created, response.service_tier) == ("c1", "m", 7, "default")
    assert response.choices[0].parts == (Text("Hello"),)
    assert response.choices[0].finish is not None
    assert response.choices[0].finish.reason == "stop"
    assert response.usage == Usage(input=3, output=2)
    assert response.extensions == {"openai-chat": {"system_fingerprint": "fp"}}


def test_an_empty_first_chunk_waits_for_the_answer() -> None:
    """As Azure begins: what it found in the prompt, and no choice."""
    first = {"id": "", "model": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]}
    events = events_of(sse(first, chunk({"content": "x"}), chunk(finish="stop")))
    assert events[0] == StartEvent(
        "c1", "m", 7, extensions={"openai-chat": {"prompt_filter_results": [{"prompt_index": 0}]}}
    )


def test_comments_are_passed_over_and_the_end_may_lack_its_mark() -> None:
    body = b": OPENROUTER PROCESSING\n\n" + sse(chunk({"content": "x"}), chunk(finish="stop"), done=False)
    decoder = OpenAIStreamDecoder()
    assert fold(decoder.feed(body) + decoder.close()).choices[0].parts == (Text("x"),)
    assert not decoder.complete
    whole = OpenAIStreamDecoder()
    whole.feed(sse(chunk({"content": "x"}), chunk(finish="stop")))
    assert whole.complete
    assert whole.close() == []


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk({"content": "x"}), chunk(finish="stop", usage=USAGE)],
        [chunk({"content": "x"}, usage=USAGE), chunk(finish="stop", usage=USAGE)],
        [chunk({"content": "x"}), chunk(finish="stop", x_groq={"id": "r", "usage": USAGE})],
    ],
)
def test_usage_is_found_wherever_it_stands(chunks: Any) -> None:
    events = events_of(sse(*chunks))
    assert [event for event in events if isinstance(event, UsageEvent)] == [
        UsageEvent(Usage(input=3, output=2))
    ]


def test_what_comes_after_the_start_is_kept_with_the_finish() -> None:
    body = sse(
        chunk({"content": "x"}, provider="P", obfuscation="zz"),
        chunk({"channel": "final"}, "stop", provider="P", obfuscation="z"),
        {"choices": [], "usage": USAGE, "time_info": {"a": 1}},
    )
    events = events_of(body)
    finish = events[-1]
    assert isinstance(finish, FinishEvent)
    assert finish.extensions == {"openai-chat": {"message.channel": "final", "chunk.time_info": {"a": 1}}}


def test_several_choices_grow_beside_each_other() -> None:
    body = sse(
        chunk({"content": "a"}),
        chunk({"content": "b"}, index=1),
        chunk({"content": "A"}),
        chunk(finish="stop"),
        chunk(finish="length", index=1),
    )
    first, second = fold(events_of(body)).choices
    assert (first.parts, second.parts) == ((Text("aA"),), (Text("b"),))
    assert second.finish is not None
    assert second.finish.reason == "length"


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (
            sse(chunk({"content": "x"}), {"error": {"message": "boom", "code": 502}}, done=False),
            FailureKind.upstream_error,
            "boom",
        ),
        (
            sse(chunk({"content": "x"}), done=False)
            + b'event: error\ndata: {"error":{"message":"bad","status_code":400}}\n\n',
            FailureKind.bad_request,
            "bad",
        ),
        (sse({"object": "error", "message": "too long", "code": 400}), FailureKind.bad_request, "too long"),
        (
            b'{"error": {"message": "no stream", "code": "invalid_api_key"}}',
            FailureKind.authentication,
            "no stream",
        ),
        (sse({"error": "plain words"}), FailureKind.upstream_error, "plain words"),
        (
            b"event: error\ndata: 3\n\n",
            FailureKind.upstream_error,
            "The upstream failed while it was answering.",
        ),
    ],
)
def test_a_reported_failure_is_told(body: bytes, kind: FailureKind, message: str) -> None:
    failure = failure_of(body)
    assert (failure.kind, failure.message, failure.from_upstream) == (kind, message, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"data: [DONE]\n\n",
        sse(chunk({"content": "x"}), done=False),
        sse(chunk({"content": "x"}), chunk({"content": "y"}, index=1), chunk(finish="stop"), done=False),
        b"data: {\n\n",
        b"data: [1]\n\n",
        b"data: \xff\n\n",
        b"<html>sorry</html>",
    ],
)
def test_what_is_no_whole_stream_is_a_failure(body: bytes) -> None:
    failure = failure_of(body)
    assert (failure.kind, failure.code) == (FailureKind.upstream_error, "invalid_stream")


def test_nothing_follows_a_failure() -> None:
    decoder = OpenAIStreamDecoder()
    decoder.feed(sse({"error": {"message": "x"}}))
    assert decoder.feed(sse(chunk({"content": "x"}))) == []
    assert decoder.close() == []


def test_an_endless_event_is_a_failure() -> None:
    decoder = OpenAIStreamDecoder()
    piece, events = b"data: " + b"x" * (8 * 1024 * 1024), []
    for _ in range(10):
        events += decoder.feed(piece)
    assert [type(event) for event in events] == [ErrorEvent]


def test_calls_without_ids_get_ids_from_the_answers() -> None:
    body = sse(
        chunk({"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}), chunk(finish="tool_calls")
    )
    [part] = fold(events_of(body)).choices[0].parts
    assert part == ToolCall("call_c1_0_0", "f", "{}")


def test_halves_of_a_surrogate_pair_do_not_break_a_stream() -> None:
    body = b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"a\\ud83d"}}]}\n\n' + sse(
        chunk(finish="stop")
    )
    assert fold(events_of(body)).choices[0].parts == (Text("a\ufffd"),)
