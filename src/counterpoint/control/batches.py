"""Works batches off: each line is a call through the gateway like everybody's, so that rights, prices and the ledger
hold for it; a few at a time, and slower where a host says that it is too much.

What came of a line is in the database before the next is taken, so whoever goes on with a batch asks only the lines
without a result. A line that was under way when a process died is asked again: its answer was never seen by anybody.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, Protocol

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from counterpoint.canonical.ids import new_id
from counterpoint.control.calling import Answered, CallError
from counterpoint.control.masterkey import MasterKey
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.shelving import Batch, Line, Result, ShelfDialect, State, StoredFile
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import derived_key, digest_of
from counterpoint.storage.clock import now_micros

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Lines of one batch under way; of all batches four times as many."""
TRIES = 6
KEEP_TRIES = 120
LOOK_SECONDS = 1.0
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
LATER = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses after which a line is worth another try."""

Ask = Callable[[str, Mapping[str, str], bytes], Awaitable[Answered]]
"""Asks the gateway: path, headers, body. Raises `CallError`."""


class BatchKeys:
    """The keys that batches are worked off with: derived from the master key, never stored, each worth what the key is
    worth that the batch was asked for with, as long as that one is. So any process that has the master key may work a
    batch off, at any gateway."""

    def __init__(self, directory: Callable[[], Directory], masters: Sequence[MasterKey]) -> None:
        self._directory = directory
        self._masters = masters
        self._known: tuple[Directory, dict[bytes, Key]] | None = None

    def text(self, key: str) -> str:
        """What opens the gateway in place of the key with that id."""
        return derived_key(self._masters[0].key, f"batch {key}")

    def find(self, digest: bytes) -> Key | None:
        """The key for which that one stands."""
        directory, known = self._directory(), self._known
        if known is None or known[0] is not directory:
            known = self._known = (directory, dict(self._derived(directory)))
        return known[1].get(digest)

    def _derived(self, directory: Directory) -> Iterator[tuple[bytes, Key]]:
        for key in directory.keys.values():
            for master in self._masters:
                yield digest_of(derived_key(master.key, f"batch {key.id}")), key


class Claims(Protocol):
    """What keeps two processes from doing the same."""

    def take(self, name: str) -> bool:
        """Whether we may do it, for some seconds from now; waits for the database."""

    def release(self, name: str) -> None:
        """Others may."""


class Batches:
    """Every batch that we work off ourselves, as far as this process does."""

    def __init__(
        self,
        shelf: Shelf,
        styles: Mapping[str, ShelfDialect],
        ask: Ask,
        keys: BatchKeys,
        claims: Claims,
        *,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        self._shelf = shelf
        self._styles = styles
        self._ask = ask
        self._keys = keys
        self._claims = claims
        self._first_wait = first_wait
        self._running: dict[str, asyncio.Task[None]] = {}
        self._batches: dict[str, Batch] = {}
        self._room = asyncio.Semaphore(4 * AT_ONCE)
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """There is a new one."""
        self._begun.set()

    async def watch(self) -> None:
        """For ever: take up what nobody works off, or whose process has died."""
        while True:
            try:
                await self.go_on()
            except Exception:
                log.exception("the batches could not be looked through; tried again later")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._begun.wait(), LOOK_SECONDS)
            self._begun.clear()

    async def go_on(self) -> None:
        """One look: goes on claiming what is under way here, learns what was said about it, and takes up more."""
        for batch in await asyncio.to_thread(self._shelf.unfinished):
            mine = await asyncio.to_thread(self._claims.take, _claim(batch.id))
            task = self._running.get(batch.id)
            if task is not None and mine:
                self._batches[batch.id] = batch
            elif task is not None:
                task.cancel()  # another process took it for abandoned
            elif mine:
                self._batches[batch.id] = batch
                self._running[batch.id] = asyncio.create_task(self._run(batch.id))

    async def stop(self) -> None:
        """The process ends; batches go on with the next one."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, id_: str) -> None:
        try:
            await self._work_off(id_)
        except SQLAlchemyError:
            log.exception("the batch %s rests: the database is away", id_)
        except Exception:
            log.exception("the batch %s failed", id_)
            await asyncio.to_thread(self._shelf.change_batch, id_, _failed)
        finally:
            del self._running[id_], self._batches[id_]
            with contextlib.suppress(SQLAlchemyError):
                self._claims.release(_claim(id_))

    async def _work_off(self, id_: str) -> None:
        batch = self._batches[id_]
        style = self._styles[batch.style]
        done = await asyncio.to_thread(self._shelf.results, batch)
        known = {result.id for result in done}
        content = await asyncio.to_thread(self._shelf.lines, batch)
        waiting = iter([line for line in style.lines(content) if line.id not in known])
        workers = [asyncio.create_task(self._lines(id_, waiting)) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
        await asyncio.to_thread(self._end, id_, style)

    async def _lines(self, id_: str, waiting: Iterable[Line]) -> None:
        for line in waiting:
            async with self._room:
                result = await self._line(id_, line) if self._wanted(id_) else None
            await self._keep(id_, result or Result(line.id, ended=self._why_not(id_)))

    async def _keep(self, id_: str, result: Result) -> None:
        """A result is paid for: it is not given up because the database is away for a while."""
        for turn in range(KEEP_TRIES):
            try:
                kept = await asyncio.to_thread(self._shelf.add_result, self._batches[id_], result)
            except SQLAlchemyError:
                if turn == KEEP_TRIES - 1:
                    raise
                await asyncio.sleep(self._first_wait)
            else:
                self._batches[id_] = kept
                return

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

    def _end(self, id_: str, style: ShelfDialect) -> None:
        batch = self._batches[id_]
        if style.splits:
            batch = self._with_files(batch, style)

        def ended(stands: Batch) -> Batch:
            state: State = "completed"
            if stands.state == "cancelling":
                state = "cancelled"
            elif stands.expired:
                state = "expired"
            moment = now_micros()
            return msgspec.structs.replace(
                stands,
                state=state,
                finalizing=moment,
                ended=moment,
                output=batch.output,
                errors=batch.errors,
            )

        self._shelf.change_batch(id_, ended)

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


def cancelled(batch: Batch) -> Batch:
    """The same, of which no more lines are asked; what is under way comes to its end."""
    if batch.state != "in_progress":
        return batch
    return msgspec.structs.replace(batch, state="cancelling", cancelling=now_micros())


def _claim(id_: str) -> str:
    return f"batch {id_}"


def _failed(batch: Batch) -> Batch:
    return msgspec.structs.replace(batch, state="failed", ended=now_micros())


def _result(line: Line, answer: Answered) -> Result:
    request_id = answer.headers.get("x-request-id") or answer.headers.get("request-id", "")
    try:
        msgspec.json.decode(answer.body)
        body = answer.body
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = msgspec.json.encode({"error": {"message": answer.body[:2000].decode("utf-8", "replace")}})
    return Result(line.id, answer.status, msgspec.Raw(body), request_id)
