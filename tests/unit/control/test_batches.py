"""Batches: every line once, again where it is worth it, no more than is wanted."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from sqlalchemy.exc import OperationalError

from counterpoint.control.batches import TRIES, Batches, BatchKeys, cancelled
from counterpoint.control.calling import Answered, CallError
from counterpoint.control.claiming import Claims
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.registry import SHELVES
from counterpoint.dialects.shelving import Batch, Result
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

MASTER = new_master_key()
KEY = Key("k1", "mine", "p", "o")
DIRECTORY = Directory(keys={digest_of("x"): KEY})
Ask = Callable[[str, Mapping[str, str], bytes], Awaitable[Answered]]


def batch_of(count: int, *, seconds: float = 1000, style: str = "openai-files") -> tuple[Batch, bytes]:
    now = now_micros()
    batch = Batch(
        "batch_1", style, "o", "p", "k1", "/v1/embeddings", now, now + int(seconds * 1e6), total=count
    )
    lines = [
        {"custom_id": str(place), "method": "POST", "url": "/v1/embeddings", "body": {"n": place}}
        for place in range(count)
    ]
    return batch, "\n".join(map(json.dumps, lines)).encode()


def worked_off(
    database: Database, batch: Batch, ask: Ask, meanwhile: Callable[[Batches], Awaitable[None]] | None = None
) -> Batch:
    async def run() -> None:
        keys = BatchKeys(lambda: DIRECTORY, (MASTER,))
        batches = Batches(Shelf(database), SHELVES, ask, keys, Claims(database, "me"), first_wait=0)
        await batches.go_on()
        await asyncio.sleep(0)
        if meanwhile is not None:
            await meanwhile(batches)
        while batches._running:
            await asyncio.gather(*batches._running.values())

    asyncio.run(run())
    found = Shelf(database).batch("p", batch.id)
    assert found is not None
    return found


def test_every_line_is_asked_once(database: Database) -> None:
    batch, lines = batch_of(30)
    Shelf(database).keep_batch(batch, lines)
    asked: list[bytes] = []

    async def ask(path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        assert (path, headers["content-type"]) == ("/v1/embeddings", "application/json")
        asked.append(body)
        return Answered(200, {"x-request-id": "r"}, b'{"ok":1}')

    done = worked_off(database, batch, ask)
    assert (done.state, done.succeeded, done.failed) == ("completed", 30, 0)
    assert len(set(asked)) == len(asked) == 30
    shelf = Shelf(database)
    output = shelf.file("p", done.output or "")
    assert output is not None
    assert len(shelf.content(output).splitlines()) == 30
    assert done.errors is None


def test_what_has_a_result_is_not_asked_again(database: Database) -> None:
    batch, lines = batch_of(3)
    shelf = Shelf(database)
    shelf.keep_batch(batch, lines)
    shelf.add_result(batch, Result("1", 200, msgspec.Raw(b"{}")))
    asked: list[bytes] = []

    async def ask(_path: str, _headers: Mapping[str, str], body: bytes) -> Answered:
        asked.append(body)
        return Answered(200, {}, b"{}")

    assert worked_off(database, batch, ask).succeeded == 3
    assert sorted(asked) == [b'{"n":0}', b'{"n":2}']


def test_a_host_that_is_busy_is_asked_again(database: Database) -> None:
    batch, lines = batch_of(1)
    Shelf(database).keep_batch(batch, lines)
    turns: list[int] = []

    async def ask(*_: object) -> Answered:
        turns.append(1)
        if len(turns) == 1:
            raise CallError("gone")
        return Answered(429 if len(turns) < 4 else 200, {"retry-after": "9"}, b"{}")

    assert worked_off(database, batch, ask).succeeded == 1
    assert len(turns) == 4


def test_a_host_that_stays_busy_is_the_answer(database: Database) -> None:
    batch, lines = batch_of(1)
    Shelf(database).keep_batch(batch, lines)
    turns: list[int] = []

    async def ask(*_: object) -> Answered:
        turns.append(1)
        return Answered(503, {}, b"busy")

    done = worked_off(database, batch, ask)
    assert (done.failed, len(turns)) == (1, TRIES)
    (result,) = Shelf(database).results(batch)
    assert json.loads(bytes(result.body))["error"]["message"] == "busy"


def test_a_line_that_nobody_answers(database: Database) -> None:
    batch, lines = batch_of(1)
    Shelf(database).keep_batch(batch, lines)

    async def ask(*_: object) -> Answered:
        raise CallError("gone")

    assert worked_off(database, batch, ask).failed == 1


async def _cancelled(database: Database, batches: Batches, batch: Batch) -> None:
    Shelf(database).change_batch(batch.id, cancelled)
    await batches.go_on()


def test_a_cancelled_batch_asks_no_more(database: Database) -> None:
    batch, lines = batch_of(20)
    Shelf(database).keep_batch(batch, lines)
    asked: list[int] = []

    async def ask(*_: object) -> Answered:
        asked.append(1)
        await asyncio.sleep(0)
        return Answered(200, {}, b"{}")

    done = worked_off(database, batch, ask, lambda batches: _cancelled(database, batches, batch))
    assert done.state == "cancelled"
    assert done.cancelled + done.succeeded == 20
    assert len(asked) < 20


def test_a_batch_that_takes_too_long_expires(database: Database) -> None:
    batch, lines = batch_of(4, seconds=-1)
    Shelf(database).keep_batch(batch, lines)

    async def ask(*_: object) -> Answered:
        raise AssertionError

    done = worked_off(database, batch, ask)
    assert (done.state, done.expired) == ("expired", 4)


def test_a_batch_is_worked_off_by_one_process_and_taken_up_when_that_one_is_gone(database: Database) -> None:
    batch, lines = batch_of(8)
    Shelf(database).keep_batch(batch, lines)
    asked: list[bytes] = []
    blocked = asyncio.Event()

    async def never(*_: object) -> Answered:
        blocked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def ask(_path: str, _headers: Mapping[str, str], body: bytes) -> Answered:
        asked.append(body)
        return Answered(200, {}, b"{}")

    async def run() -> None:
        keys = BatchKeys(lambda: DIRECTORY, (MASTER,))
        first, second = (
            Batches(Shelf(database), SHELVES, each, keys, Claims(database, name), first_wait=0)
            for name, each in (("one", never), ("two", ask))
        )
        await first.go_on()
        await blocked.wait()
        if not database.is_sqlite:  # which has no second process
            await second.go_on()
            assert second._running == {}
        await first.stop()
        await second.go_on()
        await asyncio.gather(*second._running.values())

    asyncio.run(run())
    found = Shelf(database).batch("p", batch.id)
    assert found is not None
    assert (found.state, found.succeeded, len(asked)) == ("completed", 8, 8)


def test_a_result_outlives_a_database_that_is_away_for_a_moment(database: Database) -> None:
    batch, lines = batch_of(2)
    Shelf(database).keep_batch(batch, lines)
    failing = [True, True]

    class Faltering(Shelf):
        def add_result(self, batch: Batch, result: Result) -> Batch:
            if failing:
                failing.pop()
                raise OperationalError("INSERT", {}, Exception("away"))
            return super().add_result(batch, result)

    async def ask(*_: object) -> Answered:
        return Answered(200, {}, b"{}")

    async def run() -> None:
        keys = BatchKeys(lambda: DIRECTORY, (MASTER,))
        batches = Batches(Faltering(database), SHELVES, ask, keys, Claims(database, "me"), first_wait=0)
        await batches.go_on()
        await asyncio.gather(*batches._running.values())

    asyncio.run(run())
    found = Shelf(database).batch("p", batch.id)
    assert found is not None
    assert (found.state, found.succeeded) == ("completed", 2)


def test_keys_of_batches_stand_for_keys_that_are_still_there() -> None:
    known = [DIRECTORY]
    keys = BatchKeys(lambda: known[0], (MASTER,))
    text = keys.text("k1")
    assert keys.text("k1") == text
    assert BatchKeys(Directory, (MASTER,)).text("k1") == text, "in any process"
    assert keys.find(digest_of(text)) == KEY
    assert keys.find(digest_of("guessed")) is None
    known[0] = Directory()  # revoked
    assert keys.find(digest_of(text)) is None
