"""A duty is done again and again, by one of several, whatever happens to it."""

import asyncio
import threading

from counterpoint.app.duties import Duty, attend
from counterpoint.control.claiming import Claims
from counterpoint.storage.database import Database
from tests.unit.serving.talk import until


def test_one_of_two_does_it_and_the_other_goes_on_when_that_one_is_gone(database: Database) -> None:
    done: list[str] = []
    failed = threading.Event()

    def work(name: str) -> None:
        done.append(name)
        if not failed.is_set():
            failed.set()
            raise OSError("for once")

    async def run() -> None:
        one, two = Claims(database, "one"), Claims(database, "two")
        first = asyncio.create_task(attend(Duty("x", 0.01, lambda: work("one")), one))
        async with asyncio.timeout(30):
            await until(lambda: len(done) > 3)
        assert set(done) == {"one"}
        if not database.is_sqlite:
            assert not two.take("x")
        first.cancel()
        await asyncio.wait({first})
        one.release("x")
        second = asyncio.create_task(attend(Duty("x", 0.01, lambda: work("two")), two))
        async with asyncio.timeout(30):
            await until(lambda: "two" in done)
        second.cancel()

    asyncio.run(run())
