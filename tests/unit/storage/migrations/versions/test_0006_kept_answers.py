from pathlib import Path

import pytest
from alembic import command

from counterpoint.storage import kept as rows
from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import FOLDER, _config, migrate
from tests.databases import KINDS, fresh_url
from tests.unit.storage.test_kept import answer


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_kept_from_now_on(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0005")
        assert migrate(database)[0] == "0006"
        with database.write() as connection:
            rows.put(connection, answer("r", items=("i",)), 5, None)
            assert rows.find(connection, "p", "r") is not None
        database.close()
