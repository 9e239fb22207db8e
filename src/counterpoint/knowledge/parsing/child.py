"""The process in which files are read: `python -m counterpoint.knowledge.parsing.child`, started by the pool.

It takes tasks from its standard input and answers on its standard output, one after the other. It has no network, or
says that the system does not let it go; bounded memory, and processor time that is counted anew for each file; it may
be killed at any moment.
"""

import contextlib
import ctypes
import os
import resource
import sys
import threading
import time
from pathlib import Path
from typing import Final

import msgspec

from counterpoint.engines import isolation
from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing import pace
from counterpoint.knowledge.parsing.frames import (
    MOST_BYTES,
    Alive,
    Answer,
    Exposed,
    Limits,
    read_exactly,
    tasks,
    write_frame,
)
from counterpoint.knowledge.parsing.outcome import TOO_MUCH_MEMORY, Unreadable

EXIT_MEMORY: Final = 77
"""The child's own word for: no memory left, start another one."""
BEAT_SECONDS: Final = 1.0


def main() -> None:
    """Reads files until there are none."""
    limits = msgspec.json.decode(sys.argv[1], type=Limits)
    answers = _shut_in(limits)
    beat = _Beat(answers, limits)
    pace.on_beat(beat)
    # Libraries come with the first file: a child that is never asked costs little.
    while True:
        head = read_exactly(0, 4)
        size = int.from_bytes(head, "big")
        if len(head) < 4 or size > MOST_BYTES:
            return
        body = read_exactly(0, size)
        if len(body) < size:
            return
        _more_processor_time(limits)
        try:
            answer = _answer(body)
        except MemoryError:
            with contextlib.suppress(OSError, MemoryError):
                write_frame(answers, Answer(unreadable=Unreadable(TOO_MUCH_MEMORY)))
            os._exit(EXIT_MEMORY)
        write_frame(answers, answer)


def _answer(body: bytes) -> Answer:
    from counterpoint.knowledge.parsing.registry import read  # noqa: PLC0415 - after the limits are set

    task = tasks.decode(body)
    outcome = read(task.name, task.media_type, task.data)
    return Answer(parsed=outcome) if isinstance(outcome, Parsed) else Answer(unreadable=outcome)


class _Beat:
    """Tells the pool now and then that a long file goes on, and is given more processor time for it."""

    def __init__(self, answers: int, limits: Limits) -> None:
        self._answers = answers
        self._limits = limits
        self._last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last < BEAT_SECONDS:
            return
        self._last = time.monotonic()
        _more_processor_time(self._limits)
        write_frame(self._answers, Alive())


def _more_processor_time(limits: Limits) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _shut_in(limits: Limits) -> int:
    """Takes rights away from this process, and standard output from whatever prints; where answers go."""
    answers = os.dup(1)
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    threading.stack_size(1024 * 1024)
    with contextlib.suppress(AttributeError, OSError):  # not Linux
        libc = ctypes.CDLL(None)
        libc.prctl(1, 9, 0, 0, 0)  # PR_SET_PDEATHSIG, SIGKILL: nobody to answer to
    with contextlib.suppress(OSError):
        # The first to go when the machine runs out of memory.
        Path("/proc/self/oom_score_adj").write_text("700", "ascii")
    if isolation.leave_network() == "none":
        write_frame(answers, Exposed())
    return answers


if __name__ == "__main__":
    main()
