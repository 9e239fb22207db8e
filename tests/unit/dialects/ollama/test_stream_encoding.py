"""Events as lines, the last of which says all that is known."""

import json
from collections.abc import Iterator

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
)
from counterpoint.dialects.ollama.stream_encoding import OllamaEncoder


def clock() -> Iterator[float]:
    now = 1786082889.0
    while True:
        yield now
        now += 0.5


def encoder(*, prompted: bool = False) -> OllamaEncoder:
    times = clock()
    return OllamaEncoder("m", now=lambda: next(times), prompted=prompted)


EVENTS: list[StreamEvent] = [
    StartEvent("id", "model"),
    PartStart(0, 0, Reasoning()),
    PartDelta(0, 0, "Hm."),
    PartEnd(0, 0),
    PartStart(0, 1, Text("")),
    PartDelta(0, 1, "Hi"),
    PartEnd(0, 1),
    PartStart(0, 2, ToolCall("c", "f")),
    PartDelta(0, 2, '{"a":', "arguments"),
    PartDelta(0, 2, "1}", "arguments"),
    PartEnd(0, 2),
    FinishEvent(0, Finish("tool_calls")),
    UsageEvent(Usage(input=3, output=4)),
]


def test_words_come_as_they_are_said_and_calls_whole() -> None:
    one = encoder()
    lines = [json.loads(raw) for raw in (b"".join(map(one.encode, EVENTS)) + one.close()).splitlines()]
    assert [item["message"] for item in lines] == [
        {"role": "assistant", "content": "", "thinking": "Hm."},
        {"role": "assistant", "content": "Hi"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": {"a": 1}}}],
        },
        {"role": "assistant", "content": ""},
    ]
    assert {item["model"] for item in lines} == {"model"}
    last = lines[-1]
    assert (last["done"], last["done_reason"]) == (True, "stop")
    assert (last["prompt_eval_count"], last["eval_count"]) == (3, 4)
    assert last["total_duration"] == last["prompt_eval_duration"] + last["eval_duration"] > 0
    assert one.losses == ()


def test_a_prompts_answer_has_its_words_beside() -> None:
    one = encoder(prompted=True)
    lines = [json.loads(raw) for raw in (b"".join(map(one.encode, EVENTS)) + one.close()).splitlines()]
    assert "".join(item["response"] for item in lines) == "Hi"
    assert lines[0]["thinking"] == "Hm."
    assert [loss.code for loss in one.losses] == ["part.tool_call"]


def test_a_failure_is_the_last_line() -> None:
    one = encoder()
    failure = Failure(FailureKind.upstream_error, "gone")
    out = b"".join(map(one.encode, [*EVENTS[:3], ErrorEvent(failure)])) + one.close()
    assert json.loads(out.splitlines()[-1]) == {"error": "gone"}
    cut = encoder()
    assert json.loads(b"".join(map(cut.encode, EVENTS[:3])).splitlines()[-1])["done"] is False
    assert "error" in json.loads(cut.close())


def test_what_has_no_place_is_declared_once() -> None:
    one = encoder()
    events: list[StreamEvent] = [
        PartStart(0, 0, Reasoning(signature="s")),
        PartDelta(0, 0, "x", "signature"),
        PartStart(1, 0, Text("other")),
        FinishEvent(0, Finish("refusal")),
    ]
    b"".join(map(one.encode, events)) + one.close()
    assert [loss.code for loss in one.losses] == ["reasoning.signature", "n", "finish.reason"]
