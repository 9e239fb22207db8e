"""Streams for clients: the grammar that official clients expect, whatever the answer came in."""

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletionChunk

from counterpoint.canonical import (
    Audio,
    Citation,
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    Media,
    Opaque,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
    fold,
)
from counterpoint.dialects.openai_chat.stream_encoding import OpenAIStreamEncoder
from counterpoint.dialects.openai_chat.streams import OpenAIStreamDecoder
from counterpoint.wire import SseReader


def encoder(**options: Any) -> OpenAIStreamEncoder:
    return OpenAIStreamEncoder("m", include_usage=options.get("include_usage", False), now=lambda: 99.5)


def written(events: list[StreamEvent], **options: Any) -> bytes:
    writing = encoder(**options)
    return b"".join(map(writing.encode, events)) + writing.close()


def chunks(events: list[StreamEvent], **options: Any) -> list[Any]:
    """Every chunk but the last mark. The official client can read each, unless it holds an unofficial word."""
    frames = SseReader().feed(written(events, **options))
    assert frames[-1].data == b"[DONE]"
    if options.get("official", True):
        for frame in frames[:-1]:
            ChatCompletionChunk.model_validate_json(frame.data)
    return [json.loads(frame.data) for frame in frames[:-1]]


def deltas(events: list[StreamEvent]) -> list[Any]:
    """What each chunk after the first, which has the role, says."""
    # Custom tools are official, but the official client has no word for them in streams.
    official = not any(
        isinstance(event, PartStart) and getattr(event.value, "kind", "") == "custom" for event in events
    )
    sent = chunks([StartEvent("r", "x", 7), *events], official=official)
    return [item["choices"][0]["delta"] for item in sent][1:]


ANSWER: list[StreamEvent] = [
    StartEvent("r", "x", 7),
    PartStart(0, 0, Reasoning()),
    PartDelta(0, 0, "hm"),
    PartDelta(0, 0, "sig", "signature"),
    PartEnd(0, 0),
    PartStart(0, 1, Text("")),
    PartDelta(0, 1, "Hi"),
    PartEnd(0, 1),
    PartStart(0, 2, ToolCall("t1", "f")),
    PartStart(0, 3, ToolCall("t2", "g", "{")),
    PartDelta(0, 2, "{}", "arguments"),
    PartDelta(0, 3, "}", "arguments"),
    PartEnd(0, 2),
    PartEnd(0, 3),
    UsageEvent(Usage(input=3, output=2)),
    FinishEvent(0, Finish("tool_calls", "tool_use")),
]


def test_the_grammar_of_an_answer() -> None:
    sent = chunks(ANSWER, include_usage=True)
    assert [item["choices"][0]["delta"] for item in sent[:-1]] == [
        {"role": "assistant", "content": ""},
        {"reasoning_content": "hm"},
        {"content": "Hi"},
        {
            "tool_calls": [
                {"index": 0, "id": "t1", "type": "function", "function": {"name": "f", "arguments": ""}}
            ]
        },
        {
            "tool_calls": [
                {"index": 1, "id": "t2", "type": "function", "function": {"name": "g", "arguments": "{"}}
            ]
        },
        {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]},
        {"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]},
        {},
    ]
    assert [item["choices"][0]["finish_reason"] for item in sent[:-1]] == [None] * 7 + ["tool_calls"]
    assert sent[-1]["choices"] == []
    assert (sent[-1]["usage"]["prompt_tokens"], sent[-1]["usage"]["completion_tokens"]) == (3, 2)
    assert all(item["usage"] is None for item in sent[:-1])
    assert {(item["id"], item["object"], item["created"], item["model"]) for item in sent} == {
        ("r", "chat.completion.chunk", 7, "x")
    }


def test_usage_comes_only_where_it_was_asked_for_and_is_known() -> None:
    assert all("usage" not in item for item in chunks(ANSWER))
    unknown: list[StreamEvent] = [event for event in ANSWER if not isinstance(event, UsageEvent)]
    assert all(item["choices"] for item in chunks(unknown, include_usage=True))


def test_what_is_written_folds_to_the_same_answer() -> None:
    decoder = OpenAIStreamDecoder()
    response = fold(decoder.feed(written(ANSWER, include_usage=True)) + decoder.close())
    assert response.choices[0].parts == (
        Reasoning("hm"),
        Text("Hi"),
        ToolCall("t1", "f", "{}"),
        ToolCall("t2", "g", "{}"),
    )
    assert response.usage == Usage(input=3, output=2)


def test_a_loss_in_a_stream_is_declared_once() -> None:
    writing = encoder()
    for event in [*ANSWER, PartStart(0, 4, Opaque("elsewhere", "server_tool_use", {})), PartEnd(0, 4)]:
        writing.encode(event)
    assert [(loss.code, loss.path) for loss in writing.losses] == [
        ("reasoning.signature", "choices[0].parts[0]"),
        ("part.server_tool_use", "choices[0].parts[4]"),
    ]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([PartStart(0, 0, Text("whole")), PartEnd(0, 0)], [{"content": "whole"}]),
        ([PartStart(0, 0, Refusal("")), PartDelta(0, 0, "no"), PartEnd(0, 0)], [{"refusal": "no"}]),
        (
            [
                PartStart(0, 0, ToolCall("t", "g", kind="custom")),
                PartDelta(0, 0, "free", "arguments"),
                PartEnd(0, 0),
            ],
            [
                {
                    "tool_calls": [
                        {"index": 0, "id": "t", "type": "custom", "custom": {"name": "g", "input": ""}}
                    ]
                },
                {"tool_calls": [{"index": 0, "custom": {"input": "free"}}]},
            ],
        ),
        (
            [
                PartStart(0, 0, Audio(Media("data", ""), None, "a")),
                PartDelta(0, 0, "AA", "data"),
                PartDelta(0, 0, "hi", "transcript"),
                PartEnd(0, 0),
            ],
            [{"audio": {"id": "a"}}, {"audio": {"data": "AA"}}, {"audio": {"transcript": "hi"}}],
        ),
        (
            [
                PartStart(0, 0, Text("x")),
                PartDelta(0, 0, citation=Citation(url="https://x", title="X", start=0, end=1)),
                PartDelta(0, 0, citation=Citation(quote="q", document=0)),
                PartEnd(0, 0),
            ],
            [
                {"content": "x"},
                {
                    "annotations": [
                        {
                            "type": "url_citation",
                            "url_citation": {
                                "url": "https://x",
                                "title": "X",
                                "start_index": 0,
                                "end_index": 1,
                            },
                        }
                    ]
                },
            ],
        ),
    ],
)
def test_every_kind_of_part(events: list[StreamEvent], expected: Any) -> None:
    assert deltas([*events, FinishEvent(0, Finish("stop"))]) == [*expected, {}]


def test_logprobs_stand_beside_their_text() -> None:
    entry = {"token": "x", "logprob": -0.1, "bytes": None, "top_logprobs": []}
    events: list[StreamEvent] = [
        PartStart(0, 0, Text("")),
        PartDelta(0, 0, "x", logprobs=[entry]),
        PartEnd(0, 0),
    ]
    sent = chunks([StartEvent(), *events, FinishEvent(0, Finish("stop"))])
    assert sent[1]["choices"][0]["logprobs"] == {"content": [entry], "refusal": None}


def test_each_choice_names_its_role() -> None:
    events: list[StreamEvent] = [StartEvent("r")]
    for index in (0, 1):
        events += [PartStart(index, 0, Text("x")), PartEnd(index, 0), FinishEvent(index, Finish("stop"))]
    sent = chunks(events)
    roles = [item["choices"][0]["index"] for item in sent if "role" in item["choices"][0]["delta"]]
    assert roles == [0, 1]


def test_an_answer_without_a_start_has_the_asked_model_and_the_time() -> None:
    sent = chunks([PartStart(0, 0, Text("x")), PartEnd(0, 0), FinishEvent(0, Finish("stop"))])
    assert {(item["model"], item["created"]) for item in sent} == {("m", 99)}


def test_an_error_ends_the_stream_in_the_words_of_the_dialect() -> None:
    failure = Failure(FailureKind.overloaded, "busy")
    body = written([StartEvent("r"), ErrorEvent(failure), PartStart(0, 0, Text("x"))])
    frames = SseReader().feed(body)
    assert json.loads(frames[-1].data)["error"]["message"] == "busy"
    assert len(frames) == 2


def test_fields_of_this_dialect_come_back() -> None:
    start = StartEvent("r", "x", 7, "default", {"openai-chat": {"system_fingerprint": "fp"}})
    about = {"type": "reasoning.text", "format": "f", "index": 0}
    events: list[StreamEvent] = [
        start,
        PartStart(0, 0, Reasoning(extensions={"openai-chat": {"~detail": about}})),
        PartDelta(0, 0, "hm"),
        PartDelta(0, 0, "s", "signature"),
        PartEnd(0, 0),
        FinishEvent(
            0,
            Finish("other", "abort"),
            {"openai-chat": {"message.channel": "c", "chunk.x": 1, "seed": 2, "~stop_reason": 5}},
        ),
    ]
    sent = chunks(events, official=False)
    assert {(item["system_fingerprint"], item["service_tier"]) for item in sent} == {("fp", "default")}
    assert sent[1]["choices"][0]["delta"] == {
        "reasoning": "hm",
        "reasoning_details": [{**about, "text": "hm"}],
    }
    assert sent[2]["choices"][0]["delta"] == {"reasoning_details": [{**about, "signature": "s"}]}
    last = sent[-1]
    assert (last["x"], last["choices"][0]["delta"], last["choices"][0]["seed"]) == (1, {"channel": "c"}, 2)
    assert (last["choices"][0]["finish_reason"], last["choices"][0]["stop_reason"]) == ("abort", 5)
