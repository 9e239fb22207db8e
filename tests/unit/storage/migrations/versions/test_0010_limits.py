"""An installation from before limits gets them, and what it had stays."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert

from counterpoint.canonical.ids import new_id
from counterpoint.control.limits.service import NewLimit, add_limit
from counterpoint.ledger.entry import Entry
from counterpoint.limits import Charge
from counterpoint.storage import ledger, limits, organisations, tables
from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import FOLDER, _config, migrate
from tests.databases import KINDS, fresh_url


@pytest.mark.parametrize("kind", KINDS)
def test_limits_can_be_set_and_counted(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database, organisation = open_database(url), new_id()
        with database.engine.begin() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0007")
            connection.execute(
                insert(tables.organisations).values(id=organisation, name="Acme", created_at=1)
            )
        assert "0010" in migrate(database)
        with database.write() as connection:
            assert organisations.find_organisation(connection, "Acme") is not None
            new = NewLimit(scope="organisation", measure="money", amount=5)
            row = add_limit(connection, organisation, new, "studio")
            charged = (Charge(row.id, "holder", 0, 3), Charge("no such limit", "holder", 0, 3))
            ledger.add_entries(connection, [Entry("e", 1, "chat", "any", charges=charged)])
            assert limits.counters(connection, [(row.id, 0), ("no such limit", 0)]) == {(row.id, 0): (3, 0)}
        database.close()
