"""Hears at once, on PostgreSQL, that another process has changed something; polling finds it, too, only later.

A thread with a connection of its own, because a connection that waits for notices can do nothing else. While the
database is away it tries again; what was missed meanwhile is what polling is for.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text

from counterpoint.storage.database import Database

_log = logging.getLogger(__name__)

CHANNEL = "counterpoint"
_PAUSE = 2.0
_LOOK = 1.0


def tell(connection: Connection, news: str) -> None:
    """Has every listener hear it once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, :news)"), {"channel": CHANNEL, "news": news})


class Listener:
    """Calls `heard` with each news, in its own thread. On SQLite there is nobody else to hear from."""

    def __init__(self, database: Database, heard: Callable[[str], None]) -> None:
        self._database = database
        self._heard = heard
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Returns at once."""
        if not self._database.is_sqlite:
            self._thread = threading.Thread(target=self._run, name="listening", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Hears no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(_LOOK * 3)

    def _run(self) -> None:
        engine = self._database.engine
        arguments, options = engine.dialect.create_connect_args(engine.url)
        while not self._over.is_set():
            try:
                self._listen(arguments, options)
            except Exception as error:  # noqa: BLE001 - whatever the driver raises: it is tried again
                _log.info("changes are found by looking, not heard of: %s", error)
                self._over.wait(_PAUSE)

    def _listen(self, arguments: Any, options: Any) -> None:
        import psycopg  # noqa: PLC0415 - it is here only where PostgreSQL is

        with psycopg.connect(*arguments, **options, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._heard("")  # whatever was said before
            while not self._over.is_set():
                for notice in connection.notifies(timeout=_LOOK):
                    self._heard(notice.payload)
