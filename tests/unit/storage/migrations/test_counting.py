from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from counterpoint.storage import latencies, ledger
from counterpoint.storage.database import open_database
from counterpoint.storage.migrations.counting import count_latencies, sum_entries
from counterpoint.storage.rollups import HOUR
from counterpoint.storage.tables import usage_sums
from tests.databases import KINDS, fresh_url
from tests.entries import make_entry


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_entries_that_are_asked_for_count(kind: str, tmp_path: Path) -> None:
    entries = [make_entry(at=number * HOUR // 4, total_micros=5_000) for number in range(8)]
    sqlite = kind == "sqlite"
    with fresh_url(kind, tmp_path) as url:
        database = open_database(url)
        with database.write() as connection:
            ledger.add_entries(connection, entries)
            connection.execute(usage_sums.delete())
            with Operations.context(MigrationContext.configure(connection)):
                for make in (sum_entries, count_latencies):
                    make(HOUR, sqlite=sqlite, only=f"at >= {HOUR + HOUR // 2}")
            (row,) = connection.execute(usage_sums.select())
            stored = latencies.split(latencies.loaded(row.total_latencies), kind)
            left = connection.execute(text("SELECT COUNT(*) FROM ledger_entries")).scalar_one()
        database.close()
    assert (row.span, row.begin, row.entries, left) == (HOUR, HOUR, 2, 8)
    assert stored == latencies.counted([5_000] * 2)
