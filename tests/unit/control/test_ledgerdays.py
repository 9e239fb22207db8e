from counterpoint.control.ledgerdays import LedgerDays
from counterpoint.storage import exchanges, ledger
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.rollups import DAY
from counterpoint.storage.usage import EntryFilter
from tests.entries import make_entry


def test_entries_are_kept_as_long_as_is_said(database: Database) -> None:
    now = now_micros()
    LedgerDays(database, None).tend()
    with database.write() as connection:
        entries = [make_entry(organisation="o", at=now - age * DAY) for age in (400, 0)]
        ledger.add_entries(connection, entries)
    LedgerDays(database, None).tend()
    with database.read() as connection:
        assert len(exchanges.page(connection, EntryFilter(organisation="o"), limit=9)) == 2
    LedgerDays(database, 30 * 86_400).tend()
    with database.read() as connection:
        left = exchanges.page(connection, EntryFilter(organisation="o"), limit=9)
        # On PostgreSQL the first day goes only once all of it is old enough.
        assert entries[1] in left
        assert len(left) == (1 if database.is_sqlite else 2)
