"""Turns what writes to a file into chunks that a response sends: an export never stands in memory as a whole.

The writer runs in a thread of its own and waits while the reader is behind; when the reader has gone, its next
write fails, so that nothing goes on writing for nobody.
"""

import io
import threading
from collections.abc import Callable, Iterator
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CHUNK = 64 * 1024
_AHEAD = 8
"""Chunks that wait for the reader at most."""
_LOOK_SECONDS = 0.2


class ReaderGoneError(BrokenPipeError):
    """Nobody reads what is written."""


class _Writable(io.RawIOBase):
    def __init__(self, queue: "Queue[bytes | BaseException | None]", gone: threading.Event) -> None:
        super().__init__()
        self._queue = queue
        self._gone = gone

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        chunk = bytes(data)
        self.hand(chunk)
        return len(chunk)

    def hand(self, item: "bytes | BaseException | None") -> None:
        """Waits for a place. Raises `ReaderGoneError`."""
        while not self._gone.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_SECONDS)
            except Full:
                continue
            return
        raise ReaderGoneError


def piped(write: Callable[[BinaryIO], object]) -> Iterator[bytes]:
    """What `write` writes, while it writes it; what it raises is raised here."""
    queue: Queue[bytes | BaseException | None] = Queue(_AHEAD)
    gone = threading.Event()
    raw = _Writable(queue, gone)

    def run() -> None:
        failure: BaseException | None = None
        try:
            buffered = io.BufferedWriter(raw, CHUNK)
            write(buffered)
            buffered.flush()
        except ReaderGoneError:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is read
            failure = error
        try:
            raw.hand(failure)
        except ReaderGoneError:
            return

    thread = threading.Thread(target=run, name="export", daemon=True)
    thread.start()
    try:
        while True:
            try:
                item = queue.get(timeout=_LOOK_SECONDS)
            except Empty:
                if thread.is_alive() or not queue.empty():
                    continue
                return
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        gone.set()
