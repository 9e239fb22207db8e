from counterpoint.storage import accounts, organisations
from counterpoint.storage.accounts import AccountRow
from counterpoint.storage.database import Database


def test_an_account_is_found_changed_and_removed(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "o").id

        def add(login: str, role: str) -> AccountRow:
            return accounts.add(
                connection,
                organisation_id=organisation,
                login=login,
                name=login.title(),
                role=role,
                password_hash=None,
            )

        ada, bob = add("ada", "owner"), add("bob_50%", "user")
        assert accounts.by_login(connection, organisation, "ada") == ada
        assert accounts.by_id(connection, bob.id) == bob
        assert accounts.count(connection, organisation) == 2
        assert [row.id for row in accounts.owners(connection, organisation, lock=True)] == [ada.id]
        accounts.change(connection, bob.id, role="owner", disabled_at=1)
        changed = accounts.by_id(connection, bob.id)
        assert changed is not None
        assert (changed.role, changed.revision) == ("owner", 2)
        assert len(accounts.owners(connection, organisation)) == 1

        def page(role: str | None = None, words: str = "", before: str | None = None) -> list[str]:
            rows = accounts.page(
                connection,
                organisation_id=organisation,
                role=role,
                words=words,
                before=before,
                limit=5,
            )
            return [row.login for row in rows]

        assert page() == ["bob_50%", "ada"]
        assert page(words="B_5") == ["bob_50%"]
        assert page(words="%%") == []
        assert page(before=bob.id) == ["ada"]
        assert page(role="user") == []
        accounts.remove(connection, bob.id)
        assert accounts.by_id(connection, bob.id) is None


def test_ids_by_login(database: Database) -> None:
    with database.write() as connection:
        one, other = (organisations.add_organisation(connection, name).id for name in ("one", "other"))
        made = {
            login: accounts.add(
                connection, organisation_id=one, login=login, name="", role="member", password_hash=None
            ).id
            for login in ("a@example.com", "b@example.com")
        }
        assert accounts.logins(connection, one) == made
        assert accounts.logins(connection, other) == {}
