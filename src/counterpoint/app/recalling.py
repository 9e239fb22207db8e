"""Joins what keeps answers and conversations to the workers that ask for them."""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from counterpoint.control.kept import KeptAnswers
from counterpoint.kept import Ask, Tell
from counterpoint.storage.database import Database

log = logging.getLogger(__name__)

THREADS = 4
TIDY_SECONDS = 30.0
_TURNS = 20
"""How much is forgotten at a time: whoever asks meanwhile must not wait for long."""


class Recalling:
    """Everything about it in the control process. The database blocks, so it is asked in threads of its own."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._kept = KeptAnswers(database, seconds)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="kept")

    async def recall(self, question: Ask) -> Tell:
        """What comes back for a worker's question. Raises `SQLAlchemyError`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._kept.answer, question)

    def abandon(self, answers: Iterable[tuple[str, str]]) -> None:
        """The worker that made these in the background, by project and id, has gone. Returns at once."""
        self._threads.submit(self._abandon, tuple(answers))

    def _abandon(self, answers: tuple[tuple[str, str], ...]) -> None:
        try:
            self._kept.abandon(answers)
        except Exception:
            log.exception("answers of a worker that died stay as they are until their lease runs out")

    async def tidy(self) -> None:
        """For ever: fail what nobody makes any more, forget what is old."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.run_in_executor(self._threads, self._kept.end_lapsed)
                for _ in range(_TURNS):
                    if not await loop.run_in_executor(self._threads, self._kept.expire):
                        break
            except Exception:
                log.exception("kept answers could not be looked through; tried again later")
            await asyncio.sleep(TIDY_SECONDS)

    def close(self) -> None:
        """Whoever asks now gets no answer."""
        self._threads.shutdown(cancel_futures=True)
