"""The keys that batches are worked off with are found after all others, and only they."""

import asyncio

import pytest

from counterpoint.app.shelving import Reception, Workshop
from counterpoint.control.batches import BatchKeys
from counterpoint.control.calling import CallError
from counterpoint.control.claiming import Claims
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.shelf import Shelf
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.storage.database import Database

OTHER = Key("k2", "other", "p", "o")
MASTER = new_master_key()


def test_looking_up(database: Database) -> None:
    async def others(digest: bytes) -> Key | None:
        return OTHER if digest == b"else" else None

    async def run() -> None:
        known = Directory(keys={b"x": Key("k1", "mine", "p", "o")})
        reception = Reception(Shelf(database), (MASTER,), lambda: known)
        look_up = reception.looking_up(others)
        text = BatchKeys(Directory, (MASTER,)).text("k1")
        assert await look_up(digest_of(text)) == known.keys[b"x"]
        assert await look_up(b"else") == OTHER
        assert await look_up(b"guessed") is None
        reception.close()

    asyncio.run(run())


def test_without_a_gateway_a_line_is_not_answered(database: Database) -> None:
    async def run() -> None:
        workshop = Workshop(Shelf(database), (MASTER,), Claims(database, "me"), lambda: "")
        with pytest.raises(CallError, match="no gateway"):
            await workshop._ask("/v1/x", {}, b"")
        await workshop.stop()

    asyncio.run(run())
