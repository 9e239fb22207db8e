"""Workers' questions about what is kept, answered beside everything else that control does."""

import asyncio
from typing import cast

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from counterpoint.app.recalling import Recalling
from counterpoint.kept import Find, Found, Keep, Reported
from counterpoint.storage import kept as rows
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from tests.databases import database, database_url
from tests.unit.storage.test_kept import answer

__all__ = ["database", "database_url"]


def test_questions_are_answered_and_what_is_old_or_orphaned_is_seen_to(database: Database) -> None:
    async def run() -> None:
        with database.write() as connection:
            rows.put(connection, answer("old"), now_micros() - 1, None)
            rows.put(connection, answer("orphan", status="queued", background=True), now_micros() * 2, 1)
        recalling = Recalling(database, 60)
        tidying = asyncio.create_task(recalling.tidy())
        try:
            assert await recalling.recall(Keep(answer("a"))) == Reported("completed")
            async with asyncio.timeout(20):
                while True:
                    with database.read() as connection:
                        gone = rows.find(connection, "p", "old") is None
                        orphan = rows.find(connection, "p", "orphan")
                    if gone and orphan is not None and orphan.status == "failed":
                        break
                    await asyncio.sleep(0.01)
            assert isinstance(await recalling.recall(Find("p", "a")), Found)
        finally:
            tidying.cancel()
            recalling.close()

    asyncio.run(run())


def test_what_waits_is_kept_together_and_a_bad_one_harms_nobody(database: Database) -> None:
    async def run() -> None:
        recalling = Recalling(database, 60)
        try:
            good = [recalling.recall(Keep(answer(f"r{number}"))) for number in range(100)]
            bad = recalling.recall(Keep(msgspec.structs.replace(answer("bad"), host=cast("str", None))))
            told = await asyncio.gather(*good, bad, return_exceptions=True)
            assert told[:-1] == [Reported("completed")] * 100
            assert isinstance(told[-1], SQLAlchemyError)
            assert isinstance(await recalling.recall(Find("p", "r99")), Found)
        finally:
            recalling.close()

    asyncio.run(run())
