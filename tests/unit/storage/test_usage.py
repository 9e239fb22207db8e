from decimal import Decimal

from counterpoint.canonical import Usage
from counterpoint.storage import ledger, usage
from counterpoint.storage.database import Database
from counterpoint.storage.usage import DIMENSIONS, Dimension, EntryFilter
from tests.entries import make_entry

WHICH = EntryFilter(organisation="o")


def test_every_dimension_groups(database: Database) -> None:
    with database.write() as connection:
        entries = [
            make_entry(
                organisation="o", model=name, host=name, maker=name, key=name, project=name, offering=name
            )
            for name in ("a", "b", "b")
        ]
        ledger.add_entries(connection, entries)
        names: tuple[Dimension, ...] = tuple(DIMENSIONS)
        for name in names:
            found = sorted((row.group[0], row.entries) for row in usage.sums(connection, WHICH, (name,)))
            expected = {"dialect": [("openai-chat", 3)], "operation": [("chat", 3)]}
            assert found == expected.get(name, [("a", 1), ("b", 2)])


def test_sums_of_large_numbers_do_not_overflow(database: Database) -> None:
    entries = [
        make_entry(organisation="o", usage=Usage(input=10**30), cost=Decimal(10**6), total_micros=2**62)
        for _ in range(50)
    ]
    with database.write() as connection:
        ledger.add_entries(connection, entries)
        (row,) = usage.sums(connection, WHICH)
    assert row.tokens["input"] == 50 * 10**12
    assert row.cost == Decimal(50 * 10**6)
