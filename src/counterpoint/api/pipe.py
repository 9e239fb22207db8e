"""Turns what writes to a file into chunks that a response sends: an export never stands in memory as a whole.

The writer runs in a thread of its own, at the other end of a pipe: it waits while the reader is behind, and when the
reader has gone its next write fails, so that nothing goes on writing for nobody.
"""

import os
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

CHUNK = 64 * 1024


def piped(write: Callable[[BinaryIO], object]) -> Iterator[bytes]:
    """What `write` writes, while it writes it; what it raises is raised here."""
    reads, writes = os.pipe()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writes, "wb", buffering=CHUNK) as out:
                write(out)
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is read
            failures.append(error)

    thread = threading.Thread(target=run, name="export", daemon=True)
    with os.fdopen(reads, "rb", buffering=0) as source:
        thread.start()
        while chunk := source.read(CHUNK):
            yield chunk
    thread.join()
    if failures:
        raise failures[0]
