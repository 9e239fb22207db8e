import threading
from datetime import timedelta

from counterpoint.control.signin import SignIn
from counterpoint.storage.database import Database


def test_a_link_opens_one_session(database: Database) -> None:
    sign_in = SignIn(database)
    token = sign_in.new_link()
    session = sign_in.redeem(token)
    assert session is not None
    assert sign_in.is_valid(session)
    assert not sign_in.is_valid(token)
    assert sign_in.redeem(token) is None
    sign_in.end(session)
    assert not sign_in.is_valid(session)


def test_old_and_foreign_links_open_nothing(database: Database) -> None:
    sign_in = SignIn(database)
    assert sign_in.redeem(sign_in.new_link(life=timedelta())) is None
    for token in ("", "guess", "\ud800"):
        assert sign_in.redeem(token) is None
        assert not sign_in.is_valid(token)


def test_a_session_ends_by_itself(database: Database) -> None:
    sign_in = SignIn(database)
    session = sign_in.redeem(sign_in.new_link(), life=timedelta())
    assert session is not None
    assert not sign_in.is_valid(session)


def test_of_two_who_follow_a_link_at_once_one_gets_in(database: Database) -> None:
    sign_in = SignIn(database)
    token = sign_in.new_link()
    sessions: list[str | None] = []
    threads = [threading.Thread(target=lambda: sessions.append(sign_in.redeem(token))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(session is not None for session in sessions) == 1


def test_secrets_are_not_stored(database: Database) -> None:
    sign_in = SignIn(database)
    token = sign_in.new_link()
    session = sign_in.redeem(token)
    with database.read() as connection:
        rows = [
            connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in ("sessions", "signin_links")
        ]
    assert session is not None
    assert token not in repr(rows)
    assert session not in repr(rows)
