"""A page has the entries that it would have if each entry of the ledger were looked at."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoint.ledger import Entry
from counterpoint.storage import exchanges, ledger
from counterpoint.storage.database import Database
from counterpoint.storage.rollups import DAY, HOUR
from counterpoint.storage.tables import ledger_entries, usage_groups, usage_sums
from counterpoint.storage.usage import Dimension, EntryFilter
from tests.entries import make_entry

WHICH = EntryFilter(organisation="o")
TIMES = st.integers(0, 3 * DAY) | st.sampled_from([0, HOUR, DAY, 2 * DAY, DAY - 1])
SOME = st.builds(
    make_entry,
    organisation=st.sampled_from(["o", "", "other"]),
    at=TIMES,
    model=st.sampled_from(["a", "b", "c"]),
    status=st.sampled_from([200, 500]),
)


def test_entries_of_the_same_moment_are_paged_by_id(database: Database) -> None:
    entries = [make_entry(organisation="o", at=5) for _ in range(3)]
    with database.write() as connection:
        ledger.add_entries(connection, entries)
        for newest_first in (True, False):
            first = exchanges.page(connection, WHICH, limit=2, newest_first=newest_first)
            rest = exchanges.page(
                connection, WHICH, beyond=(5, first[-1].id), limit=2, newest_first=newest_first
            )
            assert first + rest == (entries[::-1] if newest_first else entries)


def test_a_page_that_ended_where_a_day_begins_or_ends_is_not_the_last(database: Database) -> None:
    times = [0, DAY - 1, DAY, 2 * DAY]
    entries = [make_entry(organisation="o", at=at, model="a") for at in times]
    which = EntryFilter(organisation="o", only={"model": ("a",)})
    with database.write() as connection:
        ledger.add_entries(connection, [*entries, make_entry(organisation="o", model="b")])
        for ordered, newest_first in ((entries, False), (entries[::-1], True)):
            for one, next_one in pairwise(ordered):
                beyond = (one.at, one.id)
                found = exchanges.page(connection, which, beyond=beyond, limit=1, newest_first=newest_first)
                assert found == [next_one]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(SOME, max_size=20),
    since=st.none() | TIMES,
    until=st.none() | TIMES,
    failed=st.sampled_from([None, True]),
    only=st.sampled_from([{}, {"model": ("a",)}, {"model": ("a", "c")}, {"model": ("none",)}]),
    limit=st.integers(1, 5),
    newest_first=st.booleans(),
)
def test_pages_show_what_counts_in_order(  # noqa: PLR0917 - each is drawn
    database: Database,
    entries: list[Entry],
    since: int | None,
    until: int | None,
    failed: bool | None,
    only: dict[Dimension, tuple[str, ...]],
    limit: int,
    newest_first: bool,
) -> None:
    which = EntryFilter(organisation="o", since=since, until=until, failed=failed, only=only)
    expected = [
        entry
        for entry in sorted(entries, key=lambda each: (each.at, each.id), reverse=newest_first)
        if entry.organisation in {"o", ""}
        and (since is None or entry.at >= since)
        and (until is None or entry.at < until)
        and (failed is None or entry.status == 500)
        and (not only or entry.model in only["model"])
    ]
    with database.write() as connection:
        for table in (ledger_entries, usage_sums, usage_groups):
            connection.execute(table.delete())
        ledger.add_entries(connection, entries)
        seen: list[Entry] = []
        beyond = None
        while found := exchanges.page(
            connection, which, beyond=beyond, limit=limit, newest_first=newest_first
        ):
            seen += found
            beyond = (found[-1].at, found[-1].id)
    assert seen == expected


def test_what_many_match_is_found_among_more(database: Database) -> None:
    """Where there are many, they are looked for by time, from where the newest are."""
    entries = [
        make_entry(organisation="o", at=at, model="old" if at < 3 * HOUR else "new")
        for at in range(0, 40 * HOUR, HOUR // 900)
    ]
    with database.write() as connection:
        ledger.add_entries(connection, entries)
        old = [entry for entry in entries if entry.model == "old"]
        which = EntryFilter(organisation="o", only={"model": ("old",)})
        assert exchanges.page(connection, which, limit=3) == old[:-4:-1]
        assert exchanges.page(connection, which, limit=3, newest_first=False) == old[:3]
        assert exchanges.find(connection, "o", old[0].id) == old[0]
        assert exchanges.find(connection, "o", "absent") is None
