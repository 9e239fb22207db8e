"""Joins what keeps answers and conversations to the workers that ask for them."""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from counterpoint.control.kept import KeptAnswers
from counterpoint.kept import Ask, Keep, Tell
from counterpoint.storage.database import Database

log = logging.getLogger(__name__)

THREADS = 4
LOT = 64


class Recalling:
    """Everything about it in the control process. The database blocks, so it is asked in threads of its own."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._kept = KeptAnswers(database, seconds)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="kept")
        self._waiting: list[tuple[Keep, asyncio.Future[Tell]]] = []
        self._keeping: asyncio.Task[None] | None = None

    async def recall(self, question: Ask) -> Tell:
        """What comes back for a worker's question. Raises `SQLAlchemyError`."""
        loop = asyncio.get_running_loop()
        if not isinstance(question, Keep):
            return await loop.run_in_executor(self._threads, self._kept.answer, question)
        kept: asyncio.Future[Tell] = loop.create_future()
        self._waiting.append((question, kept))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep())
        return await kept

    async def _keep(self) -> None:
        """Keep what waits, together: whatever comes meanwhile is the next lot."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            lot, self._waiting = self._waiting[:LOT], self._waiting[LOT:]
            told: list[Tell | BaseException] = []
            try:
                questions = [question for question, _ in lot]
                told += await loop.run_in_executor(self._threads, self._kept.keep_all, questions)
            except Exception:  # noqa: BLE001 - one of them may be at fault: each for itself
                alone = [loop.run_in_executor(self._threads, self._kept.answer, item) for item, _ in lot]
                told += await asyncio.gather(*alone, return_exceptions=True)
            for (_, kept), each in zip(lot, told, strict=True):
                if kept.done():
                    continue  # the worker has gone
                if isinstance(each, BaseException):
                    kept.set_exception(each)
                else:
                    kept.set_result(each)

    def abandon(self, answers: Iterable[tuple[str, str]]) -> None:
        """The worker that made these in the background, by project and id, has gone. Returns at once."""
        self._threads.submit(self._abandon, tuple(answers))

    def _abandon(self, answers: tuple[tuple[str, str], ...]) -> None:
        try:
            self._kept.abandon(answers)
        except Exception:
            log.exception("answers of a worker that died stay as they are until their lease runs out")

    def close(self) -> None:
        """Whoever asks now gets no answer."""
        self._threads.shutdown(cancel_futures=True)
