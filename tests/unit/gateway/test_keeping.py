"""The way out of an answer that is kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.registry import STATE
from counterpoint.gateway.keeping import Keeping
from counterpoint.gateway.recalled import Recalled
from counterpoint.kept import Ask, Keep, Reported, Tell
from tests.unit.gateway.conversation import KEY
from tests.unit.gateway.memory import events_of

ANSWER: dict[str, Any] = {"id": "resp_1", "status": "completed", "output": [], "store": True}
DELTA = b'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"x"}\n\n'
END = (
    b"event: response.completed\ndata: %b\n\n"
    % json.dumps({"type": "response.completed", "sequence_number": 1, "response": ANSWER}).encode()
)
REPORTED, AWAY = Reported("completed"), Failure(FailureKind.unavailable, "away")


class Client:
    """Hears what comes out."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def respond(self, status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> None:
        self.heard.append(json.loads(body))

    def begin(self, status: int, headers: tuple[tuple[bytes, bytes], ...]) -> None:
        self.heard.append("begin")

    def send(self, data: bytes) -> None:
        self.heard.append(data)

    def finish(self, data: bytes = b"") -> None:
        self.heard.append(("finish", data))

    def abort(self) -> None:
        self.heard.append("abort")


class Slow:
    """Answers when the test wants it to."""

    def __init__(self) -> None:
        self.asked: list[Ask] = []
        self.tell: Callable[[Tell | Failure], None] = lambda _: None

    def ask(self, question: Ask, answer: Callable[[Tell | Failure], None]) -> None:
        self.asked.append(question)
        self.tell = answer


def keeping(**fields: Any) -> tuple[Keeping, Client, Slow]:
    body = json.dumps({"model": "m", "input": "x", **fields}).encode()
    client, memory = Client(), Slow()
    return Keeping(client, Recalled(next(iter(STATE.values())), body), KEY, memory), client, memory


@pytest.mark.parametrize(("told", "store"), [(REPORTED, True), (AWAY, False)])
def test_a_whole_answer_waits_and_says_whether_it_is_kept(told: Tell | Failure, store: bool) -> None:
    way, client, memory = keeping()
    way.respond(200, (), json.dumps(ANSWER).encode())
    assert client.heard == []
    (question,) = memory.asked
    assert isinstance(question, Keep)
    assert (question.kept.id, question.kept.project) == ("resp_1", KEY.project)
    memory.tell(told)
    assert client.heard == [{**ANSWER, "store": store}]


@pytest.mark.parametrize(("told", "store"), [(REPORTED, True), (AWAY, False)])
def test_only_the_end_of_a_stream_waits(told: Tell | Failure, store: bool) -> None:
    way, client, memory = keeping(stream=True)
    way.begin(200, ())
    way.send(DELTA)
    assert client.heard == ["begin", DELTA]
    way.send(DELTA + END)
    way.finish(b": the last\n\n")
    assert client.heard == ["begin", DELTA]
    memory.tell(told)
    sent = b"".join(item if isinstance(item, bytes) else item[1] for item in client.heard[2:])
    assert sent.startswith(DELTA)
    assert sent.endswith(b": the last\n\n")
    assert events_of(sent)[-1]["response"]["store"] is store
    assert client.heard[-1][0] == "finish"


def test_an_end_that_comes_with_the_last_bytes_waits_too() -> None:
    way, client, memory = keeping(stream=True)
    way.begin(200, ())
    way.finish(END)
    assert client.heard == ["begin"]
    memory.tell(REPORTED)
    assert client.heard == ["begin", ("finish", END)]


def test_what_is_broken_off_is_not_told_later() -> None:
    way, client, memory = keeping(stream=True)
    way.begin(200, ())
    way.send(END)
    way.abort()
    memory.tell(REPORTED)
    assert client.heard == ["begin", "abort"]


def test_errors_failures_and_what_is_not_to_be_kept_pass_at_once() -> None:
    way, client, memory = keeping()
    way.respond(404, (), b'{"error":{}}')
    way.respond(200, (), b'{"object":"something else"}')
    way.respond(200, (), json.dumps({**ANSWER, "status": "failed"}).encode())
    assert len(client.heard) == 3
    way, client, memory = keeping(store=False)
    way.respond(200, (), json.dumps(ANSWER).encode())
    assert len(client.heard) == 1
    assert memory.asked == []
