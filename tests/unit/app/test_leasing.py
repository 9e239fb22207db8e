"""The control process grants what its workers claim, together, and closes the leases of those that are gone."""

import asyncio
from pathlib import Path

import pytest

from counterpoint.app import leasing as module
from counterpoint.app.leasing import Leasing, machine_of
from counterpoint.canonical.ids import new_id
from counterpoint.directory import Directory
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.limits.claims import Claim
from counterpoint.storage.database import Database
from tests.leasing import House


def test_claims_of_all_workers_are_answered_and_none_gets_what_is_not_there(
    database: Database, tmp_path: Path
) -> None:
    house = House(database)
    limit = house.limit(measure="money", amount=1_000)

    async def play() -> list[int]:
        leasing = Leasing(database, tmp_path, linked=tuple, directory=Directory)
        claim = (Claim(limit.id, None, 0, 1, 300, 300),)
        try:
            answers = await asyncio.gather(*(leasing.claim(f"worker-{number}", claim) for number in range(5)))
        finally:
            leasing.close()
        return [grants[0].amount for grants in answers if grants is not None]

    assert sorted(asyncio.run(play())) == [0, 0, 300, 300, 300]


def test_with_the_database_away_nobody_waits(tmp_path: Path, database: Database) -> None:
    async def play() -> object:
        leasing = Leasing(database, tmp_path, linked=tuple, directory=Directory)
        try:
            with database.write() as connection:
                connection.exec_driver_sql("DROP TABLE limits" + ("" if database.is_sqlite else " CASCADE"))
            return await leasing.claim("worker", (Claim("limit", None, 0, 1, 1, 1),))
        finally:
            leasing.close()

    assert asyncio.run(play()) is None


def test_leases_are_closed_when_the_worker_is_gone_and_its_spool_too(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "GONE_AFTER", 0.0)
    house = House(database)
    limit = house.limit(measure="money", amount=1_000)
    gone, linked = new_id(), new_id()
    spool = SpoolWriter(tmp_path, f"worker-1.{gone}")

    async def until(holders: set[str], leasing: Leasing) -> None:
        granting = leasing._granting
        machine = machine_of(tmp_path)
        while await asyncio.to_thread(granting.holders, machine) != holders:  # noqa: ASYNC110 - it is a row
            await asyncio.sleep(0.01)

    async def play() -> None:
        leasing = Leasing(database, tmp_path, linked=lambda: [linked], directory=Directory)
        watching = asyncio.create_task(leasing.watch())
        try:
            for holder in (gone, linked):
                await leasing.claim(holder, (Claim(limit.id, None, 0, 1, 300, 300),))
            await asyncio.wait_for(until({gone, linked}, leasing), 10)
            spool.path.unlink()  # as the shipper does, once everything in it is stored
            await asyncio.wait_for(until({linked}, leasing), 10)
        finally:
            watching.cancel()
            leasing.close()
            spool.close()

    asyncio.run(play())


def test_calls_of_a_worker_that_another_process_has_count_until_it_ends(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one version hands over to the next, the old one's workers end their calls; they are linked to it alone."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "GONE_AFTER", 0.0)
    house = House(database)
    limit = house.limit(measure="concurrent", amount=1)
    old = new_id()
    spool = SpoolWriter(tmp_path, f"worker-1.{old}")

    async def play() -> None:
        leasing = Leasing(
            database, tmp_path, linked=tuple, directory=lambda: Directory(limits=tuple(house.limits))
        )
        try:
            await leasing.claim(old, (Claim(limit.id, None, 0, 1, 1, 1),))
            now = asyncio.get_running_loop().time()
            await asyncio.to_thread(leasing._look, now, now - 1, True)
            assert leasing._granting.holders(machine_of(tmp_path)) == {old}
            spool.close()  # as the kernel does for one that was killed; not yet stored
            await asyncio.to_thread(leasing._look, now, now - 1, True)
            assert leasing._granting.holders(machine_of(tmp_path)) == set()
        finally:
            leasing.close()

    asyncio.run(play())
