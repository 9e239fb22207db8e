from counterpoint.storage import budget_events
from counterpoint.storage.budget_events import EventRow
from counterpoint.storage.database import Database


def test_a_threshold_of_an_amount_is_claimed_once_a_period(database: Database) -> None:
    row = EventRow("limit", 100, 80, "acme", 150, 80, 100)
    later = EventRow("limit", 200, 80, "acme", 250, 80, 100)
    more = EventRow("limit", 100, 80, "acme", 160, 800, 1000)
    with database.write() as connection:
        found = [budget_events.claim(connection, each) for each in (row, row, later, more)]
        assert found == [True, False, True, True]
        known = budget_events.known(connection, [("limit", 100), ("other", 100)])
    assert known == {("limit", 100, 80, 100), ("limit", 100, 80, 1000)}
