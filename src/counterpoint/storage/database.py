"""One way to open the database, so that SQLite and PostgreSQL behave alike to the stores.

SQLite: write-ahead log (readers never wait for the writer), real transactions (Python's driver would
otherwise begin them late, and DDL outside them), and writers that take their lock at the beginning, where
waiting is possible, instead of in the middle, where it is an error.
"""

import importlib.util
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.audit.chain import Anchor
from counterpoint.storage.audit.witness import forget, seal, watch
from counterpoint.storage.latencies import equip

FILE_NAME = "counterpoint.sqlite3"
_BUSY_SECONDS = 15
_STARTING = 0x636F756E74657374
"""PostgreSQL's lock for whoever makes what a new database lacks; any number does that nobody else uses."""
_AWAY_SECONDS = 15
"""After so long without an answer of its machine, a connection to PostgreSQL is given up."""
_AWAY = frozenset({"08", "28", "3D", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE (PostgreSQL, appendix A): of connections and who may make them, of what others hold, of the
machine's means. The others are of the statement: `54`, for one, of what is larger than PostgreSQL can hold."""


class Database:
    """An open database. Safe to share between threads; each `read` or `write` is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(counterpoint_writes=True)
        self.anchor: Callable[[Anchor], None] | None = None
        """Called with the place of each entry of the audit log, once it is committed."""
        watch(engine)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the embedded one."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only looks: one consistent view."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that changes something; all of it or nothing. What it changes of what people administer is in
        the audit log with it."""
        place = None
        with self._writing.begin() as connection:
            try:
                yield connection
                place = seal(connection)
            finally:
                forget(connection)
        if place is not None and self.anchor is not None:
            self.anchor(place)

    @contextmanager
    def rehearsal(self) -> "Iterator[Database]":
        """What is done with this database within is as it would be, and is taken back at the end. Nobody else sees it,
        and the audit log does not have it."""
        with self._writing.connect() as connection:
            transaction = connection.begin()
            try:
                yield _Rehearsed(self.engine, connection)
            finally:
                forget(connection)
                transaction.rollback()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else is in such a block meanwhile, on whatever machine. SQLite belongs to one process anyway."""
        if self.is_sqlite:
            yield
            return
        with self.engine.connect() as connection, connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _STARTING})
            yield

    def close(self) -> None:
        """Gives every connection back."""
        self.engine.dispose()


class _Rehearsed(Database):
    """All of its transactions are parts of one that is taken back."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self.engine = engine
        self.anchor = None
        self._connection = connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """What has been done so far."""
        yield self._connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """All of it or nothing."""
        with self._connection.begin_nested():
            yield self._connection


def sqlite_url(data: Path) -> str:
    """The embedded database in a data directory."""
    return URL.create("sqlite", database=str(data / FILE_NAME)).render_as_string(hide_password=False)


def parse_url(url: str) -> URL:
    """The URL with the driver that we use. Raises `Complaint` when it is none of ours."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Complaint("storage.url_unreadable") from None
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise Complaint("storage.url_without_file")
        return parsed.set(drivername="sqlite")
    if backend in ("postgresql", "postgres"):
        if importlib.util.find_spec("psycopg") is None:
            raise Complaint("storage.driver_missing", kind="unavailable")
        return parsed.set(drivername="postgresql+psycopg")
    raise Complaint("storage.url_unknown_database", backend=backend)


def open_database(url: str) -> Database:
    """Opens and tries the database. Raises `Complaint` when it cannot be reached."""
    parsed = parse_url(url)
    engine = _sqlite(parsed) if parsed.drivername == "sqlite" else _postgresql(parsed)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except OperationalError as error:
        engine.dispose()
        where = parsed.render_as_string(hide_password=True)
        reason = str(error.orig).strip().replace("\n", " ")
        raise Complaint("storage.unreachable", kind="unavailable", where=where, reason=reason) from error
    return Database(engine)


def is_away(error: OperationalError) -> bool:
    """Whether it cannot serve at the moment, whoever asks: it is not there, or full, or others hold what is wanted.
    What is left is what no other moment mends: the statement itself."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_ERROR
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state[:2] in _AWAY


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, json_serializer=_json)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        _begin_write_ahead_log(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        equip(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("counterpoint_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _begin_write_ahead_log(connection: sqlite3.Connection) -> None:
    """A property of the file, set once. Here alone SQLite does not wait for others by itself."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _postgresql(url: URL) -> Engine:
    patience = {
        "connect_timeout": "10",
        "keepalives_idle": str(_AWAY_SECONDS // 3),
        "keepalives_interval": str(_AWAY_SECONDS // 3),
        "keepalives_count": "2",
        "tcp_user_timeout": str(_AWAY_SECONDS * 1000),
    }
    query = {"application_name": "counterpoint"} | patience | dict(url.query)
    return create_engine(
        url.set(query=query), pool_pre_ping=True, pool_size=5, max_overflow=10, json_serializer=_json
    )
