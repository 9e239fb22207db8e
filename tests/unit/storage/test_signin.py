from counterpoint.storage import signin
from counterpoint.storage.database import Database

LINK, SESSION = b"l" * 32, b"s" * 32


def test_a_link_is_used_once_before_it_ends(database: Database) -> None:
    with database.write() as connection:
        signin.add_link(connection, LINK, 10, 20)
        assert not signin.use_link(connection, b"x" * 32, 11)
        assert not signin.use_link(connection, LINK, 20)
        assert signin.use_link(connection, LINK, 19)
        assert not signin.use_link(connection, LINK, 19)


def test_a_session_is_open_until_it_ends(database: Database) -> None:
    with database.write() as connection:
        signin.add_session(connection, SESSION, 10, 20)
        assert signin.session_is_open(connection, SESSION, 19)
        assert not signin.session_is_open(connection, SESSION, 20)
        signin.end_session(connection, SESSION)
        assert not signin.session_is_open(connection, SESSION, 19)


def test_what_has_ended_is_forgotten(database: Database) -> None:
    with database.write() as connection:
        signin.add_link(connection, LINK, 10, 20)
        signin.add_session(connection, SESSION, 10, 20)
        signin.add_link(connection, b"n" * 32, 20, 30)
        assert not signin.use_link(connection, LINK, 11)
        assert not signin.session_is_open(connection, SESSION, 11)
