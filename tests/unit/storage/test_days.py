from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import text

from counterpoint.storage import days, exchanges, ledger, usage
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.rollups import DAY
from counterpoint.storage.usage import EntryFilter
from tests.entries import make_entry

WHICH = EntryFilter(organisation="o")


def parts(database: Database) -> set[str]:
    with database.read() as connection:
        listed = (
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_entries'::regclass"
        )
        return {row[0] for row in connection.execute(text(listed))}


def partition(moment: int) -> str:
    return f"ledger_entries_{datetime.fromtimestamp(moment / 1e6, UTC):%Y%m%d}"


def test_days_are_made_ahead_once_and_take_what_lies_in_them(database: Database) -> None:
    now = now_micros()
    ahead = make_entry(organisation="o", at=now + 3 * DAY)
    with database.write() as connection:
        ledger.add_entries(connection, [ahead])  # a clock that is wrong
        made = days.prepare(connection, now)
        assert days.prepare(connection, now) == 0
        assert exchanges.page(connection, WHICH, limit=9) == [ahead]
        if database.is_sqlite:
            assert made == 0
            return
        beyond = connection.execute(text("SELECT COUNT(*) FROM ledger_entries_beyond")).scalar()
        assert beyond == 0
    there = parts(database)
    # Today's own may be there, too: the tables were made yesterday, if midnight was a moment ago.
    assert {partition(now + number * DAY) for number in range(1, days.AHEAD + 1)} <= there
    with database.write() as connection:
        assert days.prepare(connection, now + 20 * DAY) == 20  # it was off for so long
    assert len(parts(database)) == len(there) + 20


def test_old_days_go_and_their_sums_stay(database: Database) -> None:
    now = now_micros()
    entries = [
        make_entry(organisation="o", at=now + number * DAY, cost=Decimal(1)) for number in (-400, 1, 2, 3)
    ]
    with database.write() as connection:
        days.prepare(connection, now)
        ledger.add_entries(connection, entries)
    moment = now + 3 * DAY
    with database.write() as connection:
        days.drop_before(connection, moment)
    with database.read() as connection:
        left = exchanges.page(connection, WHICH, limit=9)
        assert left[0] == entries[-1]
        assert not {entry.id for entry in left} & {entry.id for entry in entries[:2]}
        (row,) = usage.sums(connection, WHICH)
        assert (row.entries, row.cost) == (4, Decimal(4))
    with database.write() as connection:  # and what comes late from so long ago is taken still
        late = make_entry(organisation="o", at=now - 400 * DAY)
        ledger.add_entries(connection, [late])
        assert exchanges.find(connection, "o", late.id) == late
