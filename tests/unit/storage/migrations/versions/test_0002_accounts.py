from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import _config, migrate
from tests.databases import KINDS, fresh_url


@pytest.mark.parametrize("kind", KINDS)
def test_links_stay_and_sessions_that_are_nobodys_end(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(Path(migrate.__code__.co_filename).with_name("migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            for table in ("signin_links", "sessions"):
                connection.execute(
                    text(f"INSERT INTO {table} (digest, created_at, expires_at) VALUES (:digest, 1, 2)"),
                    {"digest": b"x" * 32},
                )
        assert migrate(database)[0] == "0002"
        with database.read() as connection:
            assert connection.execute(text("SELECT account_id FROM signin_links")).all() == [(None,)]
            assert connection.execute(text("SELECT * FROM sessions")).all() == []
            assert "accounts" in inspect(connection).get_table_names()
        database.close()
