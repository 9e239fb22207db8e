from counterpoint.storage import organisations, receipts
from counterpoint.storage.database import Database
from counterpoint.storage.receipts import ReceiptRow


def test_receipts_are_kept_and_found_newest_first(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "o").id
        rows = [
            ReceiptRow(str(number), organisation, account, number, "why?", {"a": [number]}, [{"b": "c"}])
            for number, account in enumerate(("ada", "bob", "ada"))
        ]
        for row in rows:
            receipts.add(connection, row)
        assert receipts.by_id(connection, organisation, "1") == rows[1]
        assert receipts.by_id(connection, "another", "1") is None
        of_ada = receipts.page(connection, organisation, account_id="ada", before=None, limit=10)
        assert [row.id for row in of_ada] == ["2", "0"]
        older = receipts.page(connection, organisation, account_id=None, before="2", limit=1)
        assert [row.id for row in older] == ["1"]
