"""A process does what it is asked at its private door, and hands its sockets on with what waits in them."""

import asyncio
import socket
from pathlib import Path

import pytest

from counterpoint.app.handover import Door, ask, take_sockets
from counterpoint.i18n.complaint import Complaint


def test_what_is_asked_is_done_and_what_fails_is_told(tmp_path: Path) -> None:
    done: list[str] = []

    async def reload() -> None:
        done.append("reload")

    async def leave() -> None:
        raise OSError("not now")

    async def run() -> None:
        door = Door(tmp_path, {"reload": reload, "leave": leave}, {})
        try:
            await asyncio.to_thread(ask, tmp_path, "reload")
            for word in ("leave", "dance"):
                with pytest.raises(Complaint, match=word):
                    await asyncio.to_thread(ask, tmp_path, word)
        finally:
            door.close()

    asyncio.run(run())
    assert done == ["reload"]
    with pytest.raises(Complaint, match="does not answer"):
        ask(tmp_path, "reload")


def test_a_call_that_waits_is_accepted_by_whoever_has_the_sockets_now(tmp_path: Path) -> None:
    async def run() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        door = Door(tmp_path, {}, {"gateway": [listener], "studio": []})
        with socket.create_connection(listener.getsockname()) as waiting:
            taken = await asyncio.to_thread(take_sockets, tmp_path)
            door.close()
            listener.close()
            assert [len(each) for each in taken.values()] == [1, 0]
            (mine,) = taken["gateway"]
            accepted, address = mine.accept()
            assert address == waiting.getsockname()
            accepted.close()
            mine.close()

    asyncio.run(run())
