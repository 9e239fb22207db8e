"""Workers' questions about what is kept, answered beside everything else that control does."""

import asyncio
from typing import cast

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from counterpoint.app.recalling import Recalling
from counterpoint.kept import Find, Found, Keep, Reported
from counterpoint.storage.database import Database
from tests.databases import database, database_url
from tests.unit.storage.test_kept import answer

__all__ = ["database", "database_url"]


def test_questions_are_answered(database: Database) -> None:
    async def run() -> None:
        recalling = Recalling(database, 60)
        try:
            assert await recalling.recall(Keep(answer("a"))) == Reported("completed")
            assert isinstance(await recalling.recall(Find("p", "a")), Found)
        finally:
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
