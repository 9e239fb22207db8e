"""`Parsers`: children in which files are read, so that a crash, a hang or a swelling costs one file.

Callers are threads. Each takes a child that is free, or waits for one; a child that died, hung or has read its share of
files is replaced when it is wanted next.
"""

import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import msgspec

from counterpoint.knowledge.parsing.child import EXIT_MEMORY
from counterpoint.knowledge.parsing.frames import MOST_BYTES, Alive, Answer, Exposed, Limits, Task, answers
from counterpoint.knowledge.parsing.outcome import (
    CRASHED,
    TOO_LARGE,
    TOO_MUCH_MEMORY,
    TOO_SLOW,
    Outcome,
    Unreadable,
)
from counterpoint.knowledge.parsing.soundness import sound

log = logging.getLogger(__name__)
_ENVIRONMENT: Final = {
    # Native code starts a thread for each processor, and each takes address space.
    "RAYON_NUM_THREADS": "1",
    "TOKIO_WORKER_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
_PASSED_ON: Final = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
)


class Parsers:
    """So many children, at most; none before the first file. `close` ends them."""

    def __init__(self, children: int = 1, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._room = threading.Semaphore(max(1, children))
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False
        self._told = False

    def parse(self, name: str, media_type: str, data: bytes) -> Outcome:
        """The file as a document, or why it is none. Safe to call from many threads."""
        if len(data) > self._limits.bytes:
            return Unreadable(TOO_LARGE)
        with self._child() as child:
            return child.parse(Task(name, media_type, data))

    def close(self) -> None:
        """Ends all children; files that are being read end as crashed."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for child in self._busy:
                # Its thread sees it die, and cleans up behind it.
                child.kill()
        for child in idle:
            child.end()

    @contextmanager
    def _child(self) -> "Iterator[_Child]":
        with self._room:
            with self._lock:
                if self._closed:
                    raise RuntimeError("the parsers are closed")
                child = self._take()
                self._busy.add(child)
            try:
                yield child
            finally:
                with self._lock:
                    self._busy.discard(child)
                    kept = child.fit and not self._closed
                    if kept:
                        self._idle.append(child)
                if not kept:
                    child.end()

    def _take(self) -> "_Child":
        """A free child that still lives, or a new one."""
        while self._idle:
            child = self._idle.pop()
            if child.fit:
                return child
            child.end()
        return _Child(self._limits, self._tell_exposed)

    def _tell_exposed(self) -> None:
        with self._lock:
            told, self._told = self._told, True
        if not told:
            log.warning(
                "files are read by processes that could not be cut off from the network: allow user namespaces or "
                "seccomp in the container, or let a firewall do it"
            )


class _Child:
    """One process, and what it has done."""

    def __init__(self, limits: Limits, exposed: Callable[[], None]) -> None:
        self._limits = limits
        self._exposed = exposed
        self._files = 0
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        command = [
            sys.executable,
            "-m",
            "counterpoint.knowledge.parsing.child",
            msgspec.json.encode(limits).decode(),
        ]
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | _ENVIRONMENT,
            bufsize=0,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a child without pipes")
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    @property
    def fit(self) -> bool:
        """Whether it can take another file."""
        return self._process.poll() is None and self._files < self._limits.files

    def parse(self, task: Task) -> Outcome:
        """What the child says, or what its end says."""
        self._files += 1
        try:
            answer = self._ask(task)
        except TimeoutError:
            self.end()
            return Unreadable(TOO_SLOW)
        except (OSError, msgspec.DecodeError, EOFError, ValueError):
            return self._epitaph()
        if answer.parsed is not None and sound(answer.parsed):
            return answer.parsed
        if answer.unreadable is not None and answer.unreadable.reason != TOO_MUCH_MEMORY:
            return answer.unreadable
        # It is about to end, or cannot be believed.
        self.end()
        return answer.unreadable or Unreadable(CRASHED)

    def kill(self) -> None:
        """Ends it; pipes stay as they are, since another thread may wait at them."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def end(self) -> None:
        """Kills it, and waits until it is gone."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _ask(self, task: Task) -> Answer:
        body = msgspec.msgpack.encode(task)
        self._write(len(body).to_bytes(4, "big") + body)
        while True:
            size = int.from_bytes(self._read(4), "big")
            if size > MOST_BYTES:
                raise EOFError
            said: Alive | Exposed | Answer = answers.decode(self._read(size))
            if isinstance(said, Answer):
                return said
            if isinstance(said, Exposed):
                self._exposed()

    def _write(self, data: bytes) -> None:
        waiting, until = memoryview(data), time.monotonic() + self._limits.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._to, selectors.EVENT_WRITE)
            while waiting:
                self._wait(selector, until)
                waiting = waiting[os.write(self._to, waiting[: 1024 * 1024]) :]

    def _read(self, size: int) -> bytes:
        """Bytes of the answer; each wait for the first of them has the whole time."""
        pieces, until = bytearray(), time.monotonic() + self._limits.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._from, selectors.EVENT_READ)
            while len(pieces) < size:
                self._wait(selector, until)
                piece = os.read(self._from, min(size - len(pieces), 1024 * 1024))
                if not piece:
                    raise EOFError
                pieces += piece
        return bytes(pieces)

    @staticmethod
    def _wait(selector: selectors.BaseSelector, until: float) -> None:
        if not selector.select(max(0.0, until - time.monotonic())):
            raise TimeoutError

    def _epitaph(self) -> Unreadable:
        """Why a child ended that did not answer."""
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            code = 0
        self.end()
        if code == -signal.SIGXCPU:
            return Unreadable(TOO_SLOW)
        if code in (EXIT_MEMORY, -signal.SIGKILL):
            # Nobody but the kernel kills it so: for want of memory. Another time there may be more.
            return Unreadable(TOO_MUCH_MEMORY, lasting=code == EXIT_MEMORY)
        return Unreadable(CRASHED)
