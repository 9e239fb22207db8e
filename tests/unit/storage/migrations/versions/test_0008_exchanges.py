"""Entries from before stay what they were, in sums too, and new ones of the same kind join them."""

from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table, func, select, text

from counterpoint.storage import exchanges, ledger, rollups, usage
from counterpoint.storage.database import open_database
from counterpoint.storage.ledger import COLUMNS, entry_values
from counterpoint.storage.migrate import FOLDER, _config, migrate
from counterpoint.storage.tables import ledger_entries, usage_groups
from counterpoint.storage.usage import EntryFilter
from tests.databases import KINDS, fresh_url
from tests.entries import make_entry

NEW = {"user", "route", "purpose", "parent", "trace", "charges"}
BEFORE = Table(
    "ledger_entries",
    MetaData(),
    *(Column(each.name, each.type) for each in ledger_entries.columns if each.name not in NEW),
)
GROUPS = Table(
    "usage_groups",
    MetaData(),
    *(Column(each.name, each.type) for each in usage_groups.columns if each.name not in NEW),
)
HOURS = 40


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_there_stays(kind: str, tmp_path: Path) -> None:
    entries = [
        make_entry(organisation="o", model="m", at=number * rollups.HOUR, cost=Decimal(number))
        for number in range(HOURS)
    ]
    with fresh_url(kind, tmp_path, migrated=False) as url:
        database = open_database(url)
        with database.write() as connection:
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.upgrade(config, "0007")
            names = {name: "" for name in rollups.NAMES if name not in NEW}
            names |= {"organisation": "o", "model": "m", "operation": "chat", "currency": "USD"}
            names |= {"client_dialect": "openai-chat"}
            connection.execute(GROUPS.insert().values(id=7, digest=b"before", failed=False, **names))
            for entry in entries:
                row = dict(zip(COLUMNS, entry_values(entry), strict=True))
                row |= {"attempts": [], "losses": [], "cost": entry.cost, "usage_group": 7}
                connection.execute(BEFORE.insert().values({n: v for n, v in row.items() if n not in NEW}))
        assert "0008" in migrate(database)
        with database.write() as connection:
            ledger.add_entries(connection, entries)  # they are known already
            later = make_entry(organisation="o", model="m", at=HOURS * rollups.HOUR)
            told = make_entry(organisation="o", model="m", at=rollups.HOUR, route="r", purpose="shadow")
            ledger.add_entries(connection, [later, told])
            assert connection.execute(select(func.count()).select_from(ledger_entries)).scalar() == HOURS + 2
            assert connection.execute(select(func.count()).select_from(usage_groups)).scalar() == 2
            assert exchanges.find(connection, "o", entries[3].id) == entries[3]
            assert exchanges.find(connection, "o", told.id) == told
            groups = usage.sums(connection, EntryFilter(organisation="o", since=0), ("route",))
            assert {row.group for row in groups} == {("",), ("r",)}
            if kind == "postgresql":
                parts = connection.execute(
                    text("SELECT COUNT(*) FROM pg_inherits WHERE inhparent = 'ledger_entries'::regclass")
                )
                assert parts.scalar() == 2
        database.close()
