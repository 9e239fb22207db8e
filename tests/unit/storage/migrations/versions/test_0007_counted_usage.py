"""Entries from before counted none of what is charged by the piece."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect

from counterpoint.storage.database import open_database
from counterpoint.storage.ledger import COUNTED
from counterpoint.storage.migrate import FOLDER, _config, migrate
from tests.databases import KINDS, fresh_url


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_are_added(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0006")
            before = {column["name"] for column in inspect(connection).get_columns("ledger_entries")}
            assert not before & set(COUNTED[1:])
        assert "0007" in migrate(database)
        with database.write() as connection:
            after = {column["name"] for column in inspect(connection).get_columns("ledger_entries")}
        assert set(COUNTED) <= after
        database.close()
