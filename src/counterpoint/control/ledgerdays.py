"""Keeps the ledger's days: makes those to come, and drops those that are kept no longer."""

from counterpoint.storage import days
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

_TURNS = 50
"""Transactions in a row, where entries go a few at a time: whoever ships meanwhile must not wait for long."""


class LedgerDays:
    """`keep`: seconds that entries are kept; `None`: for ever."""

    def __init__(self, database: Database, keep: float | None) -> None:
        self._database = database
        self._keep = None if keep is None else int(keep * 1_000_000)

    def tend(self) -> None:
        """What is due now."""
        now = now_micros()
        with self._database.write() as connection:
            days.prepare(connection, now)
        if self._keep is None:
            return
        for _ in range(_TURNS):
            with self._database.write() as connection:
                if not days.drop_before(connection, now - self._keep):
                    return
