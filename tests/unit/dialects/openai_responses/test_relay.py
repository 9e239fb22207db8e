"""The relayed path: bytes pass untouched, and what must be known is read."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Failure, FailureKind, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_responses.relay import ResponsesRelay, peek, read, rewrite
from tests.unit.dialects.openai_responses.bodies import (
    answer,
    call,
    completed,
    created,
    event,
    said,
    sse,
)

STREAM = sse(created(), event("output_text.delta", delta="hi"), completed(said("hi")))


def test_a_request_is_peeked_at_and_renamed() -> None:
    body = b'{ "input": "the \\"model\\": \\"m\\"", "model" : "m", "stream":true, "x": 1.50 }'
    assert peek(body) == Peek("m", stream=True, include_usage=True)
    assert rewrite(body, peek(body), Target("m")) == body
    renamed = rewrite(body, peek(body), Target("host/model"))
    assert renamed == body.replace(b'"model" : "m"', b'"model" : "host/model"') or json.loads(renamed) == {
        **json.loads(body),
        "model": "host/model",
    }


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b'{"input":"x"}', "model"),
        (b'{"model":5}', "model"),
        (b'{"model":""}', "model"),
        (b'{"model":"m","stream":"x"}', "stream"),
        (b"nonsense", None),
    ],
)
def test_what_cannot_be_peeked_at_is_refused(body: bytes, param: str | None) -> None:
    with pytest.raises(Refused) as refused:
        peek(body)
    assert refused.value.failure.param == param


def test_a_whole_answer_is_read() -> None:
    reading = read(
        json.dumps(answer(said("hi"), call(), tool_usage={"web_search": {"num_requests": 1}})).encode()
    )
    assert (reading.usage, reading.finish) == (Usage(input=3, output=2, web_searches=1), "tool_calls")
    assert (reading.model, reading.id) == ("m", "resp_1")
    odd = read(json.dumps(answer("no item", model=5)).encode())
    assert (odd.model, odd.finish) == (None, "stop")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"error":{"message":"no"}}', json.dumps(answer(status="failed")).encode()]
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        read(body)


def relayed(body: bytes, size: int) -> tuple[ResponsesRelay, bytes]:
    relay = ResponsesRelay()
    passed = b"".join(relay.feed(body[start : start + size]) for start in range(0, len(body), size))
    return relay, passed + relay.close()


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_stream_passes_untouched(size: int) -> None:
    relay, passed = relayed(STREAM, size)
    assert passed == STREAM
    assert (relay.complete, relay.failure) == (True, None)
    assert (relay.reading.usage, relay.reading.model) == (Usage(input=3, output=2), "m")


def test_nothing_is_committed_before_something_of_the_answer_came() -> None:
    relay = ResponsesRelay()
    relay.feed(sse(created(), event("in_progress", response=answer())))
    assert not relay.begun
    relay.feed(sse(event("output_item.added", item={})))
    assert relay.begun
    waiting = ResponsesRelay()
    waiting.feed(sse(event("queued", response=answer(status="queued"))))
    assert waiting.begun


@pytest.mark.parametrize(
    ("body", "kind", "begun"),
    [
        (sse(created()), "upstream_error", False),
        (STREAM[:-300], "upstream_error", True),
        (
            sse(created(), {"type": "error", "code": "rate_limit_exceeded", "message": "x"}),
            "rate_limited",
            False,
        ),
        (
            sse(created(), event("failed", response=answer(status="failed", error={"code": "server_error"}))),
            "upstream_error",
            False,
        ),
        (b'{"error":{"message":"slow","code":"rate_limit_exceeded"}}', "rate_limited", False),
    ],
)
def test_a_failure_is_known(body: bytes, kind: str, begun: bool) -> None:
    relay, passed = relayed(body, 50)
    assert relay.failure is not None
    assert relay.failure.kind is FailureKind(kind)
    assert relay.begun == begun
    assert passed


def test_events_without_names_are_read_too() -> None:
    body = b"".join(line + b"\n\n" for line in STREAM.split(b"\n") if line.startswith(b"data"))
    relay, passed = relayed(body, 13)
    assert passed == body
    assert relay.complete


def test_an_event_without_end_is_refused() -> None:
    relay = ResponsesRelay()
    relay._cutter._limit = 100
    out = relay.feed(b"data: " + b"x" * 200)
    told: Any = relay.failure
    assert told.code == "invalid_stream"
    assert b"error" in out
    assert relay.feed(b"more") == b""


def test_a_stream_that_breaks_says_that_the_answer_failed_as_far_as_it_came() -> None:
    relay = ResponsesRelay()
    relay.feed(sse(created(), event("output_text.delta", delta="hi")))
    out = relay.close()
    told = [json.loads(line[6:]) for line in out.split(b"\n") if line.startswith(b"data: {")]
    assert [item["type"] for item in told] == ["response.failed", "error"]
    assert [item["sequence_number"] for item in told] == [2, 3]
    answer = told[0]["response"]
    assert (answer["id"], answer["status"], answer["error"]["code"]) == ("resp_1", "failed", "server_error")
    assert relay.failure is not None


def test_of_a_stream_that_never_began_only_the_error_is_told() -> None:
    relay = ResponsesRelay()
    out = relay.fail(Failure(FailureKind.timeout, "silent"))
    assert out.startswith(b"event: error\n")
    assert out.count(b"event: ") == 1
