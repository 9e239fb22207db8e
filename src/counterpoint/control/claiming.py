"""What one process of several does alone: each name is held for some seconds, by whoever asks first, as long as it asks
again. One that dies loses what it holds when those seconds are over."""

from counterpoint.storage import processes
from counterpoint.storage.database import Database

CLAIM_SECONDS = 20.0


class Claims:
    """Those of one process, `holder` is its id. Every method waits for the database."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self.holder = holder

    def take(self, name: str, seconds: float = CLAIM_SECONDS) -> bool:
        """Whether we may do it for so many seconds from now."""
        if self._database.is_sqlite:
            return True  # it belongs to one process
        with self._database.write() as connection:
            return processes.claim(connection, name, self.holder, seconds)

    def release(self, name: str) -> None:
        """Others may."""
        if self._database.is_sqlite:
            return
        with self._database.write() as connection:
            processes.release(connection, name, self.holder)
