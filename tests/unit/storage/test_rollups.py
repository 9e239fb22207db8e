"""The sums by hour say what the entries say, whatever is asked."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.ledger import Entry
from counterpoint.storage import ledger, usage
from counterpoint.storage.database import Database
from counterpoint.storage.rollups import HOUR
from counterpoint.storage.tables import ledger_entries, usage_hours
from counterpoint.storage.usage import Dimension, EntryFilter, Sums
from tests.entries import make_entry

NAMES = st.sampled_from(["a", "b"])
SOME = st.builds(
    make_entry,
    organisation=st.sampled_from(["o", ""]),
    at=st.integers(0, 4 * HOUR),
    model=NAMES,
    key=NAMES,
    currency=st.sampled_from(["USD", "EUR"]),
    status=st.sampled_from([200, 500]),
    usage=st.builds(Usage, input=st.integers(0, 10**6), reported=st.booleans()),
    cost=st.none() | st.decimals(0, 10**6, places=12),
    first_event_micros=st.none() | st.integers(0, 10**9),
    total_micros=st.integers(0, 10**9),
)
MOMENTS = st.none() | st.integers(0, 4 * HOUR) | st.sampled_from([HOUR, 2 * HOUR])


def together(parts: list[Sums]) -> dict[object, list[object]]:
    """By group; whatever came in parts, added up."""
    found: dict[object, list[object]] = {}
    for part in parts:
        mine = (
            part.entries,
            part.failures,
            part.priced,
            part.unreported,
            part.tokens["input"],
            part.cost or Decimal(0),
            part.total_micros,
            part.first_events,
            part.first_event_micros,
        )
        key = (part.at, part.group, part.currency)
        before = found.get(key)
        found[key] = [*mine] if before is None else [a + b for a, b in zip(before, mine, strict=True)]  # type: ignore[operator]  # numbers
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(SOME, max_size=12),
    since=MOMENTS,
    until=MOMENTS,
    by=st.sampled_from([(), ("model",), ("model", "key")]),
    period=st.sampled_from([None, HOUR, 24 * HOUR]),
    offset=st.sampled_from([0, HOUR, HOUR // 2]),
    failed=st.sampled_from([None, True, False]),
    only=st.sampled_from([{}, {"model": ("a",)}]),
)
def test_hours_and_entries_say_the_same(  # noqa: PLR0917 - each is drawn
    database: Database,
    entries: list[Entry],
    since: int | None,
    until: int | None,
    by: tuple[Dimension, ...],
    period: int | None,
    offset: int,
    failed: bool | None,
    only: dict[Dimension, tuple[str, ...]],
) -> None:
    which = EntryFilter(organisation="o", since=since, until=until, failed=failed, only=only)
    with database.write() as connection:
        for table in (ledger_entries, usage_hours):
            connection.execute(table.delete())
        ledger.add_entries(connection, entries[:5])
        ledger.add_entries(connection, entries)  # the first five come again, and count once
        found = usage.sums(connection, which, by, period, offset)
        assert together(found) == together(usage._entry_sums(connection, which, by, period, offset))


def test_the_dearest_hours_stay_exact(database: Database) -> None:
    entries = [make_entry(organisation="o", cost=Decimal("999999.999999999999")) for _ in range(30)]
    with database.write() as connection:
        ledger.add_entries(connection, entries)
        (row,) = usage.sums(connection, EntryFilter(organisation="o"))
    assert row.cost == 30 * Decimal("999999.999999999999")


def test_names_of_any_length_are_counted(database: Database) -> None:
    with database.write() as connection:
        ledger.add_entries(connection, [make_entry(organisation="o", model="x" * 5000)])
        which = EntryFilter(organisation="o", only={"model": ("x" * 5000,)})
        (row,) = usage.sums(connection, which, ("model",))
    assert row.entries == 1
