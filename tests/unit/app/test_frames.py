"""What workers and the control process say to each other survives the way, in any cut."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.app.frames import (
    Ensure,
    Ensured,
    Found,
    FromWorker,
    Hello,
    Listening,
    LookUp,
    Publish,
    ToWorker,
    Unpacker,
    WorkerSettings,
    pack,
)
from counterpoint.canonical import Failure, FailureKind
from tests.unit.gateway.conversation import DIRECTORY, KEY

FROM: list[FromWorker] = [Hello("w", 1), Listening(), LookUp(1, b"\0" * 32), Ensure(2, "m")]
TO: list[ToWorker] = [
    WorkerSettings("127.0.0.1", 1, "/spool"),
    Publish(DIRECTORY),
    Found(1, KEY),
    Found(1, None),
    Ensured(2, path="/x"),
    Ensured(2, failure=Failure(FailureKind.unavailable, "no")),
]


@given(st.lists(st.integers(1, 200), max_size=30))
def test_frames_cut_anywhere_come_out_whole(cuts: list[int]) -> None:
    data = b"".join(pack(item) for item in (*FROM, *TO))
    unpacker, bodies, at = Unpacker(), [], 0
    for cut in [*cuts, len(data)]:
        bodies += list(unpacker.feed(data[at : at + cut]))
        at += cut
    assert [msgspec.msgpack.decode(body, type=FromWorker) for body in bodies[: len(FROM)]] == FROM
    assert [msgspec.msgpack.decode(body, type=ToWorker) for body in bodies[len(FROM) :]] == TO


def test_a_length_that_no_frame_has_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        list(Unpacker().feed(b"\xff\xff\xff\xff"))
