import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
import uvloop

from counterpoint.ledger.commits import DatabaseCommits, DiskCommits
from counterpoint.ledger.reader import read_batch, spool_files
from counterpoint.ledger.spool import SpoolWriter
from tests.entries import make_entry
from tests.unit.serving.talk import until


class Bench:
    """A worker's end: what it asks control for, and which answers have ended, by number."""

    def __init__(self, folder: Path, longest: float, **spool: float) -> None:
        self.spool = SpoolWriter(folder, "w0", **spool)  # type: ignore[arg-type]  # numbers all
        self.asked: list[str] = []
        self.ended: list[int] = []
        self.reachable = True
        self.commits = DatabaseCommits(self.spool, self._ask, longest)

    def _ask(self, file: str) -> bool:
        self.asked.append(file)
        return self.reachable

    def end(self, number: int) -> bool:
        """An answer ends; whether it waits."""
        self.spool.append(make_entry())
        return self.commits.wait(lambda: self.ended.append(number))


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await test()

    uvloop.run(bounded())


def test_answers_wait_for_the_commit_that_has_their_entries_and_for_no_other(tmp_path: Path) -> None:
    async def test() -> None:
        bench = Bench(tmp_path, 60.0)
        assert bench.end(1)
        assert bench.end(2)
        file, place = bench.spool.position
        assert bench.end(3)
        await until(lambda: bool(bench.asked))
        assert bench.asked == [file]  # once, for all three
        bench.commits.committed(file, place)
        assert bench.ended == [1, 2]
        assert bench.asked == [file, file]  # for the third
        bench.commits.committed(file, bench.spool.position[1])
        assert bench.ended == [1, 2, 3]
        assert (bench.commits.waits.number, bench.commits.waits.given_up) == (3, 0)
        bench.commits.close()

    run(test)


def test_entries_in_an_older_file_are_waited_for_too(tmp_path: Path) -> None:
    async def test() -> None:
        bench = Bench(tmp_path, 60.0, max_bytes=1)
        bench.end(1)
        older = bench.spool.position
        bench.end(2)
        newer = bench.spool.position
        assert older[0] != newer[0]
        await until(lambda: len(bench.asked) == 2)
        bench.commits.committed(*newer)
        assert bench.ended == [2]
        bench.commits.committed(*older)
        assert bench.ended == [2, 1]
        bench.commits.close()

    run(test)


def test_nobody_waits_longer_than_he_is_to_nor_for_a_database_that_is_away(tmp_path: Path) -> None:
    async def test() -> None:
        bench = Bench(tmp_path, 0.01)
        assert bench.end(1)
        await until(lambda: bench.ended == [1])  # control says nothing
        assert not bench.end(2)
        file, place = bench.spool.position
        bench.commits.committed(file, place)  # it is back
        assert bench.end(3)
        bench.commits.committed(file, None)  # and away again, which it says itself
        assert bench.ended == [1, 3]
        assert not bench.end(4)
        await until(lambda: len(bench.asked) == 3)  # to learn when it is back
        assert bench.commits.waits.given_up == 2
        bench.commits.close()

    run(test)


def test_with_nobody_to_ask_answers_end_by_the_spool_alone(tmp_path: Path) -> None:
    async def test() -> None:
        bench = Bench(tmp_path, 60.0)
        bench.reachable = False
        assert bench.end(1)
        await until(lambda: bench.ended == [1])
        assert not bench.end(2)
        bench.commits.committed(*bench.spool.position)
        assert bench.end(3)
        bench.commits.close()
        assert bench.ended == [1, 3]

    run(test)


def test_the_disk_is_waited_for_by_all_who_end_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os  # noqa: PLC0415 - the one function of it that is watched

    synced: list[int] = []
    flush = os.fdatasync

    def watched(descriptor: int) -> None:
        synced.append(descriptor)
        flush(descriptor)

    monkeypatch.setattr(os, "fdatasync", watched)

    async def test() -> None:
        spool = SpoolWriter(tmp_path, "w0", max_bytes=2000, sync_ends=True)
        commits = DiskCommits(spool)
        ended: list[int] = []
        for number in range(30):
            spool.append(make_entry())
            assert commits.wait(partial(ended.append, number))
        assert ended == []
        await until(lambda: len(ended) == 30)
        files = spool_files(tmp_path)
        assert 1 <= len(synced) <= len(files)  # one for each file that was ended, one for all that waited
        assert sum(len(read_batch(file, 0).entries) for file in files) == 30
        assert commits.waits.number == 30
        commits.close()

    run(test)
