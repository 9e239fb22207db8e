"""Starts gateway workers, starts them again when they die, replaces them one by one, stops them in order.

The sockets that they accept calls on stay open here. So calls that arrive while a worker is away wait for the next one,
and a worker that is replaced leaves no call behind that nobody has accepted.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30.0
"""A worker that lived this long was sound: its next restart is immediate again."""
START_SECONDS = 60.0

Process = asyncio.subprocess.Process


class Workers:
    """`count` worker processes over the control process's link. `sockets`: what they accept calls on; fewer than there
    are workers, they are shared; more, and a worker has several. None: they make their own."""

    def __init__(self, link: Path, count: int, sockets: Sequence[socket.socket] = ()) -> None:
        self._link = link
        self._count = count
        self._sockets = sockets
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._processes: dict[str, Process] = {}
        self._leaving: dict[Process, asyncio.Task[bool]] = {}
        self._rolling = asyncio.Lock()
        self._stopping = False

    def start(self) -> None:
        """Begin to keep all workers alive."""
        for number in range(self._count):
            self._begin(number, None)

    def _begin(self, number: int, process: Process | None) -> None:
        name = f"worker-{number + 1}"
        self._keepers[name] = asyncio.create_task(self._keep(number, name, process), name=name)

    async def _keep(self, number: int, name: str, process: Process | None) -> None:
        loop = asyncio.get_running_loop()
        pause = SHORTEST_PAUSE
        while not self._stopping:
            began = loop.time()
            if process is None:
                process = await self._spawn(number, name)
            self._processes[name] = process
            code = await process.wait()
            if self._stopping:
                return
            pause = SHORTEST_PAUSE if loop.time() - began > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE)
            log.error("%s ended with code %d; started again in %.1f s", name, code, pause)
            process = None
            await asyncio.sleep(pause)

    async def _spawn(self, number: int, name: str) -> Process:
        files = self._files(number)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "counterpoint.app.worker",
            str(self._link),
            name,
            str(os.getpid()),
            *map(str, files),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in a terminal is for the control process, which tells us
            pass_fds=files,
        )

    def _files(self, number: int) -> list[int]:
        files = [sock.fileno() for sock in self._sockets]
        if not files or len(files) < self._count:
            return [files[number % len(files)]] if files else []
        return files[number :: self._count]

    @property
    def pids(self) -> dict[str, int]:
        """The processes that run now, but those that leave."""
        return {name: item.pid for name, item in self._processes.items() if item.returncode is None}

    async def roll(
        self, listening: Callable[[int], Awaitable[None]], leave: Callable[[int], None], grace: float
    ) -> None:
        """Replace each worker: the next one takes calls before the last one stops. `listening`: returns when the
        process with that number does. `leave`: has it say goodbye to its clients. Raises `TimeoutError` when a new one
        does not come up; then the old ones stay."""
        async with self._rolling:
            for number, name in enumerate(list(self._keepers)):
                fresh = await self._spawn(number, name)
                try:
                    await asyncio.wait_for(listening(fresh.pid), START_SECONDS)
                except TimeoutError:
                    fresh.kill()
                    await fresh.wait()
                    raise
                self._keepers[name].cancel()
                old = self._processes.get(name)
                self._processes[name] = fresh
                self._begin(number, fresh)
                if old is not None and old.returncode is None:
                    leave(old.pid)
                    self._dismiss(old, grace)
                log.info("%s is process %d from now on", name, fresh.pid)

    def _dismiss(self, process: Process, grace: float) -> None:
        process.send_signal(signal.SIGTERM)
        task = asyncio.create_task(_end(process, grace + 5))
        self._leaving[process] = task
        task.add_done_callback(lambda _: self._leaving.pop(process, None))

    async def stop(self, grace: float) -> bool:
        """Drain and end every worker. Returns whether all ended in order within `grace` seconds and a bit."""
        self._stopping = True
        for process in self._processes.values():
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    self._dismiss(process, grace)
        ended = await asyncio.gather(*self._leaving.values())
        for keeper in self._keepers.values():
            keeper.cancel()
        return all(ended)


async def _end(process: Process, seconds: float) -> bool:
    try:
        return await asyncio.wait_for(process.wait(), seconds) == 0
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
