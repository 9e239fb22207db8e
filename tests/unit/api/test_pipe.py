import threading
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.api.pipe import CHUNK, piped


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=CHUNK * 2), max_size=20))
def test_what_is_written_is_read(parts: list[bytes]) -> None:
    def write(out: BinaryIO) -> None:
        out.writelines(parts)

    assert b"".join(piped(write)) == b"".join(parts)


def test_what_fails_in_the_writer_fails_at_the_reader() -> None:
    def write(out: BinaryIO) -> None:
        out.write(b"x" * (CHUNK * 2))
        raise ZeroDivisionError

    read = piped(write)
    assert next(read)
    with pytest.raises(ZeroDivisionError):
        list(read)


def test_nothing_is_begun_that_nobody_reads() -> None:
    begun = threading.Event()
    piped(lambda out: begun.set())
    assert not begun.is_set()


def test_nobody_writes_for_a_reader_who_left() -> None:
    ended = threading.Event()

    def write(out: BinaryIO) -> None:
        try:
            while True:
                out.write(b"x" * CHUNK)
        except BrokenPipeError:
            ended.set()
            raise

    read: Iterator[bytes] = piped(write)
    assert next(read)
    del read
    assert ended.wait(20)
