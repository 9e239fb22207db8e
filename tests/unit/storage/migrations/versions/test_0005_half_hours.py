from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from counterpoint.storage import latencies, ledger
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.migrate import FOLDER, _config
from counterpoint.storage.rollups import HALF, HOUR, LATENCIES
from counterpoint.storage.tables import usage_sums
from tests.databases import KINDS, fresh_url
from tests.entries import make_entry

ENTRIES = [
    make_entry(organisation="o", at=number * HALF // 2, total_micros=1000 * (number + 1))
    for number in range(12)
]


def sums(database: Database) -> list[dict[str, Any]]:
    """Histograms taken apart: there are several ways to store one."""
    found = []
    with database.read() as connection:
        for row in connection.execute(usage_sums.select().order_by("span", "begin", "group_id")).mappings():
            histograms = {
                name: latencies.split(latencies.loaded(row[name]), database.engine.dialect.name)
                for name in LATENCIES
            }
            found.append({**row, **histograms})
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_sums_are_as_if_half_hours_had_always_been_kept(kind: str, tmp_path: Path) -> None:
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
    with fresh_url(kind, tmp_path / "new") as url:
        database = open_database(url)
        with database.write() as connection:
            ledger.add_entries(connection, ENTRIES)
        always = sums(database)
        database.close()
    assert {row["begin"] % HOUR for row in always if row["span"] == HALF} == {0}
    with fresh_url(kind, tmp_path / "old") as url:
        database = open_database(url)
        with database.write() as connection:  # as it was left by the version before
            ledger.add_entries(connection, ENTRIES)
            if kind == "postgresql":
                connection.execute(text("CREATE TABLE usage_sums_then (LIKE usage_sums)"))
                connection.execute(text("INSERT INTO usage_sums_then SELECT * FROM usage_sums"))
                connection.execute(text("DROP TABLE usage_sums"))
                connection.execute(text("ALTER TABLE usage_sums_then RENAME TO usage_sums"))
                connection.execute(
                    text(
                        "ALTER TABLE usage_sums ADD CONSTRAINT pk_usage_sums "
                        'PRIMARY KEY (span, "begin", group_id)'
                    )
                )
            connection.execute(text(f"DELETE FROM usage_sums WHERE span = {HALF}"))
            config = _config(FOLDER)
            config.attributes["connection"] = connection
            command.stamp(config, "0004")
            command.upgrade(config, "0005")
        assert sums(database) == always
        database.close()
