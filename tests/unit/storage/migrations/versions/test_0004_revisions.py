from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from counterpoint.storage import keys, organisations
from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import FOLDER, _config, migrate
from tests.databases import KINDS, fresh_url


@pytest.mark.parametrize("kind", KINDS)
def test_keys_from_before_count_their_changes_from_now_on(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0003")
            organisation = organisations.add_organisation(connection, "default")
            connection.execute(
                text(
                    "INSERT INTO projects (id, organisation_id, name, created_at) VALUES ('p', :o, 'default', 1)"
                ),
                {"o": organisation.id},
            )
            connection.execute(
                text(
                    "INSERT INTO keys (id, project_id, name, owner, models, created_at)"
                    " VALUES ('k', :project, 'ci', 'studio', '[]', 1)"
                ),
                {"project": "p"},
            )
        assert migrate(database)[0] == "0004"
        with database.write() as connection:
            keys.change(connection, "k", name="other")
            row = keys.by_id(connection, "k")
            assert row is not None
            assert (row.name, row.revision) == ("other", 2)
        database.close()
