import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import settings
from counterpoint.storage.database import Database, is_away, open_database, parse_url, sqlite_url
from counterpoint.storage.tables import projects


def test_a_transaction_that_fails_changes_nothing(database: Database) -> None:
    def change() -> None:
        with database.write() as connection:
            settings.put(connection, "colour", "red")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        change()
    with database.read() as connection:
        assert settings.get(connection, "colour") is None


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(
            insert(projects).values(id="p", organisation_id="nobody", name="lost", created_at=0)
        )


def test_writers_at_once_wait_for_each_other(database: Database) -> None:
    failures: list[Exception] = []

    def count() -> None:
        try:
            for _ in range(15):
                with database.write() as connection:
                    settings.bump(connection)
        except Exception as error:  # noqa: BLE001 - told to the main thread
            failures.append(error)

    with database.write() as connection:
        settings.bump(connection)
    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.read() as connection:
        assert settings.revision(connection) == 61


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.write() as writing:
        settings.put(writing, "colour", "red")
        with database.read() as reading:
            assert settings.get(reading, "colour") is None


def test_the_embedded_database_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path))
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.execute(select(1)).scalar() == 1
    database.close()


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgres://a:b@h/d", "postgresql+psycopg"),
        ("postgresql://a:b@h/d", "postgresql+psycopg"),
        ("postgresql+asyncpg://a:b@h/d", "postgresql+psycopg"),
        ("sqlite:////tmp/x", "sqlite"),
    ],
)
def test_the_driver_is_ours_whatever_the_url_says(url: str, driver: str) -> None:
    assert parse_url(url).drivername == driver


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "cannot be read"),
        ("sqlite://", "names no file"),
        ("mysql://a@h/d", "'mysql' is not a database"),
    ],
)
def test_a_url_that_is_no_use_is_explained(url: str, words: str) -> None:
    with pytest.raises(Complaint, match=words):
        parse_url(url)


def test_an_unreachable_database_is_explained_without_its_password() -> None:
    with pytest.raises(Complaint) as caught:
        open_database("postgresql://ann:secret@127.0.0.1:1/d")
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


class _Raised(Exception):  # noqa: N818 - as a driver raises it
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "away"), [(None, True), ("57P01", True), ("53300", True), ("40P01", True), ("54000", False)]
)
def test_what_another_moment_mends_is_told_from_what_it_does_not(sqlstate: str | None, away: bool) -> None:
    assert is_away(OperationalError("SELECT 1", {}, _Raised(sqlstate))) is away


def test_a_statement_that_is_wrong_is_no_database_that_is_away(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path))
    with pytest.raises(OperationalError) as caught, database.read() as connection:
        connection.exec_driver_sql("SELECT 1 FROM nothing")
    assert not is_away(caught.value)
    database.close()
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert is_away(OperationalError("BEGIN", {}, locked))


def test_what_is_rehearsed_is_taken_back(database: Database) -> None:
    with database.write() as connection:
        settings.put(connection, "colour", "red")
    anchored: list[object] = []
    database.anchor = anchored.append
    with database.rehearsal() as trial:
        with trial.write() as connection:
            settings.put(connection, "colour", "blue")
        with pytest.raises(IntegrityError):
            _fail(trial)
        with trial.read() as connection:  # it goes on after what failed
            assert settings.get(connection, "colour") == "blue"
    with database.read() as connection:
        assert settings.get(connection, "colour") == "red"
    assert not anchored
    with database.write() as connection:  # and nobody is locked out
        settings.put(connection, "colour", "white")


def _fail(database: Database) -> None:
    with database.write() as connection:
        settings.put(connection, "colour", "green")
        lost = insert(projects).values(id="p", organisation_id="nobody", name="lost", created_at=0)
        connection.execute(lost)
