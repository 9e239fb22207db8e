from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from counterpoint.storage.database import Database
from counterpoint.storage.tables import metadata


def test_migrations_lead_to_the_tables_that_the_code_uses(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
