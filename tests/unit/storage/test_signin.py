from counterpoint.storage import accounts, organisations, signin
from counterpoint.storage.database import Database


def test_a_link_is_used_once_and_tells_whose_it_is(database: Database) -> None:
    with database.write() as connection:
        signin.add_link(connection, b"1" * 32, 1, 100, "ada")
        assert signin.use_link(connection, b"1" * 32, 100) is None
        assert signin.use_link(connection, b"1" * 32, 99) == signin.LinkRow("ada")
        assert signin.use_link(connection, b"1" * 32, 99) is None
        signin.add_link(connection, b"2" * 32, 1, 100, "ada")
        signin.drop_links(connection, "ada")
        assert signin.use_link(connection, b"2" * 32, 99) is None


def test_a_session_ends_by_time_by_idleness_and_with_the_others(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "o").id
        ada = accounts.add(
            connection, organisation_id=organisation, login="ada", name="A", role="user", password_hash=None
        ).id
        for number in (1, 2, 3):
            signin.add_session(connection, bytes([number]) * 32, 10, 100, account_id=ada)

        def is_open(number: int, now: int = 50, idle_since: int = 5) -> bool:
            return signin.find_session(connection, bytes([number]) * 32, now, idle_since) is not None

        assert is_open(1)
        assert not is_open(1, now=100)
        assert not is_open(1, idle_since=10)
        signin.touch_session(connection, b"\1" * 32, 20)
        assert is_open(1, idle_since=10)
        signin.end_session(connection, b"\1" * 32)
        assert not is_open(1)
        assert signin.end_sessions(connection, ada, keep=b"\2" * 32) == 1
        assert is_open(2)
        assert signin.end_sessions(connection, None) == 0
