"""Joins what keeps files and batches to the workers that ask for both, and to the gateways that work batches off."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from counterpoint.api.relay import trusting
from counterpoint.control.batches import Batches, BatchKeys, Claims
from counterpoint.control.calling import Answered, CallError, call
from counterpoint.control.desk import Desk
from counterpoint.control.masterkey import MasterKey
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.registry import CHAT, SHELVES
from counterpoint.directory import Directory, Key
from counterpoint.transport import Pool

LINE_SECONDS = 3600.0
"""A host may think long; what bounds a line is the gateway's own patience with it."""


class Reception:
    """What a gateway needs for its clients' files and batches. `begun` is told of new batches."""

    def __init__(
        self, shelf: Shelf, masters: Sequence[MasterKey], directory: Callable[[], Directory]
    ) -> None:
        self._outer: Pool | None = None
        self._keys = BatchKeys(directory, masters)
        self.begun: Callable[[], None] = lambda: None
        self.desk = Desk(shelf, SHELVES, CHAT, directory, self._hosts, lambda: self.begun())  # noqa: PLW0108 - it is set later

    def looking_up(
        self, others: Callable[[bytes], Awaitable[Key | None]]
    ) -> Callable[[bytes], Awaitable[Key | None]]:
        """Finds whatever `others` finds, and the keys that batches are worked off with."""

        async def look_up(digest: bytes) -> Key | None:
            return await others(digest) or await asyncio.to_thread(self._keys.find, digest)

        return look_up

    def _hosts(self) -> Pool:
        if self._outer is None:
            self._outer = Pool()
        self._outer.sweep(asyncio.get_running_loop().time())
        return self._outer

    def close(self) -> None:
        """Gives the connections to hosts up."""
        if self._outer is not None:
            self._outer.close()


class Workshop:
    """Where batches are worked off. `gateway`: the address of one, as of now. `certificate`: of its own TLS, if it
    speaks that."""

    def __init__(
        self,
        shelf: Shelf,
        masters: Sequence[MasterKey],
        claims: Claims,
        gateway: Callable[[], str],
        certificate: str | None = None,
    ) -> None:
        self._certificate = certificate
        self._gateway = gateway
        self._pool: Pool | None = None
        keys = BatchKeys(Directory, masters)
        self.batches = Batches(shelf, SHELVES, self._ask, keys, claims)

    async def _ask(self, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        address = self._gateway()
        if not address:
            raise CallError("there is no gateway")
        if self._pool is None:
            self._pool = Pool(trusting(self._certificate) if self._certificate else None)
        self._pool.sweep(asyncio.get_running_loop().time())
        return await call(self._pool, "POST", address + path, headers, body, LINE_SECONDS)

    async def stop(self) -> None:
        """Leave batches where they are."""
        await self.batches.stop()
        if self._pool is not None:
            self._pool.close()
