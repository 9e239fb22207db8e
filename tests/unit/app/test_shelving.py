"""The keys that batches are worked off with are found before all others, and only they."""

import asyncio
from pathlib import Path

from counterpoint.app.shelving import Shelving
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import digest_of

OTHER = Key("k2", "other", "p", "o")


def test_looking_up(tmp_path: Path) -> None:
    async def others(_: bytes) -> Key | None:
        return OTHER

    async def run() -> None:
        known = Directory(keys={b"x": Key("k1", "mine", "p", "o")})
        shelving = Shelving(tmp_path, lambda: known, "http://127.0.0.1:1", None)
        look_up = shelving.looking_up(others)
        text = shelving._keys.text("k1")
        assert await look_up(digest_of(text)) == known.keys[b"x"]
        assert await look_up(b"else") == OTHER
        await shelving.stop()

    asyncio.run(run())
