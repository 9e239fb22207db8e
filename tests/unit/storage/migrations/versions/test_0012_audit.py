"""The log begins where an installation is: nothing is made up about what was done before."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from counterpoint.storage import settings
from counterpoint.storage.audit.tables import audit_entries
from counterpoint.storage.database import open_database
from counterpoint.storage.migrate import FOLDER, _config, migrate
from counterpoint.storage.organisations import add_organisation
from tests.databases import KINDS, fresh_url


@pytest.mark.parametrize("kind", KINDS)
def test_an_installation_from_before_gets_a_log(kind: str, tmp_path: Path) -> None:
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0011")
            row = "INSERT INTO organisations (id, name, created_at) VALUES ('o1', 'old', 1)"
            connection.execute(text(row))
        assert "0012" in migrate(database)
        with database.read() as connection:
            assert connection.execute(select(func.count()).select_from(audit_entries)).scalar() == 0
        with database.write() as connection:
            settings.put(connection, "zone", "UTC")
            add_organisation(connection, "new")
        with database.read() as connection:
            entry = connection.execute(select(audit_entries)).one()
        assert (entry.organisation_id, entry.sequence) == ("o1", 1)
        with pytest.raises(DBAPIError, match="never changed"), database.write() as connection:
            connection.execute(text("DELETE FROM audit_entries"))
        database.close()
