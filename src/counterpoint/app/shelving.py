"""Joins what keeps files and batches to the gateway that works batches off and to the workers that ask for both."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from counterpoint.api.relay import trusting
from counterpoint.control.batches import Batches, BatchKeys
from counterpoint.control.calling import Answered, call
from counterpoint.control.desk import Desk
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.registry import CHAT, SHELVES
from counterpoint.directory import Directory, Key
from counterpoint.transport import Pool

LINE_SECONDS = 3600.0
"""A host may think long; what bounds a line is the gateway's own patience with it."""


class Shelving:
    """Everything about files and batches in the control process. `gateway`: its address; `certificate`: of its own
    TLS, if it speaks that."""

    def __init__(
        self, folder: Path, directory: Callable[[], Directory], gateway: str, certificate: str | None
    ) -> None:
        self._gateway = gateway
        self._certificate = certificate
        self._pools: list[Pool] = []
        self._inner: Pool | None = None
        self._outer: Pool | None = None
        self._keys = BatchKeys(directory)
        shelf = Shelf(folder)
        self.batches = Batches(shelf, SHELVES, self._ask, self._keys)
        self.desk = Desk(shelf, self.batches, SHELVES, CHAT, directory, self._hosts)

    def looking_up(
        self, others: Callable[[bytes], Awaitable[Key | None]]
    ) -> Callable[[bytes], Awaitable[Key | None]]:
        """Finds the keys that batches are worked off with, and whatever `others` finds."""

        async def look_up(digest: bytes) -> Key | None:
            return self._keys.find(digest) or await others(digest)

        return look_up

    async def _ask(self, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        if self._inner is None:
            self._inner = self._made(Pool(trusting(self._certificate) if self._certificate else None))
        self._inner.sweep(asyncio.get_running_loop().time())
        return await call(self._inner, "POST", self._gateway + path, headers, body, LINE_SECONDS)

    def _hosts(self) -> Pool:
        if self._outer is None:
            self._outer = self._made(Pool())
        self._outer.sweep(asyncio.get_running_loop().time())
        return self._outer

    def _made(self, pool: Pool) -> Pool:
        self._pools.append(pool)
        return pool

    async def stop(self) -> None:
        """Leave batches where they are."""
        await self.batches.stop()
        for pool in self._pools:
            pool.close()
