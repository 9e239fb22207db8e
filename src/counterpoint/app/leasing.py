"""Joins what grants leases to the workers that claim them: whatever claims come while a transaction is under way are
answered by the next one, together. And looks after the leases of workers that are no more."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from counterpoint.canonical.ids import new_id
from counterpoint.control.limits.granting import Granting, Question
from counterpoint.directory import Directory
from counterpoint.ledger.reader import writer_is_gone
from counterpoint.ledger.spool import SUFFIX
from counterpoint.limits.claims import Claim, Grant
from counterpoint.storage.database import Database

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
RENEW_LOOKS = 10
"""Looks after which leases are renewed."""
GONE_AFTER = 5.0
"""Seconds without a link after which a worker counts as gone: one that lives finds control again sooner."""
MACHINE = "machine.id"
_DAMAGED = ".damaged"


class Leasing:
    """`spool`: the workers'. `linked`: the holders whose workers are connected. `directory`: that workers were told
    last."""

    def __init__(
        self,
        database: Database,
        spool: Path,
        *,
        linked: Callable[[], Iterable[str]],
        directory: Callable[[], Directory],
    ) -> None:
        self._granting = Granting(database, lambda: directory().zone)
        self._directory = directory
        self._spool = spool
        self._linked = linked
        self._machine = machine_of(spool)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="leases")
        self._waiting: list[tuple[Question, asyncio.Future[tuple[Grant, ...] | None]]] = []
        self._working: asyncio.Task[None] | None = None
        self._seen: dict[str, float] = {}
        self._failing = False

    async def claim(self, holder: str, claims: tuple[Claim, ...]) -> tuple[Grant, ...] | None:
        """A grant for each, or `None` while the database is away."""
        told: asyncio.Future[tuple[Grant, ...] | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((Question(holder, self._machine, claims), told))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await told

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            lot, self._waiting = self._waiting, []
            answers: list[tuple[Grant, ...] | None]
            try:
                questions = [question for question, _ in lot]
                answers = list(await loop.run_in_executor(self._thread, self._granting.answer, questions))
                self._failing = False
            except Exception:
                if not self._failing:
                    log.exception("limits cannot be looked up; workers go on with what they hold")
                self._failing = True
                answers = [None] * len(lot)
            for (_, told), answer in zip(lot, answers, strict=True):
                if not told.done():
                    told.set_result(answer)

    async def watch(self) -> None:
        """For ever: renew the leases of who lives, close those of who is gone and whose entries are all stored."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        looks, failing = 0, False
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = loop.time()
            self._seen |= dict.fromkeys(self._linked(), now)
            try:
                await loop.run_in_executor(self._thread, self._look, now, began, looks % RENEW_LOOKS == 0)
                looks, failing = looks + 1, False
            except Exception:  # the database is away, as a rule; the next look is soon
                if not failing:
                    log.exception("leases cannot be looked after; those of workers that are gone stay theirs")
                failing = True

    def _look(self, now: float, began: float, renewing: bool) -> None:
        holders = self._granting.holders(self._machine)
        gone = {each for each in holders if now - self._seen.get(each, began) > GONE_AFTER}
        names = [path.name for path in self._spool.iterdir()] if gone else []
        ended = {each for each in gone if not any(each in name and self._written(name) for name in names)}
        if ended:
            limits = self._directory().limits
            self._granting.end_calls(ended, [limit.id for limit in limits if limit.measure == "concurrent"])
        unshipped = {each for each in gone if any(each in name for name in names)}
        if gone - unshipped:
            closed = self._granting.close(gone - unshipped)
            log.info("%d leases of workers that are gone were closed", closed)
        for each in gone - unshipped:
            self._seen.pop(each, None)
        if renewing:
            lost = {
                each for each in unshipped if any(each in name and name.endswith(_DAMAGED) for name in names)
            }
            self._granting.renew(holders - gone | (unshipped - lost))

    def _written(self, name: str) -> bool:
        """Whether somebody has that file open to write: a worker that lives, and is another process's."""
        try:
            return name.endswith(SUFFIX) and not writer_is_gone(self._spool / name)
        except FileNotFoundError:  # it is all stored
            return False

    def close(self) -> None:
        """Whoever asks now gets no answer."""
        self._thread.shutdown(cancel_futures=True)


def machine_of(spool: Path) -> str:
    """By what leases are known to be of the workers that write into this folder."""
    path = spool / MACHINE
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = new_id()
        path.write_text(made, encoding="ascii")
        return made
