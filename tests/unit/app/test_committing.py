"""The ends of answers wait for control's commit: a worker's process, a real spool, a real database."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import uvloop
from sqlalchemy import func, select

from counterpoint.app.committing import Committing
from counterpoint.control.shipper import Shipper
from counterpoint.ledger.commits import Waits, no_waits
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.tables import ledger_entries
from tests.databases import fresh_url
from tests.entries import make_entry
from tests.unit.app.rig import Rig, with_worker
from tests.unit.gateway.conversation import chat
from tests.unit.serving.talk import until

ASK = json.loads(chat("gpt-x"))


def stored(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(ledger_entries)).scalar_one()


def committed(
    folder: Path, test: Callable[[Rig, Database, Committing, Shipper], Awaitable[None]], wait: float = 20.0
) -> None:
    with fresh_url("sqlite", folder) as url:
        database = open_database(url)
        shipper = Shipper(database, folder / "spool")

        async def run(rig: Rig) -> None:
            committing = Committing(shipper)
            rig.links.commit, rig.links.waited = committing.commit, committing.note
            await test(rig, database, committing, shipper)
            await committing.close()

        with_worker(folder, run, commit="database", commit_wait=wait)
        database.close()


def test_when_an_answer_has_come_its_entry_is_in_the_database(tmp_path: Path) -> None:
    async def test(rig: Rig, database: Database, committing: Committing, shipper: Shipper) -> None:
        assert (await rig.ask(ASK))[0] == 200
        assert stored(database) == 1
        asked = {**ASK, "stream": True}
        assert b"[DONE]" in (await rig.ask(asked))[2]
        assert stored(database) == 2
        await asyncio.gather(*(rig.ask(ASK) for _ in range(20)))
        assert stored(database) == 22
        await until(lambda: committing.waits.number == 22)
        assert committing.waits.given_up == 0

    committed(tmp_path, test)


def test_with_the_database_away_answers_end_and_their_entries_come_later_once(tmp_path: Path) -> None:
    async def test(rig: Rig, database: Database, committing: Committing, shipper: Shipper) -> None:
        away = asyncio.Event()
        commit = rig.links.commit
        assert commit is not None

        async def refuse(_file: str) -> int | None:
            away.set()
            return None

        rig.links.commit = refuse
        for _ in range(3):
            assert (await rig.ask(ASK))[0] == 200
        assert away.is_set()
        assert stored(database) == 0
        rig.links.commit = commit
        while not stored(database):  # the worker asks with each answer whether it is back
            assert (await rig.ask(ASK))[0] == 200
        shipper.flush()  # those that nobody waited for come in the shipper's own time
        assert stored(database) == len(rig.entries())

    committed(tmp_path, test)


def test_nobody_waits_for_a_database_that_does_not_answer(tmp_path: Path) -> None:
    async def test(rig: Rig, database: Database, committing: Committing, shipper: Shipper) -> None:
        silent = asyncio.Event()

        async def never(_file: str) -> int | None:
            await silent.wait()
            return None

        rig.links.commit = never
        for _ in range(3):
            assert (await rig.ask(ASK))[0] == 200
        assert len(rig.entries()) == 3
        await until(lambda: committing.waits.number == 1)  # the first one waited, and the others knew
        assert committing.waits.given_up == 1
        silent.set()

    committed(tmp_path, test, wait=0.05)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_several_workers_wait_for_is_one_transaction(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path) as url:
        database = open_database(url)
        shipper = Shipper(database, tmp_path / "spool")
        writers = [SpoolWriter(tmp_path / "spool", f"w{number}") for number in range(3)]
        for writer in writers:
            for _ in range(4):
                writer.append(make_entry())
        told: list[int] = []
        shipper.told.append(lambda entries: told.append(len(entries)))

        async def run() -> None:
            committing = Committing(shipper)
            places = await asyncio.gather(*(committing.commit(writer.position[0]) for writer in writers))
            assert places == [writer.position[1] for writer in writers]
            await committing.close()

        uvloop.run(run())
        assert told == [12]
        assert stored(database) == 12
        assert shipper.flush() == 0
        database.close()


def test_waits_are_those_of_all_workers(tmp_path: Path) -> None:
    with fresh_url("sqlite", tmp_path) as url:
        database = open_database(url)
        committing = Committing(Shipper(database, tmp_path / "spool"))
        for worker in ("a", "b", "b"):
            waits: Waits = no_waits()
            waits.note(0.003)
            committing.note(worker, waits)
        assert (committing.waits.number, committing.waits.micros) == (2, 6000)
        database.close()


def test_what_comes_soon_after_a_commit_goes_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many ask one after the other: a transaction has a price whatever is in it."""
    monkeypatch.setattr("counterpoint.app.committing.LONGEST_REST", 0.5)
    monkeypatch.setattr("counterpoint.app.committing.REST", 1e6)

    async def run() -> None:
        commits = []

        class Noted:
            def commit(self, files: list[str]) -> dict[str, int]:
                commits.append(files)
                return dict.fromkeys(files, 1)

        committing = Committing(Noted())  # type: ignore[arg-type]  # all that is asked of a shipper here
        assert await committing.commit("first") == 1
        asking = [asyncio.create_task(committing.commit(name)) for name in "abc"]
        await asyncio.sleep(0)
        asking += [asyncio.create_task(committing.commit(name)) for name in "def"]
        assert await asyncio.gather(*asking) == [1] * 6
        assert commits == [["first"], list("abcdef")]
        await committing.close()

    uvloop.run(run())
