from decimal import Decimal

import msgspec

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
                organisation="o",
                **dict.fromkeys(
                    ("model", "host", "maker", "key", "project", "offering", "user", "route"), name
                ),
            )
            for name in ("a", "b", "b")
        ]
        ledger.add_entries(connection, entries)
        names: tuple[Dimension, ...] = tuple(DIMENSIONS)
        for name in names:
            found = sorted((row.group[0], row.entries) for row in usage.sums(connection, WHICH, (name,)))
            expected = {"dialect": [("openai-chat", 3)], "operation": [("chat", 3)], "purpose": [("", 3)]}
            assert found == expected.get(name, [("a", 1), ("b", 2)])


def test_side_calls_cost_and_are_no_calls_of_callers(database: Database) -> None:
    own = make_entry(organisation="o", cost=Decimal(1), total_micros=5000, usage=Usage(input=3))
    side = [
        make_entry(
            organisation="o",
            purpose=purpose,
            parent=own.id,
            cost=cost,
            status=500,
            total_micros=9_000_000,
            usage=Usage(input=4),
        )
        for purpose, cost in (("judge", Decimal("0.25")), ("shadow", None))
    ]
    with database.write() as connection:
        ledger.add_entries(connection, [own, *side])
        for edge in (None, own.at + 1):  # from sums, and from the entries themselves
            (row,) = usage.sums(connection, msgspec.structs.replace(WHICH, until=edge))
            assert (row.entries, row.failures, row.side, row.priced) == (1, 0, 2, 2)
            assert (row.cost, row.side_cost, row.tokens["input"]) == (Decimal("1.25"), Decimal("0.25"), 11)
            assert (row.total_micros, sum(row.totals.values())) == (5000, 1)
        parts = {part.group[0]: part for part in usage.sums(connection, WHICH, ("purpose",))}
    assert {name: (part.entries, part.side) for name, part in parts.items()} == {
        "": (1, 0),
        "judge": (0, 1),
        "shadow": (0, 1),
    }
    assert parts[""].side_cost is None


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
