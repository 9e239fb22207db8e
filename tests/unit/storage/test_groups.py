from counterpoint.storage import accounts, groups, organisations
from counterpoint.storage.database import Database


def test_people_come_and_go(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "o").id
        ada, bob = (
            accounts.add(
                connection,
                organisation_id=organisation,
                login=name,
                name=name,
                role="user",
                password_hash=None,
            )
            for name in ("ada", "bob")
        )
        finance = groups.add(connection, organisation, "Finance")
        assert groups.by_name(connection, organisation, "Finance") == finance
        assert groups.by_id(connection, "another", finance.id) is None
        groups.put_members(connection, finance.id, [ada.id, bob.id, ada.id])
        groups.put_members(connection, finance.id, [bob.id])
        assert [member.login for member in groups.members(connection, [finance.id])] == ["bob"]
        assert groups.of_account(connection, bob.id) == [finance.id]
        groups.change(connection, finance.id, name="Money")
        assert [(row.name, row.revision) for row in groups.listed(connection, organisation)] == [("Money", 2)]


def test_neither_an_account_nor_a_group_leaves_members_behind(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "o").id
        ada = accounts.add(
            connection, organisation_id=organisation, login="ada", name="ada", role="user", password_hash=None
        )
        first, second = (groups.add(connection, organisation, name) for name in ("1", "2"))
        for group in (first, second):
            groups.put_members(connection, group.id, [ada.id])
        groups.remove(connection, first.id)
        assert groups.of_account(connection, ada.id) == [second.id]
        accounts.remove(connection, ada.id)
        assert groups.members(connection, [first.id, second.id]) == []
