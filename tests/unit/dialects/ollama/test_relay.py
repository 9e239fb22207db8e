"""What is read of what passes by, and that it passes."""

import json

import pytest

from counterpoint.canonical import FailureKind, Refused, Usage
from counterpoint.dialects.base import Peek, Target
from tests.unit.dialects.ollama.bodies import CALL, DIALECT, END, asked, dumped, line, said

STREAM = line(**said(content="Hi")) + line(**said(tool_calls=[CALL])) + line(**said(), **END)


def test_the_model_and_whether_to_stream() -> None:
    assert DIALECT.peek(asked()) == Peek("m", True)
    assert DIALECT.peek(asked(stream=False)) == Peek("m", False)
    assert DIALECT.peek(b'{"name":"older"}').model == "older"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"model":5}', b'{"model":""}', b'{"model":"m","stream":1}']
)
def test_what_names_no_model_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        DIALECT.peek(body)


def test_only_the_models_name_is_changed() -> None:
    body = b'{ "model" : "m", "messages": [ ], "x": 1.50 }'
    assert DIALECT.rewrite(body, DIALECT.peek(body), Target("m")) == body
    assert DIALECT.rewrite(body, DIALECT.peek(body), Target("n")) == body.replace(b'"m"', b'"n"')


def test_a_stream_passes_and_is_read() -> None:
    relay = DIALECT.relay(Peek("m", True))
    assert relay.feed(STREAM[:10]) == b""
    assert not relay.begun
    assert relay.feed(STREAM[10:]) + relay.close() == STREAM
    assert relay.complete
    assert relay.reading.usage == Usage(input=14, output=5)
    assert (relay.reading.finish, relay.reading.model) == ("tool_calls", "m")


def test_a_broken_stream_ends_in_an_error() -> None:
    relay = DIALECT.relay(Peek("m", True))
    sent = relay.feed(line(**said(content="Hi"))) + relay.close()
    assert "error" in json.loads(sent.splitlines()[-1])
    assert relay.failure is not None
    failing = DIALECT.relay(Peek("m", True))
    failing.feed(b'{"error":"out of memory"}\n')
    assert failing.failure is not None
    assert failing.failure.message == "out of memory"
    assert not failing.begun


def test_a_whole_answer_is_read() -> None:
    reading = DIALECT.read(line(**said(tool_calls=[CALL]), **END))
    assert (reading.usage, reading.finish, reading.model) == (Usage(input=14, output=5), "tool_calls", "m")
    odd = DIALECT.read(dumped({"model": 5, "message": {"content": "Hi"}, "eval_count": "x", "done": True}))
    assert (odd.usage.reported, odd.model) == (False, "")
    with pytest.raises(Refused) as refused:
        DIALECT.read(b'{"error":"prompt exceeds the context length"}')
    assert refused.value.failure.kind is FailureKind.context_exceeded
