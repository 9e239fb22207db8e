"""Projects and providers from before routes keep what they had, and may say nothing of the new."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table

from counterpoint.directory.routes import Route, Target
from counterpoint.storage import organisations, providers, routes
from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import FOLDER, _config, migrate
from counterpoint.storage.tables import organisations as organisations_table
from counterpoint.storage.tables import projects
from counterpoint.storage.tables import providers as provider_table
from tests.databases import KINDS, fresh_url

NEW = {
    "constraints",
    "constraints_owner",
    "data_class",
    "data_classes",
    "jurisdiction",
    "residency",
}


def _before(table: Table, *also: str) -> Table:
    return Table(
        table.name,
        MetaData(),
        *(Column(each.name, each.type) for each in table.columns if each.name not in NEW | set(also)),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_there_stays(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0007")
            home = {"id": "o", "name": "acme", "created_at": 1}
            connection.execute(_before(organisations_table).insert().values(**home))
            row = {"id": "p", "organisation_id": "o", "name": "default", "created_at": 1}
            connection.execute(_before(projects, "revision").insert().values(**row))
            provider = {
                "id": "h",
                "organisation_id": "o",
                "name": "one",
                "host": "custom",
                "dialects": {},
                "settings": {},
                "owner": "studio",
                "enabled": True,
                "created_at": 1,
                "updated_at": 1,
                "revision": 3,
            }
            connection.execute(_before(provider_table).insert().values(**provider))
        assert "0009" in migrate(database)
        with database.write() as connection:
            found = organisations.find_project(connection, "o", "default")
            assert found is not None
            assert (found.data_class, found.constraints, found.revision) == ("", None, 1)
            kept = providers.by_name(connection, "o", "one")
            assert kept is not None
            assert (kept.data_classes, kept.residency, kept.jurisdiction) == (None, None, None)
            assert kept.revision == 3
            route = Route("fast", targets=(Target("m"),))
            routes.add(connection, "o", route, "studio")
            assert [item.route for item in routes.listed(connection, "o")] == [route]
        database.close()
