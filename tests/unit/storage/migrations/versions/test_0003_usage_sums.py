from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table

from counterpoint.storage import exchanges, latencies, ledger, usage
from counterpoint.storage.database import open_database
from counterpoint.storage.ledger import COLUMNS, COUNTED, entry_values
from counterpoint.storage.migrate import FOLDER, _config, migrate
from counterpoint.storage.rollups import HOUR
from counterpoint.storage.tables import ledger_entries
from counterpoint.storage.usage import EntryFilter
from tests.databases import KINDS, fresh_url
from tests.entries import make_entry

SINCE = {"usage_group", *COUNTED[1:], "user", "route", "purpose", "parent", "trace", "charges"}
"""Columns that later migrations added."""
BEFORE = Table(
    "ledger_entries",
    MetaData(),
    *(Column(each.name, each.type) for each in ledger_entries.columns if each.name not in SINCE),
)


@pytest.mark.parametrize("kind", KINDS)
def test_entries_from_before_are_in_the_sums(kind: str, tmp_path: Path) -> None:
    entries = [
        make_entry(
            organisation="o",
            at=number * HOUR // 2,
            cost=cost,
            status=status,
            model="m",
            total_micros=10_000 * (number + 1),
            first_event_micros=None if status == 500 else 5_000,
        )
        for number, (cost, status) in enumerate(
            [(Decimal("0.000123456789"), 200), (None, 500), (Decimal("7.5"), 200), (Decimal(0), 404)]
        )
    ]
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0002")
            for entry in entries:
                row = dict(zip(COLUMNS, entry_values(entry), strict=True))
                row |= {"attempts": [], "losses": [], "cost": entry.cost}
                row = {name: value for name, value in row.items() if name not in SINCE}
                connection.execute(BEFORE.insert().values(row))
        assert migrate(database)[0] == "0003"
        which = EntryFilter(organisation="o")
        with database.write() as connection:
            ledger.add_entries(connection, [make_entry(organisation="o", at=7, model="m", cost=Decimal(1))])
            ledger.add_entries(connection, entries)  # they are known already
            (total,) = usage.sums(connection, which, ("model",))
            assert (total.entries, total.failures, total.priced) == (5, 2, 4)
            assert total.cost == Decimal("8.500123456789")
            assert total.totals == latencies.counted([0, 10_000, 20_000, 30_000, 40_000])
            assert total.firsts == latencies.counted([5_000] * 3)
            hours = usage.sums(connection, which, (), "hour")
            assert sorted((part.at or 0, part.entries) for part in hours) == [(0, 3), (HOUR, 2)]
            failed = exchanges.page(connection, EntryFilter(organisation="o", failed=True), limit=9)
            assert {entry.id for entry in failed} == {entries[1].id, entries[3].id}
        database.close()
