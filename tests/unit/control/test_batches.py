"""Batches: every line once, again where it is worth it, no more than is wanted."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec

from counterpoint.control.batches import TRIES, Batches, BatchKeys
from counterpoint.control.calling import Answered, CallError
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.registry import SHELVES
from counterpoint.dialects.shelving import Batch, Result
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.storage.clock import now_micros

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
    folder: Path, batch: Batch, ask: Ask, meanwhile: Callable[[Batches], None] = lambda _: None
) -> Batch:
    async def run() -> None:
        batches = Batches(Shelf(folder), SHELVES, ask, BatchKeys(lambda: DIRECTORY), first_wait=0)
        await batches.go_on()
        await asyncio.sleep(0)
        meanwhile(batches)
        while batches._running:
            await asyncio.gather(*batches._running.values())

    asyncio.run(run())
    found = Shelf(folder).batch("p", batch.id)
    assert found is not None
    return found


def test_every_line_is_asked_once(tmp_path: Path) -> None:
    batch, lines = batch_of(30)
    Shelf(tmp_path).keep_batch(batch, lines)
    asked: list[bytes] = []

    async def ask(path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        assert (path, headers["content-type"]) == ("/v1/embeddings", "application/json")
        asked.append(body)
        return Answered(200, {"x-request-id": "r"}, b'{"ok":1}')

    done = worked_off(tmp_path, batch, ask)
    assert (done.state, done.succeeded, done.failed) == ("completed", 30, 0)
    assert len(set(asked)) == len(asked) == 30
    shelf = Shelf(tmp_path)
    output = shelf.file("p", done.output or "")
    assert output is not None
    assert len(shelf.content(output).splitlines()) == 30
    assert done.errors is None


def test_what_has_a_result_is_not_asked_again(tmp_path: Path) -> None:
    batch, lines = batch_of(3)
    shelf = Shelf(tmp_path)
    shelf.keep_batch(batch, lines)
    shelf.add_result(batch, Result("1", 200, msgspec.Raw(b"{}")))
    asked: list[bytes] = []

    async def ask(_path: str, _headers: Mapping[str, str], body: bytes) -> Answered:
        asked.append(body)
        return Answered(200, {}, b"{}")

    assert worked_off(tmp_path, batch, ask).succeeded == 3
    assert sorted(asked) == [b'{"n":0}', b'{"n":2}']


def test_a_host_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    batch, lines = batch_of(1)
    Shelf(tmp_path).keep_batch(batch, lines)
    turns: list[int] = []

    async def ask(*_: object) -> Answered:
        turns.append(1)
        if len(turns) == 1:
            raise CallError("gone")
        return Answered(429 if len(turns) < 4 else 200, {"retry-after": "9"}, b"{}")

    assert worked_off(tmp_path, batch, ask).succeeded == 1
    assert len(turns) == 4


def test_a_host_that_stays_busy_is_the_answer(tmp_path: Path) -> None:
    batch, lines = batch_of(1)
    Shelf(tmp_path).keep_batch(batch, lines)
    turns: list[int] = []

    async def ask(*_: object) -> Answered:
        turns.append(1)
        return Answered(503, {}, b"busy")

    done = worked_off(tmp_path, batch, ask)
    assert (done.failed, len(turns)) == (1, TRIES)
    (result,) = Shelf(tmp_path).results(batch)
    assert json.loads(bytes(result.body))["error"]["message"] == "busy"


def test_a_line_that_nobody_answers(tmp_path: Path) -> None:
    batch, lines = batch_of(1)
    Shelf(tmp_path).keep_batch(batch, lines)

    async def ask(*_: object) -> Answered:
        raise CallError("gone")

    assert worked_off(tmp_path, batch, ask).failed == 1


def test_a_cancelled_batch_asks_no_more(tmp_path: Path) -> None:
    batch, lines = batch_of(20)
    Shelf(tmp_path).keep_batch(batch, lines)
    asked: list[int] = []

    async def ask(*_: object) -> Answered:
        asked.append(1)
        await asyncio.sleep(0)
        return Answered(200, {}, b"{}")

    done = worked_off(tmp_path, batch, ask, lambda batches: (batches.cancel(batch), None)[1])
    assert done.state == "cancelled"
    assert done.cancelled + done.succeeded == 20
    assert len(asked) < 20


def test_a_batch_that_takes_too_long_expires(tmp_path: Path) -> None:
    batch, lines = batch_of(4, seconds=-1)
    Shelf(tmp_path).keep_batch(batch, lines)

    async def ask(*_: object) -> Answered:
        raise AssertionError

    done = worked_off(tmp_path, batch, ask)
    assert (done.state, done.expired) == ("expired", 4)


def test_keys_of_batches_stand_for_keys_that_are_still_there() -> None:
    known = [DIRECTORY]
    keys = BatchKeys(lambda: known[0])
    text = keys.text("k1")
    assert keys.text("k1") == text
    assert keys.find(digest_of(text)) == KEY
    assert keys.find(digest_of("guessed")) is None
    known[0] = Directory()  # revoked
    assert keys.find(digest_of(text)) is None
