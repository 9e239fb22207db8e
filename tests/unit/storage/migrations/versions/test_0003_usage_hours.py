from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert

from counterpoint.storage import usage
from counterpoint.storage.database import open_database
from counterpoint.storage.ledger import COLUMNS, entry_values
from counterpoint.storage.migrate import FOLDER, _config, migrate
from counterpoint.storage.rollups import HOUR
from counterpoint.storage.tables import ledger_entries
from counterpoint.storage.usage import EntryFilter
from tests.databases import KINDS, fresh_url
from tests.entries import make_entry


@pytest.mark.parametrize("kind", KINDS)
def test_entries_from_before_are_in_the_sums(kind: str, tmp_path: Path) -> None:
    entries = [
        make_entry(organisation="o", at=number * HOUR // 2, cost=cost, status=status, model="m")
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
            rows = [dict(zip(COLUMNS, entry_values(entry), strict=True)) for entry in entries]
            connection.execute(insert(ledger_entries), [row | {"attempts": [], "losses": []} for row in rows])
        assert migrate(database)[0] == "0003"
        with database.read() as connection:
            (row,) = usage.sums(connection, EntryFilter(organisation="o"), ("model",))
            assert (row.entries, row.failures, row.priced) == (4, 2, 3)
            assert row.cost == Decimal("7.500123456789")
            hours = usage.sums(connection, EntryFilter(organisation="o"), (), HOUR)
            assert [(part.at, part.entries) for part in sorted(hours, key=lambda part: part.at or 0)] == [
                (0, 2),
                (HOUR, 2),
            ]
        database.close()
