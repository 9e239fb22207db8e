"""Errands and what came of them cross the socket between two processes."""

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.directory import Key
from counterpoint.kept.errands import Done, Errand


def test_they_arrive_as_they_left() -> None:
    errand = Errand(
        "openai-files",
        "files",
        "POST",
        "",
        "",
        "x/y",
        b"\x00\xff",
        Key("k", "n", "p", "o"),
        headers={"a": "b"},
    )
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(errand), type=Errand) == errand
    done = Done(failure=Failure(FailureKind.not_found, "no"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(done), type=Done) == done
