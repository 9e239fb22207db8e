"""One answer is told, whatever comes beside it; each loss once."""

from counterpoint.canonical import (
    ChatResponse,
    Choice,
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.dialects.one_answer import OneAnswerEncoder, first_answer, second_answer


class Spoken(OneAnswerEncoder):
    """A dialect that says the name of what happens."""

    def close(self) -> bytes:
        return f"{self._finish and self._finish.finish.reason} {self._usage.output}".encode()

    def _begin(self) -> bytes:
        return b"begin "

    def _start(self, event: StartEvent) -> bytes:
        return b"start "

    def _open(self, event: PartStart) -> bytes:
        return b"open "

    def _grow(self, event: PartDelta) -> bytes:
        return b"grow "

    def _end_part(self, part: int) -> bytes:
        return b"end "

    def _fail(self, failure: Failure) -> bytes:
        self._ended = True
        return b"fail "


def test_usage_and_the_reason_to_stop_wait_for_the_end() -> None:
    encoder = Spoken()
    events: list[StreamEvent] = [
        StartEvent(),
        PartStart(0, 0, Text("")),
        PartDelta(0, 0, "a"),
        PartEnd(0, 0),
        FinishEvent(0, Finish("stop")),
        UsageEvent(Usage(output=3)),
    ]
    assert b"".join(map(encoder.encode, events)) == b"start begin open grow end "
    assert encoder.close() == b"stop 3"
    assert encoder.losses == ()


def test_an_answer_beside_the_first_is_lost_once() -> None:
    encoder = Spoken()
    for part in (0, 1):
        assert encoder.encode(PartStart(1, part, Text("b"))) == b""
        assert encoder.encode(PartDelta(1, part, "c")) == b""
        assert encoder.encode(PartEnd(1, part)) == b""
    assert encoder.encode(FinishEvent(1, Finish("length"))) == b""
    assert encoder.losses == (second_answer(1),)
    assert encoder.close() == b"None 0"


def test_nothing_follows_a_failure() -> None:
    encoder = Spoken()
    assert encoder.encode(ErrorEvent(Failure(FailureKind.upstream_error, "broke"))) == b"fail "
    assert encoder.encode(PartStart(0, 0, Text("late"))) == b""


def test_the_first_answer_is_the_one_that_is_told() -> None:
    first = Choice(0, (Text("a"),), Finish("refusal"), logprobs=[{}])
    response = ChatResponse(choices=(first, Choice(1, (Text("b"),))), extensions={"there": {"x": 1}})
    told, losses = first_answer(response, "here", {"refusal"})
    assert told is first
    assert [(loss.code, loss.path) for loss in losses] == [
        ("field.x", "x"),
        ("n", "choices[1]"),
        ("logprobs", "choices[0].logprobs"),
        ("finish.reason", "choices[0].finish"),
    ]


def test_no_answer_is_an_empty_one() -> None:
    assert first_answer(ChatResponse(), "here", set()) == (Choice(), [])
