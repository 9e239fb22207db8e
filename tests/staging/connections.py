"""What a test's own server has open is closed with the server, whatever its scripts wait for: what is still open when
its loop is closed is told as an error, in whichever test runs next."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any
from weakref import WeakSet


class Connections:
    """Those of one server, or of several on one loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._writers: WeakSet[asyncio.StreamWriter] = WeakSet()  # each lives as long as its connection

    async def talk(self, script: Awaitable[None], writer: asyncio.StreamWriter) -> None:
        """Until the script ends or the caller has gone; then hang up."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        # RuntimeError: uvloop's word for writing to a connection that is closed. CancelledError: when all ends; a
        # task that ends with it leaves its connection open (`StreamReaderProtocol.connection_made`).
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, RuntimeError, asyncio.CancelledError
        ):
            await script
        writer.close()

    async def end(self) -> None:
        """All of them, at once."""
        tasks, writers = list(self._tasks), list(self._writers)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)
