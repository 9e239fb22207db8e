import msgspec

from counterpoint.storage import raises
from counterpoint.storage.database import Database
from counterpoint.storage.raises import RaiseRow

ASKED = RaiseRow(
    id="1", limit_id="limit", asked_by="ada", asked_by_id="a", asked_at=1, amount=50, until=None, reason="why"
)


def test_what_is_approved_counts_from_its_beginning_to_its_end(database: Database) -> None:
    with database.write() as connection:
        for number, amount in (("1", 50), ("2", 7), ("3", 1)):
            raises.add(connection, "acme", msgspec.structs.replace(ASKED, id=number, amount=amount))
        assert raises.open_counts(connection, "acme") == {"limit": 3}
        raises.decide(connection, "1", state=raises.APPROVED, since=10, until=20)
        raises.decide(connection, "2", state=raises.APPROVED, since=15, until=None)
        raises.decide(connection, "3", state=raises.REFUSED)
        found = [raises.raised(connection, ["limit", "other"], moment) for moment in (9, 10, 15, 20)]
        assert found == [{}, {"limit": 50}, {"limit": 57}, {"limit": 7}]
        assert raises.open_counts(connection, "acme") == {}
        page = raises.page(connection, "acme", before=None, limit=2)
        assert [row.id for row in page] == ["3", "2"]
        assert raises.find(connection, "elsewhere", "1") is None
