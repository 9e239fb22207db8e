"""What a company knows gets its tables, and takes nothing from what is there."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import FOLDER, _config, migrate
from tests.databases import KINDS, fresh_url

TABLES = {"groups", "group_members", "sources", "documents", "document_readers", "receipts"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_installation_from_before_gets_tables_for_documents(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0013")
            assert not TABLES & set(inspect(connection).get_table_names())
            row = "INSERT INTO organisations (id, name, created_at) VALUES ('o1', 'old', 1)"
            connection.execute(text(row))
        assert "0014" in migrate(database)
        with database.read() as connection:
            assert set(inspect(connection).get_table_names()) >= TABLES
            assert connection.execute(text("SELECT name FROM organisations")).scalar() == "old"
        database.close()
