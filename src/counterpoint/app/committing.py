"""Group commit: what workers wait for goes into the database at once, all of it that is there in one transaction."""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import SQLAlchemyError

from counterpoint.control.shipper import Shipper
from counterpoint.ledger.commits import RETRY_SECONDS, Waits, no_waits

log = logging.getLogger(__name__)

REST = 3.0
"""How many times as long as it took a commit is followed by none: a transaction has a price of its own, whatever is in
it, and would otherwise be paid for each answer. So commits take a quarter of a core at most."""
LONGEST_REST = 0.01


class Committing:
    """One per spool directory. It has a thread of its own: nobody's last bytes wait for other work."""

    def __init__(self, shipper: Shipper) -> None:
        self._shipper = shipper
        self._thread = ThreadPoolExecutor(1, "ledger-commit")
        self._asked: dict[str, list[asyncio.Future[int | None]]] = {}
        self._task: asyncio.Task[None] | None = None
        self._waits: dict[str, Waits] = {}
        self._rested = 0.0

    async def commit(self, file: str) -> int | None:
        """Have what is in that file committed, and say up to where; `None`: the database is away."""
        answer: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(file, []).append(answer)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._asked:
            await asyncio.sleep(max(0.0, self._rested - loop.time()))
            asked, self._asked = self._asked, {}
            began = loop.time()
            places = await loop.run_in_executor(self._thread, self._commit, list(asked))
            self._rested = loop.time() + min(LONGEST_REST, (loop.time() - began) * REST)
            for file, answers in asked.items():
                for answer in answers:
                    if not answer.done():
                        answer.set_result(None if places is None else places.get(file))
            if places is None:  # it is tried again soon, and by the shipper in its own time
                await asyncio.sleep(RETRY_SECONDS)
        self._task = None

    def _commit(self, files: Iterable[str]) -> dict[str, int] | None:
        try:
            return self._shipper.commit(files)
        except (SQLAlchemyError, OSError):
            return None  # the shipper has noted it
        except Exception:  # a defect: whoever waits is told that it is not committed, and others go on
            log.exception("entries could not be committed; they are stored in the shipper's time")
            return None

    def note(self, worker: str, waits: Waits) -> None:
        """How long that worker's answers have waited until now."""
        self._waits[worker] = waits

    @property
    def waits(self) -> Waits:
        """Of all workers since this process began, those that have gone included."""
        total = no_waits()
        for waits in self._waits.values():
            total.counts = [sum(pair) for pair in zip(total.counts, waits.counts, strict=True)]
            total.micros += waits.micros
            total.given_up += waits.given_up
        return total

    async def close(self) -> None:
        """Commit no more."""
        if self._task is not None:
            self._task.cancel()
        for answers in self._asked.values():
            for answer in answers:
                answer.cancel()
        await asyncio.to_thread(self._thread.shutdown)
