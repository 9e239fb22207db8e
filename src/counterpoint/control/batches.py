"""Works batches off: each line is a call through the gateway like everybody's, so that rights, prices and the ledger
hold for it; a few at a time, and slower where a host says that it is too much.

What came of a line is on disk before the next is taken, so after a restart only the lines without a result are asked.
A line that was under way when the process died is asked again: its answer was never seen by anybody.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Literal

import msgspec

from counterpoint.canonical.ids import new_id
from counterpoint.control.calling import Answered, CallError
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.shelving import ENDED, Batch, Line, Result, ShelfDialect, State, StoredFile
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import digest_of, make_key
from counterpoint.storage.clock import now_micros

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Lines of one batch under way; of all batches four times as many."""
TRIES = 6
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
LATER = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses after which a line is worth another try."""

Ask = Callable[[str, Mapping[str, str], bytes], Awaitable[Answered]]
"""Asks the gateway: path, headers, body. Raises `CallError`."""


class BatchKeys:
    """The keys that batches are worked off with: of this process alone, never stored, each worth what the key is worth
    that the batch was asked for with, as long as that one is."""

    def __init__(self, directory: Callable[[], Directory]) -> None:
        self._directory = directory
        self._texts: dict[str, str] = {}
        self._ids: dict[bytes, str] = {}

    def text(self, key: str) -> str:
        """What opens the gateway in place of the key with that id."""
        if key not in self._texts:
            self._texts[key] = make_key()
            self._ids[digest_of(self._texts[key])] = key
        return self._texts[key]

    def find(self, digest: bytes) -> Key | None:
        """The key for which that one stands."""
        id_ = self._ids.get(digest)
        if id_ is None:
            return None
        return next((key for key in self._directory().keys.values() if key.id == id_), None)


class Batches:
    """Every batch that we work off ourselves."""

    def __init__(
        self,
        shelf: Shelf,
        styles: Mapping[str, ShelfDialect],
        ask: Ask,
        keys: BatchKeys,
        *,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        self._shelf = shelf
        self._styles = styles
        self._ask = ask
        self._keys = keys
        self._first_wait = first_wait
        self._running: dict[str, asyncio.Task[None]] = {}
        self._batches: dict[str, Batch] = {}
        self._room = asyncio.Semaphore(4 * AT_ONCE)

    async def go_on(self) -> None:
        """After a start: with what an earlier process left."""
        for batch in await asyncio.to_thread(self._shelf.unfinished):
            self.begin(batch)

    def begin(self, batch: Batch) -> None:
        """Works it off from now on."""
        self._batches[batch.id] = batch
        task = asyncio.create_task(self._run(batch.id))
        self._running[batch.id] = task
        task.add_done_callback(lambda _: self._running.pop(batch.id, None))

    def current(self, batch: Batch) -> Batch:
        """As it is now, should it be under way."""
        return self._batches.get(batch.id, batch)

    def cancel(self, batch: Batch) -> Batch:
        """Asks no more of its lines; what is under way comes to its end."""
        batch = self.current(batch)
        if batch.state == "in_progress":
            batch = msgspec.structs.replace(batch, state="cancelling", cancelling=now_micros())
            self._save(batch)
        return batch

    async def stop(self) -> None:
        """The process ends; batches go on with the next one."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _save(self, batch: Batch) -> None:
        self._batches[batch.id] = batch
        self._shelf.keep_batch(batch)

    async def _run(self, id_: str) -> None:
        try:
            await self._work_off(id_)
        except Exception:
            log.exception("the batch %s failed", id_)
            self._save(msgspec.structs.replace(self._batches[id_], state="failed", ended=now_micros()))
        finally:
            if self._batches[id_].state in ENDED:
                del self._batches[id_]

    async def _work_off(self, id_: str) -> None:
        batch = self._batches[id_]
        style = self._styles[batch.style]
        done = await asyncio.to_thread(self._shelf.results, batch)
        known = {result.id for result in done}
        self._count(id_, done, anew=True)
        content = await asyncio.to_thread(self._shelf.lines, batch)
        waiting = iter([line for line in style.lines(content) if line.id not in known])
        workers = [asyncio.create_task(self._lines(id_, waiting)) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
        self._end(id_, style)

    async def _lines(self, id_: str, waiting: Iterable[Line]) -> None:
        for line in waiting:
            async with self._room:
                result = await self._line(id_, line) if self._wanted(id_) else None
            result = result or Result(line.id, ended=self._why_not(id_))
            await asyncio.to_thread(self._shelf.add_result, self._batches[id_], result)
            self._count(id_, [result])

    def _wanted(self, id_: str) -> bool:
        batch = self._batches[id_]
        return batch.state == "in_progress" and now_micros() < batch.expires

    def _why_not(self, id_: str) -> Literal["cancelled", "expired"]:
        return "cancelled" if self._batches[id_].state == "cancelling" else "expired"

    async def _line(self, id_: str, line: Line) -> Result | None:
        """What comes of it; `None` if it is not wanted any more before anything does."""
        batch = self._batches[id_]
        headers = {
            **batch.headers,
            "authorization": f"Bearer {self._keys.text(batch.key)}",
            "content-type": "application/json",
        }
        wait = self._first_wait
        for turn in range(TRIES):
            try:
                answer = await self._ask(line.path, headers, line.body)
            except CallError as error:
                log.info("a line of the batch %s was not answered: %s", id_, error)
                answer = None
            if answer is not None and (answer.status not in LATER or turn == TRIES - 1):
                return _result(line, answer)
            if turn < TRIES - 1:
                asked = answer.headers.get("retry-after", "") if answer is not None else ""
                pause = float(asked) if asked.isdecimal() and len(asked) < 4 else wait
                await asyncio.sleep(min(pause, LONGEST_WAIT) if self._first_wait else 0)
                wait *= 2
                if not self._wanted(id_):
                    return None if answer is None else _result(line, answer)
        return Result(line.id, ended="failed")

    def _count(self, id_: str, results: Iterable[Result], *, anew: bool = False) -> None:
        batch = self._batches[id_]
        if anew:
            batch = msgspec.structs.replace(batch, succeeded=0, failed=0, cancelled=0, expired=0)
        counts = {name: getattr(batch, name) for name in ("succeeded", "failed", "cancelled", "expired")}
        for result in results:
            good = not result.ended and 200 <= result.status < 300
            counts["succeeded" if good else result.ended or "failed"] += 1
        self._batches[id_] = msgspec.structs.replace(batch, **counts)

    def _end(self, id_: str, style: ShelfDialect) -> None:
        batch = self._batches[id_]
        state: State = "completed"
        if batch.state == "cancelling":
            state = "cancelled"
        elif batch.expired:
            state = "expired"
        if style.splits:
            batch = self._with_files(batch, style)
        moment = now_micros()
        self._save(msgspec.structs.replace(batch, state=state, finalizing=moment, ended=moment))

    def _with_files(self, batch: Batch, style: ShelfDialect) -> Batch:
        """Its results as files, those of failures apart."""
        good: list[bytes] = []
        bad: list[bytes] = []
        for result in self._shelf.results(batch):
            fine = not result.ended and 200 <= result.status < 300
            (good if fine else bad).append(style.result(result))
        output = self._result_file(batch, style, "output", good)
        return msgspec.structs.replace(
            batch, output=output, errors=self._result_file(batch, style, "error", bad)
        )

    def _result_file(self, batch: Batch, style: ShelfDialect, word: str, lines: list[bytes]) -> str | None:
        if not lines:
            return None
        content = b"".join(lines)
        file = StoredFile(
            id=f"{style.file_prefix}{new_id()}",
            style=batch.style,
            organisation=batch.organisation,
            project=batch.project,
            name=f"{batch.id}_{word}.jsonl",
            media_type="application/jsonl",
            purpose="batch_output",
            size=len(content),
            created=now_micros(),
            ours=True,
        )
        self._shelf.keep_file(file, content)
        return file.id


def _result(line: Line, answer: Answered) -> Result:
    request_id = answer.headers.get("x-request-id") or answer.headers.get("request-id", "")
    try:
        msgspec.json.decode(answer.body)
        body = answer.body
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = msgspec.json.encode({"error": {"message": answer.body[:2000].decode("utf-8", "replace")}})
    return Result(line.id, answer.status, msgspec.Raw(body), request_id)
