"""Sums say what the entries say, whatever is asked; and two who write at once count everything once."""

import math
import threading
from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.ledger import Entry
from counterpoint.storage import ledger, usage
from counterpoint.storage.database import Database
from counterpoint.storage.latencies import BOUNDS, ERROR, counted, percentiles
from counterpoint.storage.rollups import DAY, HOUR
from counterpoint.storage.tables import ledger_entries, usage_groups, usage_sums
from counterpoint.storage.usage import Dimension, EntryFilter, Period
from tests.entries import make_entry

NAMES = st.sampled_from(["a", "b"])
FIRST, LAST = 20_000 * DAY, 4 * DAY
# Times that are near to where days begin somewhere, and others.
TIMES = st.builds(
    lambda quarters, micros: FIRST + quarters * (HOUR // 4) + micros,
    st.integers(0, LAST * 4 // HOUR - 1),
    st.sampled_from([0, 1, HOUR // 4 - 1]),
) | st.integers(FIRST, FIRST + LAST)
SOME = st.builds(
    make_entry,
    organisation=st.sampled_from(["o", "", "other"]),
    at=TIMES,
    model=NAMES,
    key=NAMES,
    currency=st.sampled_from(["USD", "EUR"]),
    status=st.sampled_from([200, 500]),
    failure=st.sampled_from([None, "broken"]),
    usage=st.builds(Usage, input=st.integers(0, 10**6), reported=st.booleans()),
    cost=st.none() | st.decimals(0, 10**6, places=12),
    first_event_micros=st.none() | st.integers(0, BOUNDS[-1]),
    total_micros=st.integers(0, BOUNDS[-1]),
)
OFFSETS = st.integers(-24, 24).map(lambda hours: hours * HOUR) | st.sampled_from(
    [HOUR // 2, 11 * HOUR // 2, 23 * HOUR // 4, -7 * HOUR // 2]
)
PERIODS: tuple[Period | None, ...] = (None, "hour", "day")
LENGTH = {"hour": HOUR, "day": DAY}


def told(
    entries: list[Entry], which: EntryFilter, by: tuple[Dimension, ...], period: Period | None, offset: int
) -> dict[Any, list[Entry]]:
    """The entries that count, by time, group and currency."""
    found: dict[Any, list[Entry]] = defaultdict(list)
    for entry in entries:
        failed = entry.status >= 400 or entry.failure is not None
        if (
            entry.organisation in {which.organisation, ""}
            and (which.since is None or entry.at >= which.since)
            and (which.until is None or entry.at < which.until)
            and which.failed in {None, failed}
            and all(getattr(entry, name) in values for name, values in which.only.items())
        ):
            at = entry.at - (entry.at + offset) % LENGTH[period] if period else None
            found[at, tuple(getattr(entry, name) for name in by), entry.currency].append(entry)
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(SOME, max_size=14),
    since=st.none() | TIMES,
    until=st.none() | TIMES,
    by=st.sampled_from([(), ("model",), ("model", "key")]),
    period=st.sampled_from(PERIODS),
    offset=OFFSETS,
    failed=st.sampled_from([None, True, False]),
    only=st.sampled_from([{}, {"model": ("a",)}]),
)
def test_sums_say_what_the_entries_say(  # noqa: PLR0917 - each is drawn
    database: Database,
    entries: list[Entry],
    since: int | None,
    until: int | None,
    by: tuple[Dimension, ...],
    period: Period | None,
    offset: int,
    failed: bool | None,
    only: dict[Dimension, tuple[str, ...]],
) -> None:
    which = EntryFilter(organisation="o", since=since, until=until, failed=failed, only=only)
    with database.write() as connection:
        for table in (ledger_entries, usage_sums, usage_groups):
            connection.execute(table.delete())
        ledger.add_entries(connection, entries[:5])
        ledger.add_entries(connection, entries)  # the first five come again, and count once
        found = usage.sums(connection, which, by, period, offset)
    expected = told(entries, which, by, period, offset)
    assert {(row.at, row.group, row.currency) for row in found} == set(expected)
    for row in found:
        mine = expected[row.at, row.group, row.currency]
        costs = [entry.cost for entry in mine if entry.cost is not None]
        firsts = [entry.first_event_micros for entry in mine if entry.first_event_micros is not None]
        assert row.entries == len(mine)
        assert row.failures == sum(entry.status >= 400 or entry.failure is not None for entry in mine)
        assert row.unreported == sum(not entry.usage.reported for entry in mine)
        assert row.tokens["input"] == sum(entry.usage.input for entry in mine)
        assert (row.priced, row.cost) == (len(costs), sum(costs) if costs else None)
        assert row.total_micros == sum(entry.total_micros for entry in mine)
        assert (row.first_events, row.first_event_micros) == (len(firsts), sum(firsts))
        assert row.totals == counted(entry.total_micros for entry in mine)
        assert row.firsts == counted(firsts)
        exact = sorted(entry.total_micros for entry in mine)[math.ceil(0.95 * len(mine)) - 1]
        (estimate,) = percentiles(row.totals, [0.95])
        assert estimate is not None
        assert abs(estimate - exact) <= max(ERROR * exact, BOUNDS[0])


def test_the_dearest_hours_stay_exact(database: Database) -> None:
    entries = [make_entry(organisation="o", cost=Decimal("999999.999999999999")) for _ in range(30)]
    with database.write() as connection:
        ledger.add_entries(connection, entries)
        (row,) = usage.sums(connection, EntryFilter(organisation="o"))
    assert row.cost == 30 * Decimal("999999.999999999999")


def test_names_of_any_length_are_counted_and_told_apart(database: Database) -> None:
    long = ["x" * 5000 + end for end in ("a", "b")]
    with database.write() as connection:
        ledger.add_entries(connection, [make_entry(organisation="o", model=name, host=name) for name in long])
        which = EntryFilter(organisation="o", only={"model": (long[0],)})
        (row,) = usage.sums(connection, which, ("model",))
    assert (row.entries, row.group) == (1, (long[0],))


def test_two_who_write_the_same_groups_at_once_count_everything(database: Database) -> None:
    """Neither waits for the other in a circle, and both give a group the same number."""
    started = threading.Barrier(4)
    raised: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(8):
                names = [f"m{turn}-{name}" for name in range(12)]
                if number % 2:
                    names.reverse()
                entries = [make_entry(organisation="o", at=HOUR * turn, model=name) for name in names]
                started.wait(30)
                with database.write() as connection:
                    ledger.add_entries(connection, entries)
        except BaseException as error:  # noqa: BLE001 - it is raised below, in the test's own thread
            raised.append(error)
            started.abort()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    with database.read() as connection:
        found = usage.sums(connection, EntryFilter(organisation="o"), ("model",))
    assert len(found) == 8 * 12
    assert {row.entries for row in found} == {4}


def test_two_who_ship_the_same_entries_at_once_count_them_once(database: Database) -> None:
    entries = [make_entry(organisation="o", model=f"m{number % 5}") for number in range(50)]
    raised: list[BaseException] = []

    def write() -> None:
        try:
            with database.write() as connection:
                ledger.add_entries(connection, entries)
        except BaseException as error:  # noqa: BLE001 - it is raised below, in the test's own thread
            raised.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    with database.read() as connection:
        (row,) = usage.sums(connection, EntryFilter(organisation="o"))
    assert row.entries == 50
