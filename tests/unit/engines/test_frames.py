from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    EmbedRequest,
    EmbedResponse,
    Failure,
    FailureKind,
    PartDelta,
    PartStart,
    Text,
    ToolCall,
    UsageEvent,
)
from counterpoint.canonical.responses import Embedding
from counterpoint.canonical.usage import Usage
from counterpoint.engines.frames import (
    MAX_FRAME,
    Answer,
    Call,
    Cancel,
    Count,
    Done,
    Event,
    Failed,
    FrameReader,
    Leaving,
    OutOfStepError,
    Status,
    Vectors,
    answers,
    encode,
    encode_request,
    private_socket,
    questions,
    statuses,
)

ANSWERS: tuple[Answer, ...] = (
    Event(1, PartStart(0, 0, Text(""))),
    Event(1, PartStart(0, 1, ToolCall("c", "f"))),
    Event(1, PartDelta(0, 0, "é", logprobs=[{"token": "é"}])),
    Event(2, UsageEvent(Usage(input=3))),
    Vectors(3, EmbedResponse("m", (Embedding(0, (0.5, 1.0)), Embedding(1, "AAAA")))),
    Count(4, 12),
    Done(1),
    Failed(2, Failure(FailureKind.overloaded, "busy", retry_after=1.0)),
    Leaving(),
)


@given(st.lists(st.integers(1, 60), max_size=40))
def test_frames_come_out_whole_whatever_the_cuts(cuts: list[int]) -> None:
    stream = b"".join([encode(answer) for answer in ANSWERS])
    reader = FrameReader()
    found: list[bytes] = []
    for cut in [*cuts, len(stream)]:
        piece, stream = stream[:cut], stream[cut:]
        found += reader.feed(piece)
    assert tuple(map(answers.decode, found)) == ANSWERS


def test_questions_keep_their_request_for_later() -> None:
    request = EmbedRequest("m", ("a", (1, 2)))
    (body,) = FrameReader().feed(encode(Call(7, "embed", encode_request(request), keep_alive=-1)))
    call = questions.decode(body)
    assert isinstance(call, Call)
    assert (call.id, call.operation, call.keep_alive) == (7, "embed", -1)
    assert bytes(call.request) == bytes(encode_request(request))
    (body,) = FrameReader().feed(encode(Cancel(7)))
    assert questions.decode(body) == Cancel(7)


def test_a_status_fits_into_one_atomic_write() -> None:
    status = Status("failed", "namespace", 1, 2, 3.0, 4, Failure(FailureKind.unavailable, "x" * 500))
    frame = encode(status)
    assert len(frame) < 4096
    assert statuses.decode(frame[4:]) == status


def test_an_absurd_length_is_noticed() -> None:
    with pytest.raises(OutOfStepError):
        FrameReader().feed((MAX_FRAME + 1).to_bytes(4, "big"))


def test_the_private_socket_stands_beside_the_public_one() -> None:
    assert private_socket(Path("/run/a.sock")) == Path("/run/a.n.sock")
