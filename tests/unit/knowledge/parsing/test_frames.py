import os
import threading

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Block, Parsed
from counterpoint.knowledge.parsing.frames import (
    Alive,
    Answer,
    Task,
    answers,
    read_exactly,
    tasks,
    write_frame,
)
from counterpoint.knowledge.parsing.outcome import CRASHED, Unreadable


def through_a_pipe(value: Task | Alive | Answer) -> bytes:
    there, here = os.pipe()
    thread = threading.Thread(target=write_frame, args=(here, value))
    thread.start()
    try:
        size = int.from_bytes(read_exactly(there, 4), "big")
        return read_exactly(there, size)
    finally:
        thread.join()
        os.close(there)
        os.close(here)


@given(st.binary(max_size=300_000))
def test_a_file_arrives_as_it_was_sent(data: bytes) -> None:
    task = Task("a.txt", "text/plain", data)
    assert tasks.decode(through_a_pipe(task)) == task


def test_answers_of_each_kind_arrive() -> None:
    for answer in (
        Alive(),
        Answer(parsed=Parsed("abc", (Block("paragraph", 0, 3),))),
        Answer(unreadable=Unreadable(CRASHED)),
    ):
        assert answers.decode(through_a_pipe(answer)) == answer


def test_a_closed_pipe_gives_what_there_was() -> None:
    there, here = os.pipe()
    os.write(here, b"ab")
    os.close(here)
    assert read_exactly(there, 4) == b"ab"
    os.close(there)
