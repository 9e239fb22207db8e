"""A database of the release before, with data in place, is brought to this version: everything in it still means what
it meant, and the release before, still running beside, goes on writing what it writes."""

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.control.beginning import begin
from counterpoint.control.masterkey import master_key
from counterpoint.control.usage import Usage
from counterpoint.control.vault import Vault
from counterpoint.directory.keytext import digest_of
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import ledger
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.migrate import migrate, missing_revisions, newest_revision, revision_of
from tests.databases import KINDS, fresh_url

PREVIOUS = Path(__file__).parents[1] / "previous"
SECRET = bytes(range(32))
MASTER = base64.b64encode(SECRET).decode()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    script = (PREVIOUS / f"{request.param}.sql").read_text()
    with fresh_url(request.param, tmp_path, migrated=False) as address:
        if request.param == "sqlite":
            connection = sqlite3.connect(tmp_path / "counterpoint.sqlite3")
            connection.executescript(script)
            connection.close()
        else:
            database = open_database(address)
            with database.engine.connect() as opened:
                driver = opened.connection.driver_connection
                assert driver is not None
                driver.execute(script.encode())
                driver.commit()
            database.close()
        yield address


@pytest.fixture
def previous(url: str) -> Iterator[Database]:
    database = open_database(url)
    yield database
    database.close()


def test_everything_is_still_there(previous: Database, url: str, tmp_path: Path) -> None:
    assert missing_revisions(previous)[0] == "0008"
    migrate(previous)
    with open_control(Settings(data=tmp_path, database=url, master_key=MASTER)) as control:
        directory = control.directory(asking=False)
        for secret, models in (
            ("a-key-of-the-release-before", ()),
            ("a-second-key-of-that-release", ("h/*",)),
        ):
            assert directory.keys[digest_of(secret)].models == models
        assert "h/m" in {f"{item.host}/{item.id}" for item in directory.offerings}
        with previous.read() as connection:
            opened = set(control.vault.all(connection, "provider").values())
            assert ledger.progress(connection) == {"worker-1-x.spool": 4711}
            rows = connection.execute(text("SELECT id, input, output, status FROM ledger_entries")).all()
        assert opened == {"sk-of-a-provider-of-before"}
        assert len(rows) == 12
        assert {row.id: (row.input, row.output) for row in rows} == {f"e{n}": (n, 2 * n) for n in range(12)}
        assert [account.login for account in control.accounts.list().items] == ["ada"]
        assert isinstance(control.usage, Usage)
    with previous.read() as connection:
        summed = text("SELECT SUM(entries), SUM(input) FROM usage_sums WHERE span = 86400000000")
        assert tuple(map(int, connection.execute(summed).one())) == (12, sum(range(12)))


def test_the_release_before_goes_on_writing_entries_meanwhile(previous: Database) -> None:
    """What a process of the release before writes has none of the new columns: each has a default."""
    with previous.read() as connection:
        known = [column["name"] for column in inspect(connection).get_columns("ledger_entries")]
        row = dict(connection.execute(text("SELECT * FROM ledger_entries WHERE id = 'e1'")).mappings().one())
    migrate(previous)
    values = {name: row[name] for name in known} | {"id": "written-meanwhile"}
    for name in ("attempts", "losses"):
        values[name] = "[]"
    names, marks = ", ".join(f'"{name}"' for name in known), ", ".join(f":{name}" for name in known)
    with previous.write() as connection:
        connection.execute(text(f"INSERT INTO ledger_entries ({names}) VALUES ({marks})"), values)
        found = connection.execute(text("SELECT COUNT(*) FROM ledger_entries")).scalar()
    assert found == 13


def test_a_start_of_the_release_before_is_refused_afterwards(previous: Database) -> None:
    migrate(previous)
    with previous.write() as connection:
        assert revision_of(connection) == newest_revision()
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Complaint, match="newer version"):
        migrate(previous)


def test_another_master_key_is_refused_before_anything_is_changed(previous: Database) -> None:
    migrate(previous)
    with pytest.raises(Complaint, match="master key"):
        begin(previous, Vault((master_key(b"x" * 32),)))
    assert begin(previous, Vault((master_key(SECRET),))).first is False
