from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from counterpoint.storage.database import Database
from counterpoint.storage.schema import metadata


def test_migrations_lead_to_the_tables_that_the_code_uses(database: Database) -> None:
    with database.read() as connection:
        opts = {"compare_type": True, "include_name": _no_partition}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def _no_partition(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or not str(name).startswith(("usage_sums_of_", "ledger_entries_"))
