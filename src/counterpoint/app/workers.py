"""Starts gateway workers, starts them again when they die, stops them in order."""

import asyncio
import logging
import signal
import sys
from pathlib import Path

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30.0
"""A worker that lived this long was sound: its next restart is immediate again."""


class Workers:
    """`count` worker processes over the control process's link."""

    def __init__(self, link: Path, count: int) -> None:
        self._link = link
        self._count = count
        self._keepers: list[asyncio.Task[None]] = []
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = False

    def start(self) -> None:
        """Begin to keep all workers alive."""
        for number in range(1, self._count + 1):
            name = f"worker-{number}"
            self._keepers.append(asyncio.create_task(self._keep(name), name=name))

    async def _keep(self, name: str) -> None:
        loop = asyncio.get_running_loop()
        pause = SHORTEST_PAUSE
        while not self._stopping:
            began = loop.time()
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "counterpoint.app.worker",
                str(self._link),
                name,
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal is for the control process, which tells us
            )
            self._processes[name] = process
            code = await process.wait()
            if self._stopping:
                return
            pause = SHORTEST_PAUSE if loop.time() - began > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE)
            log.error("%s ended with code %d; started again in %.1f s", name, code, pause)
            await asyncio.sleep(pause)

    @property
    def pids(self) -> dict[str, int]:
        """The processes that run now."""
        return {name: item.pid for name, item in self._processes.items() if item.returncode is None}

    async def stop(self, grace: float) -> bool:
        """Drain and end every worker. Returns whether all ended in order within `grace` seconds and a bit."""
        self._stopping = True
        running = [item for item in self._processes.values() if item.returncode is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        ended = await asyncio.gather(*(_end(process, grace + 5) for process in running))
        for keeper in self._keepers:
            keeper.cancel()
        return all(ended)


async def _end(process: asyncio.subprocess.Process, seconds: float) -> bool:
    try:
        return await asyncio.wait_for(process.wait(), seconds) == 0
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
